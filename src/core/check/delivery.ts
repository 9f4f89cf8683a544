/** What comes with the way deliveries come: twice, out of order, many at once, large. */
import type { OutgoingRequest } from '../http/message.js';
import type { SendOutcome } from '../send.js';
import { formatDuration } from '../units.js';
import { type Bench, CONNECTIONS, isMisfit, isTaken } from './bench.js';
import { footingOf } from './footing.js';
import { judgeTaken, saidOf } from './judge.js';
import { type Check, type Finding, fail, pass, skip, warn } from './model.js';
import { addMember } from './variants.js';

const PARALLEL = 20;
const BURST = 200;
const LARGE = 1_000_000;
/** How many answers make a measure. */
const MEASURED = 5;
/** What providers wait that do not say; the measure of a slow answer then. */
const USUAL_TIMEOUT_MS = 10_000;

async function needsFooting(bench: Bench, run: () => Promise<Finding>): Promise<Finding> {
  const { kind } = await footingOf(bench);
  return kind === 'none' || kind === 'otherwise_signed' ? skip('It refuses every delivery, so that this cannot be told.') : run();
}

export const delivery: readonly Check[] = [
  {
    id: 'delivery.duplicate',
    title: 'the same delivery twice',
    why: 'Providers send again what they got no answer to in time, also where it was taken: the second one has to be answered 2xx as well.',
    fix: 'Remember the ids of what you have processed; where one comes again, answer 2xx and do nothing.',
    run: (bench) =>
      needsFooting(bench, async () => {
        const request = bench.right();
        const first = await bench.deliver(request);
        if (!isTaken(first)) return fail(`The first: ${saidOf(bench, first)}.`);
        const second = await bench.deliver(again(bench, request));
        return isTaken(second) ? pass('Both were taken.') : fail(`The second: ${saidOf(bench, second)}.`);
      }),
  },
  {
    id: 'delivery.out_of_order',
    title: 'deliveries out of order',
    why: 'No provider promises an order: what happened later may come first.',
    fix: 'Take what you cannot place yet, and sort by the time in the payload, not by arrival.',
    run: (bench) =>
      needsFooting(bench, async () => {
        const requests = newestFirst(bench);
        for (const [index, request] of requests.entries()) {
          const answer = await bench.deliver(request);
          if (!isTaken(answer))
            return fail(`Number ${requests.length - index} of ${requests.length}, sent backwards: ${saidOf(bench, answer)}.`);
        }
        return pass(`${requests.length} sent backwards were taken.`);
      }),
  },
  {
    id: 'delivery.keep_alive',
    title: 'several deliveries over one connection',
    why: 'Providers keep connections; what one request leaves unread spoils the next.',
    fix: 'Read or discard the whole body before answering, also of what you refuse.',
    run: (bench) =>
      needsFooting(bench, async () => {
        const unsigned = { ...bench.right(), headers: [['Content-Type', 'application/json'] as const], body: Buffer.from('{}') };
        const mixed = await bench.inARow([bench.right(), unsigned, bench.right()]);
        const spoilt = [mixed.answers[0], mixed.answers[2]].find((answer) => answer !== undefined && !isTaken(answer));
        if (spoilt !== undefined) return fail(`Around a refused one: ${saidOf(bench, spoilt)}.`);
        const { answers, opened } = await bench.inARow([bench.right(), bench.right(), bench.right()]);
        const lost = answers.find((answer) => !isTaken(answer));
        if (lost !== undefined) return fail(`${saidOf(bench, lost)}.`);
        return opened === 1
          ? pass('3 were taken over one connection.')
          : warn(
              'It closes the connection after each answer, so that each delivery needs another.',
              'Let connections be kept (Connection: keep-alive).',
            );
      }),
  },
  {
    id: 'delivery.large',
    title: 'a body of 1 MB',
    why: 'Some orders are large; the limit of a body parser is often 100 kB.',
    fix: 'Raise the limit of the body parser, or refuse with 413.',
    run: (bench) =>
      needsFooting(bench, async () => {
        const genuine = bench.right();
        const body = addMember(genuine.body, JSON.stringify('x'.repeat(LARGE)));
        if (body === null) return skip('The payload has no place for more.');
        const answer = await bench.send(bench.signedAnew(genuine, { body }));
        if (answer.outcome === 'responded' && answer.status === 413) return pass('It answered 413, which says what is wrong.');
        if (answer.outcome === 'failed' && answer.reason === 'reset') {
          return warn(
            `${saidOf(bench, answer)}; 413 would say why.`,
            'Answer 413 and let the sender finish, or raise the limit.',
          );
        }
        return judgeTaken(bench, answer);
      }),
  },
  {
    id: 'delivery.time',
    title: 'answers in time',
    why: 'Past its timeout the provider counts a delivery as failed and sends it again.',
    fix: 'Verify, put the event in a queue, answer, and work afterwards.',
    run: (bench) =>
      needsFooting(bench, async () => {
        while (bench.takenMs.length < MEASURED) {
          const answer = await bench.deliver(bench.right());
          if (!isTaken(answer)) return fail(`${saidOf(bench, answer)}.`);
        }
        return judgeTime(bench);
      }),
  },
  {
    id: 'delivery.parallel',
    title: `${PARALLEL} deliveries at once`,
    why: 'An import or a busy day makes many events in the same moment.',
    fix: 'Keep nothing of one request where another finds it, and answer before working.',
    run: (bench) => needsFooting(bench, () => atOnce(bench, PARALLEL)),
  },
  {
    id: 'delivery.burst',
    title: `a burst of ${BURST}`,
    why: 'After an outage the provider sends everything that waited.',
    fix: 'Put events in a queue and answer; do the work at your own pace.',
    run: (bench) => needsFooting(bench, () => atOnce(bench, BURST)),
  },
  {
    id: 'delivery.still_accepts',
    title: 'after all that, a good one',
    why: 'What was refused or came too fast may not leave it broken.',
    fix: 'Look at what the app’s log says of the checks before.',
    run: (bench) => needsFooting(bench, async () => judgeTaken(bench, await bench.deliver(bench.right()))),
  },
];

