/** Genuine deliveries in the forms they come in: each has to be taken. */
import { setJson } from '../events/json-text.js';
import { headerValue, replaceHeaders } from '../http/headers.js';
import type { OutgoingRequest } from '../http/message.js';
import { objectionTo } from '../providers/challenge.js';
import type { SendOutcome } from '../send.js';
import { carriesSeveral } from '../signature/carrier.js';
import { pathOf } from '../signature/content.js';
import { type Bench, isMisfit, isTaken } from './bench.js';
import { footingOf } from './footing.js';
import { judgeTaken, saidOf } from './judge.js';
import { type Check, type Finding, fail, pass, skip, warn } from './model.js';
import { sendUnknownField } from './raw-body.js';

const NOT_TOLD = 'It refuses every delivery, so that this cannot be told.';

/** A check of a delivery that differs from one that is known to be taken in one respect. */
async function likeTheOthers(bench: Bench, send: () => Promise<Finding>): Promise<Finding> {
  const { kind } = await footingOf(bench);
  return kind === 'none' || kind === 'otherwise_signed' ? skip(NOT_TOLD) : send();
}

export const accepts: readonly Check[] = [
  {
    id: 'accepts.signed',
    title: 'a delivery, rightly signed',
    why: 'What the provider sends has to be taken, or it is sent again and given up in the end.',
    fix: 'Check the path, the secret, and that the signature is computed over the raw bytes of the body.',
    async run(bench) {
      const { answer, cause } = await footingOf(bench);
      const finding = judgeTaken(bench, answer);
      if (isTaken(answer)) return judgeStatus(bench, answer) ?? finding;
      if (cause !== null) return fail(`${finding.message} ${cause.message}`, cause.hint);
      return fail(finding.message, hintFor(answer));
    },
  },
  {
    id: 'accepts.events',
    title: 'each event type',
    why: 'A provider takes any refusal for a failure: an event that is of no use is answered 2xx and dropped.',
    fix: 'Answer 2xx to every event whose signature is right, also to those you do nothing with.',
    run: (bench) => likeTheOthers(bench, () => everyEvent(bench)),
  },
  {
    id: 'accepts.lower_case_headers',
    title: 'header names in lower case',
    why: 'HTTP/2 and most proxies write them so.',
    fix: "Look headers up without regard to case: request.headers['x-…'] in Node, request.headers.get('X-…') elsewhere.",
    run: (bench) =>
      likeTheOthers(bench, async () => {
        const request = bench.right();
        const headers = request.headers.map(([name, value]) => [name.toLowerCase(), value] as const);
        return judgeTaken(bench, await bench.deliver({ ...request, headers }));
      }),
  },
  {
    id: 'accepts.charset',
    title: 'a content type with charset=utf-8',
    why: 'It means the same, and some senders and proxies write it.',
    fix: "Compare only what stands before the ';', and let the raw body parser take every type.",
    run: (bench) =>
      likeTheOthers(bench, async () => {
        const request = bench.right();
        const type = headerValue(request.headers, 'content-type') ?? bench.provider.contentType;
        if (/charset/i.test(type)) return pass('It comes with one anyway.');
        const headers = replaceHeaders(request.headers, [['Content-Type', `${type}; charset=utf-8`]]);
        return judgeTaken(bench, await bench.deliver({ ...request, headers }));
      }),
  },
  {
    id: 'accepts.unknown_field',
    title: 'a field that is not known',
    why: 'Providers add fields without notice.',
    fix: 'Let your schema ignore what it does not know.',
    run: (bench) =>
      likeTheOthers(bench, async () => {
        const answer = await sendUnknownField(bench);
        return answer === null ? skip('The payload has no place for one.') : judgeTaken(bench, answer);
      }),
  },
  {
    id: 'accepts.unknown_event',
    title: 'an event type that is not known',
    why: 'Providers add event types; where all are sent, a refusal counts against the endpoint.',
    fix: 'Answer 2xx to events you do not know, and drop them.',
    run: (bench) =>
      likeTheOthers(bench, async () => {
        const request = unknownEvent(bench);
        if (request === null) return skip('Its event type does not stand in one place.');
        const answer = await bench.deliver(request);
        return isTaken(answer) ? judgeTaken(bench, answer) : warn(`${saidOf(bench, answer)}.`);
      }),
  },
  {
    id: 'accepts.rotation',
    title: 'two signatures, while the secret is changed',
    why: 'During a rotation the provider signs with the old and the new secret; any of the signatures may be the right one.',
    fix: 'Go through all signatures of the header and take the delivery where one of them matches.',
    run: (bench) =>
      likeTheOthers(bench, async () => {
        const { otherSecret, secret } = bench.options;
        const several = bench.provider.schemes.some((scheme) => scheme.sends && carriesSeveral(scheme));
        if (!several || otherSecret === null || secret === null) return skip('The provider writes one signature.');
        const request = bench.signedAnew(bench.right(), { secrets: [otherSecret, secret] });
        return judgeTaken(bench, await bench.deliver(request));
      }),
  },
  {
    id: 'accepts.challenge',
    title: 'the challenge that finds out who owns the URL',
    why: 'The provider sends nothing to a URL that has not passed it, and some repeat it.',
    fix: 'Answer it exactly as the provider documents; webhook listen shows how.',
    run: meetChallenges,
  },
];

