/** What an endpoint should do and not do besides. */
import type { SendOutcome } from '../send.js';
import { type Bench, isTaken } from './bench.js';
import { footingOf } from './footing.js';
import { isCrash, saidOf } from './judge.js';
import { type Check, type Finding, fail, pass, skip, warn } from './model.js';
import { attempted, FORGERIES } from './rejects.js';

/** Refusing what is not genuine takes no work: more than this is worth a word. */
const QUICK_MS = 1_000;

/** Bodies that nobody signed and nobody can read. */
const RUBBISH: ReadonlyArray<readonly [what: string, contentType: string, body: Uint8Array]> = [
  ['nothing', 'application/json', Buffer.alloc(0)],
  ['JSON that breaks off', 'application/json', Buffer.from('{"event":"order.created","data":{"order":')],
  ['a JSON null', 'application/json', Buffer.from('null')],
  ['bytes that are no text', 'application/octet-stream', Buffer.from([0, 0xff, 0xfe, 0x80, 0x0a, 0xc3, 0x28, 0xf0])],
  ['deep JSON', 'application/json', Buffer.from('['.repeat(5_000) + ']'.repeat(5_000))],
];

export const hygiene: readonly Check[] = [
  {
    id: 'hygiene.get',
    title: 'GET is not answered 2xx',
    why: 'Crawlers and link previews send GET; an endpoint that takes it answers what it did not verify.',
    fix: 'Let the route take POST alone, and answer 405 to the rest.',
    async run(bench) {
      const { url, headers, userAgent } = bench.options;
      const request = { method: 'GET', url, headers: [['User-Agent', userAgent] as const, ...headers], body: Buffer.alloc(0) };
      const answer = await bench.send(request);
      if (isTaken(answer)) return fail(`${saidOf(bench, answer, false)} to a GET.`);
      return isCrash(answer) ? fail(`${saidOf(bench, answer)} to a GET.`) : pass(`${saidOf(bench, answer, false)}.`);
    },
  },
  {
    id: 'hygiene.redirect',
    title: 'no redirects',
    why: 'Providers do not follow them, and clients that do turn a POST into a GET without a body.',
    fix: 'Give the provider the URL that answers itself: the right scheme, host and trailing slash.',
    async run(bench) {
      await footingOf(bench);
      const { redirect } = bench.notes;
      return redirect === null ? pass('None was seen.') : fail(`It answered ${redirect}.`);
    },
  },
  {
    id: 'hygiene.expected_signature',
    title: 'error answers keep the expected signature to themselves',
    why: 'Whoever is told the right signature of a forged delivery sends it again with that.',
    fix: 'Answer no more than that the signature is not valid.',
    run: (bench) =>
      afterForgeries(bench, () =>
        bench.notes.expectedSignature
          ? fail('An error answer held the signature that would have been right.')
          : pass(seen(bench)),
      ),
  },
  {
    id: 'hygiene.secret',
    title: 'answers keep the secret to themselves',
    why: 'With it, anybody can sign.',
    fix: 'Take the secret out of messages and debug pages, and then change it at the provider.',
    run: (bench) =>
      afterForgeries(bench, () => (bench.notes.secret ? fail('An answer held the signing secret.') : pass('None held it.'))),
  },
  {
    id: 'hygiene.stack_trace',
    title: 'error answers hold no stack trace',
    why: 'It names files, versions and lines to whoever asks.',
    fix: 'Catch the error and answer 401, 400 or 500 with a word; turn off debug pages (NODE_ENV=production).',
    async run(bench) {
      await provoke(bench);
      const { stackTrace } = bench.notes;
      return stackTrace === null ? pass(seen(bench)) : fail(`An error answer held a stack trace (${stackTrace}).`);
    },
  },
  {
    id: 'hygiene.rubbish',
    title: 'rubbish is refused, and at once',
    why: 'A public URL gets it every day; it may cost neither an exception nor time.',
    fix: 'Refuse what has no signature before reading anything else of it.',
    run: rubbish,
  },
  {
    id: 'hygiene.https',
    title: 'https, where the host is not local',
    why: 'Over plain http anybody on the way reads and changes deliveries; many providers refuse such a URL.',
    fix: 'Put TLS before it, and give the provider the https URL.',
    async run(bench) {
      const { protocol, hostname } = new URL(bench.options.url);
      if (protocol === 'https:') return pass('It is https.');
      return isLocal(hostname) ? pass('The host is local.') : fail(`${hostname} is not local, and the URL is http.`);
    },
  },
];

async function afterForgeries(bench: Bench, judge: () => Finding): Promise<Finding> {
  if (!bench.signs) return skip(`${bench.provider.title} does not sign its deliveries.`);
  await provoke(bench);
  return judge();
}

/** Has every forgery tried, and rubbish sent, whichever checks were asked for. */
async function provoke(bench: Bench): Promise<void> {
  if (bench.signs) for (const forgery of FORGERIES) await attempted(bench, forgery);
  await sendRubbish(bench);
}

function seen(bench: Bench): string {
  return `${bench.notes.errorAnswers} error answers were looked at.`;
}

function sendRubbish(bench: Bench): Promise<Array<{ what: string; answer: SendOutcome }>> {
  return bench.once('rubbish', async () => {
    const { url, headers, userAgent } = bench.options;
    const answers: Array<{ what: string; answer: SendOutcome }> = [];
    for (const [what, contentType, body] of RUBBISH) {
      const own = [['Content-Type', contentType] as const, ['User-Agent', userAgent] as const, ...headers];
      answers.push({ what, answer: await bench.send({ method: 'POST', url, headers: own, body }) });
      if (!(await bench.stillThere())) break;
    }
    return answers;
  });
}

async function rubbish(bench: Bench): Promise<Finding> {
  const answers = await sendRubbish(bench);
  const taken = answers.filter(({ answer }) => isTaken(answer)).map(({ what }) => what);
  const crashed = answers.filter(({ answer }) => isCrash(answer));
  const [crash] = crashed;
  if (crash !== undefined) return fail(`${saidOf(bench, crash.answer)} to ${crash.what}.`);
  // Without signatures there is nothing to refuse by.
  if (taken.length > 0 && bench.signs) return fail(`It took ${taken.join(' and ')} for a delivery.`);
  const timedOut = answers.find(({ answer }) => answer.outcome === 'failed');
  if (timedOut !== undefined) return fail(`${saidOf(bench, timedOut.answer)} (it was sent ${timedOut.what}).`);
  const slowest = Math.max(...answers.map(({ answer }) => answer.durationMs));
  if (slowest > QUICK_MS) return warn(`It took up to ${Math.round(slowest)} ms to refuse it.`);
  return pass(`${answers.length} kinds of it; the slowest answer took ${Math.max(1, Math.round(slowest))} ms.`);
}

/** A host that no packet leaves the machine or its private network for. */
export function isLocal(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (
    /^(127|10)(\.\d+){3}$|^192\.168(\.\d+){2}$|^172\.(1[6-9]|2\d|3[01])(\.\d+){2}$|^169\.254(\.\d+){2}$|^0\.0\.0\.0$/.test(host)
  ) {
    return true;
  }
  if (host.includes(':')) return /^(::1$|::ffff:(7f|a)|f[cd]|fe[89ab])/.test(host);
  // A name without a dot is one of the machine's own network, as containers call each other.
  return !host.includes('.') || /\.(localhost|local|internal|test|home\.arpa)$/.test(host);
}