function judgeTime(bench: Bench): Finding {
  const slowest = Math.max(...bench.takenMs);
  const timeout = bench.provider.timeoutMs ?? USUAL_TIMEOUT_MS;
  const whose = bench.provider.timeoutMs === null ? 'providers usually wait' : `${bench.provider.title} waits`;
  const measured = `The slowest of ${bench.takenMs.length} answers took ${formatDuration(Math.max(1, slowest))}; ${whose} ${formatDuration(timeout)}.`;
  if (slowest > timeout) return fail(measured);
  return slowest > timeout / 2 ? warn(measured) : pass(measured);
}

/** The same event once more, as a provider sends it again: the same id, a fresh signature where the time is signed. */
function again(bench: Bench, request: OutgoingRequest): OutgoingRequest {
  const signsTime = bench.signs && bench.provider.schemes.some(({ sends, timestamp }) => sends && timestamp.length > 0);
  return signsTime ? bench.signedAnew(request, {}) : request;
}

/** Up to four events, the last one first, a moment between their times. */
function newestFirst(bench: Bench): OutgoingRequest[] {
  // An event that is refused anyway says nothing about the order.
  const samples = bench.options.samples.filter(({ event }) => !bench.refusedEvents.has(event)).slice(0, 4);
  const apart = Math.min(
    1_000,
    ...bench.provider.schemes.flatMap(({ tolerance }) => (tolerance.past === null ? [] : [tolerance.past / 10])),
  );
  const now = bench.options.outside.now();
  const events = samples.length > 1 ? samples : Array.from({ length: 3 }, () => bench.options.samples[0]);
  return events
    .map((sample, index) => {
      try {
        return bench.right({ sample, timestamp: now - (events.length - index) * apart });
      } catch (error) {
        if (isMisfit(error)) return bench.right({ sample });
        throw error;
      }
    })
    .reverse();
}

async function atOnce(bench: Bench, count: number): Promise<Finding> {
  const requests = (): OutgoingRequest[] => Array.from({ length: count }, () => bench.right());
  // The first ones go out one by one, as their connections open; the next find them open.
  if (count <= CONNECTIONS) await bench.volley(requests());
  const began = bench.options.outside.elapsed();
  const answers = await bench.volley(requests());
  const spent = bench.options.outside.elapsed() - began;
  const lost = answers.filter((answer) => !isTaken(answer));
  if (lost.length === 0) return pass(`All were taken, in ${formatDuration(Math.max(1, spent))}.`);
  const message = `${lost.length} of ${count} were not taken: ${counted(lost)}.`;
  if (lost.every((answer) => answer.outcome === 'responded' && answer.status === 429)) {
    return warn(message, 'If 429 is meant, see that the provider tries again on it; many count it as a failure.');
  }
  return fail(message);
}

/** `503 (12 times), timeout (once)` */
function counted(answers: readonly SendOutcome[]): string {
  const counts = new Map<string, number>();
  for (const answer of answers) {
    const key = answer.outcome === 'failed' ? answer.reason : String(answer.status);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => `${key} (${count === 1 ? 'once' : `${count} times`})`).join(', ');
}