async function meetChallenges(bench: Bench): Promise<Finding> {
  const { challenges, verifyTokens, outside } = bench.options;
  if (challenges.length === 0) return skip(`${bench.provider.title} sends none.`);
  for (const { challenge, sample } of challenges) {
    const sent = bench.asSent({ sample: { event: challenge.name, sample }, unsigned: !challenge.signed });
    const fresh = Buffer.from(outside.random(16)).toString('hex');
    const request = challenge.prepare?.(sent, { verifyToken: verifyTokens[0] ?? null, fresh }) ?? sent;
    const answer = await bench.send(request);
    if (answer.outcome === 'failed') return fail(`${saidOf(bench, answer)}.`);
    const input = {
      request: { ...request, path: pathOf(request.url) },
      reader: bench.read(request),
      secrets: bench.secrets,
      verdict: bench.verdictOn(request),
      verifyTokens,
    };
    const objection = objectionTo(challenge, answer, input);
    if (objection === null) continue;
    if (challenge.secretAt === undefined || verifyTokens.length > 0) return fail(`${challenge.name}: ${objection}.`);
    return warn(
      `${challenge.name}: ${objection}.`,
      'If the app expects a token that was agreed on, give it with --verify-token.',
    );
  }
  return pass(`It answered ${challenges.map(({ challenge }) => challenge.name).join(' and ')} as it should.`);
}

/** Null: the status is one that the provider counts as delivered. */
function judgeStatus(bench: Bench, answer: SendOutcome): Finding | null {
  const { success, title } = bench.provider;
  if (answer.outcome === 'failed' || success === '2xx') return null;
  if (
    success.split(',').some((part) => (part.endsWith('xx') ? `${answer.status}`[0] === part[0] : Number(part) === answer.status))
  ) {
    return null;
  }
  return warn(`${saidOf(bench, answer, false)}; ${title} asks for ${success}.`, `Answer ${success}.`);
}

function hintFor(answer: SendOutcome): string {
  if (answer.outcome === 'failed') {
    if (answer.reason === 'timeout') return 'Answer first, and do the work afterwards.';
    return 'Start the app, and check host and port; --wait 30s waits for it.';
  }
  switch (answer.status) {
    case 404:
    case 405:
      return 'Check the path of the URL, and that the route takes POST.';
    case 400:
    case 401:
    case 403:
      return 'Check that the app has the secret that is used here, and that it verifies the raw bytes of the body.';
    case 413:
    case 415:
      return 'Let the route take this content type, and bodies of at least 1 MB.';
    default:
      if (answer.status >= 500) return 'Look at the app’s log: it failed.';
      if (answer.status >= 300 && answer.status < 400) return 'Give the URL that answers itself: no provider follows a redirect.';
      return 'If the app needs other values in the payload, set them: --set data.order.id=77, or choose the event: --event.';
  }
}

async function everyEvent(bench: Bench): Promise<Finding> {
  const { samples } = bench.options;
  const refused: string[] = [];
  let tried = 0;
  for (const sample of samples) {
    if (bench.timeIsUp) break;
    const answer = await bench.deliver(bench.right({ sample }));
    tried++;
    if (!isTaken(answer)) {
      bench.refusedEvents.add(sample.event);
      refused.push(`${sample.event} (${answer.outcome === 'failed' ? answer.reason : answer.status})`);
    }
    if (!(await bench.stillThere())) break;
  }
  const all = samples.length === 1 ? 'the one event' : `all ${samples.length} events`;
  if (refused.length > 0) {
    const shown = refused.slice(0, 8).join(', ') + (refused.length > 8 ? ` and ${refused.length - 8} more` : '');
    return fail(`It refused ${refused.length} of ${tried} events: ${shown}.`);
  }
  return tried < samples.length
    ? warn(`It took the first ${tried} of ${samples.length} events; then time was up.`)
    : pass(`It took ${all}.`);
}

/** A delivery of an event that the provider does not have; null where its name stands in no one place. */
function unknownEvent(bench: Bench): OutgoingRequest | null {
  const { provider } = bench;
  const place = provider.event.find((expression) => /^(header:|body:\/)/.test(expression));
  if (place === undefined) return null;
  const name = `webhook.check.unknown_event`;
  let request: OutgoingRequest;
  try {
    request = bench.right({ event: name });
  } catch (error) {
    if (isMisfit(error)) return null;
    throw error;
  }
  if (!place.startsWith('body:')) return bench.read(request).evaluate([place]) === name ? request : null;
  try {
    return bench.signedAnew(request, { body: setJson(request.body, place.slice('body:'.length), JSON.stringify(name)) });
  } catch {
    return null;
  }
}
