import { constants } from 'node:os';
import type { Context } from '../context.js';
import { createIdSource } from '../core/delivery/id.js';
import { WebhookError } from '../core/errors.js';
import { eventMatcher } from '../core/events/patterns.js';
import type { HttpResponse } from '../core/http/message.js';
import type { Provider } from '../core/providers/model.js';
import { createRelay, type RelayEvent } from '../core/relay.js';
import { parseDuration, parseSize } from '../core/units.js';
import { openReceiver } from '../io/receiver.js';
import { parseTarget } from '../io/target.js';
import type { PrintPart } from '../render/renderer.js';
import { headerFlags } from './shared/headers.js';
import { durationOf, filled, openSession, type SecretFlags, type Session, wholeNumber } from './shared/session.js';
import { type CommonFlags, collect, examples, type Verb, verb } from './shared/verb.js';

interface ListenFlags extends CommonFlags, SecretFlags {
  readonly port?: string;
  readonly host?: string;
  readonly path?: string;
  readonly provider?: string;
  readonly tolerance?: string;
  readonly allowInvalid?: boolean;
  readonly maxBody?: string;
  readonly forwardTo?: readonly string[];
  readonly route?: readonly string[];
  readonly events?: string;
  readonly timeout?: string;
  readonly ordered?: boolean;
  readonly concurrency?: string;
  readonly header?: readonly string[];
  readonly respond?: string;
  readonly respondBody?: string;
  readonly delay?: string;
  readonly fail?: string;
  readonly publicUrl?: string;
  readonly save: boolean;
  readonly print?: string;
  readonly exitAfter?: string;
  readonly for?: string;
}

export const listen: Verb = verb<ListenFlags>({
  define: (command) =>
    command
      .argument(
        '[command...]',
        'after --: a command to run with WEBHOOK_URL (and WEBHOOK_SECRET) in its environment; its exit code is ours',
      )
      .option('-p, --port <n>', 'port to listen on; 0: any free one (4400)')
      .option('--host <address>', 'address to listen on (127.0.0.1)')
      .option('--path <path>', 'only this path; others get 404')
      .option('-s, --secret <secret>', 'signing secret; seen in process lists, the environment is safer (repeatable)', collect)
      .option('--secret-file <file>', 'a file that holds the secret (repeatable)', collect)
      .option('--provider <name>', 'who sends; else told from the headers')
      .option('--tolerance <duration>', "how far a timestamp may be off, in place of the provider's own")
      .option('--allow-invalid', 'answer and forward even what fails verification')
      .option('--max-body <size>', 'beyond it 413 (25mb)')
      .option('-f, --forward-to <url>', "hand deliveries on; the sender gets the first target's answer (repeatable)", collect)
      .option('--route <pattern=url>', 'hand only these events on there; the first match wins (repeatable)', collect)
      .option('--events <patterns>', "show and forward only these: 'order.*,!order.updated'; all are kept")
      .option('--timeout <duration>', "how long to wait for a target (the provider's own, else 10s)")
      .option('--ordered', 'forward one at a time, in the order of arrival')
      .option('--concurrency <n>', 'forward so many at once (64)')
      .option('-H, --header <line>', 'replace or add a header on what is forwarded (repeatable)', collect)
      .option('--respond <status>', 'the status to answer with where nothing is forwarded to (200)')
      .option('--respond-body <text|@file>', 'the body to answer with')
      .option('--delay <duration>', 'wait before each answer')
      .option('--fail <n|p%>', 'make the first n, or p%, fail with 503')
      .option('--public-url <url>', 'the URL the provider was given, for schemes that sign it')
      .option('--no-save', 'keep nothing')
      .option('--print <parts>', 'under each line: headers, body, response, or none (body)')
      .option('--exit-after <n>', 'end after so many deliveries')
      .option('--for <duration>', 'end after so long')
      .addHelpText(
        'after',
        examples(
          ['webhook listen', 'receive on http://127.0.0.1:4400, show and keep; verify with the secret in the environment'],
          ['webhook listen --forward-to http://localhost:3000/webhooks', 'hand each on to your app and pass its answer back'],
          ['webhook listen --port 0 --exit-after 3 -- npm test', 'around a test run; the URL is in WEBHOOK_URL'],
        ),
      ),

  async run(context, flags, childCommand, { dashes }) {
    if (childCommand.length > 0 && !dashes) {
      throw new WebhookError('usage', `listen takes no '${childCommand[0]}'.`, {
        hint: 'To hand deliveries on: --forward-to <url>. To run a command: -- <command>.',
      });
    }
    const session = await openSession(context, flags);
    const { renderer, config } = session;
    const provider = await session.provider(flags.provider);
    const known = provider === null ? await session.providers() : [provider];
    const secretsFor = await secretLookup(session, flags, provider, known);
    const routing = routingOf(session, flags);
    const port = wholeNumber(
      flags.port ?? filled(context.env.WEBHOOK_PORT) ?? String(config.listen.port ?? 4400),
      '--port',
      0,
      65_535,
    );
    const shows = eventMatcher(flags.events ?? config.listen.events ?? '*');
    const everyEvent = (flags.events ?? config.listen.events ?? null) === null;
    const print = printParts(flags.print ?? config.listen.print ?? 'body');
    const exitAfter = flags.exitAfter === undefined ? null : wholeNumber(flags.exitAfter, '--exit-after', 1);
    const lifetime = flags.for === undefined ? null : parseDuration(flags.for);
    const publicUrl = flags.publicUrl ?? config.listen.publicUrl;
    const answer = await answerOf(session, flags);
    const delay = flags.delay === undefined ? null : parseDuration(flags.delay);

    const ending = createEnding(context.signal);
    const store = flags.save ? await session.openStore() : null;
    const sender = routing.any ? (await import('../io/sender.js')).createSender({ now: context.now }) : null;
    const relay = createRelay({
      provider,
      providers: known,
      secretsFor,
      tolerance: durationOf(flags.tolerance, 'tolerance', config.toleranceMs),
      publicUrl: () => publicUrl,
      allowInvalid: flags.allowInvalid ?? config.listen.allowInvalid ?? false,
      path: flags.path ?? config.listen.path,
      targetsFor: routing.targetsFor,
      // Without --events, a delivery whose event is not known is shown like any other.
      shows: (event) => everyEvent || shows(event),
      keeper: store,
      send: sender === null ? null : (request, options) => sender.send(request, options),
      timeoutMs: durationOf(flags.timeout, 'timeout', config.timeoutMs),
      ordered: flags.ordered ?? config.listen.ordered ?? false,
      concurrency:
        flags.concurrency === undefined
          ? (config.listen.concurrency ?? 64)
          : wholeNumber(flags.concurrency, '--concurrency', 1, 10_000),
      headers: headerFlags(flags.header),
      answer,
      delay: delay === null ? null : () => ending.sleep(delay),
      fails: failures(flags.fail, context),
      newId: createIdSource(context.now, context.random),
      now: context.now,
      elapsed: context.elapsed,
      on: (event) => tell(event),
    });

    let answered = 0;
    function tell(event: RelayEvent): void {
      if (event.type === 'warning') {
        renderer.warning({ code: event.code, message: event.message, hint: event.hint ?? null });
        return;
      }
      if (event.shown) renderer.delivery(event.delivery, { print });
      answered++;
      if (exitAfter !== null && answered >= exitAfter) ending.end();
    }

    try {
      const receiver = await openReceiver({
        host: flags.host ?? config.listen.host ?? '127.0.0.1',
        port,
        maxBody: flags.maxBody === undefined ? (config.listen.maxBodyBytes ?? 25_000_000) : parseSize(flags.maxBody),
        handle: relay.handle,
        now: context.now,
        onProblem: ({ code, message }) => renderer.warning({ code, message, hint: null }),
      });
      const checked = secretsFor(provider).length > 0 || (provider === null && known.some((one) => secretsFor(one).length > 0));
      renderer.ready({
        url: receiver.url,
        publicUrl: publicUrl ?? null,
        provider: provider?.name ?? null,
        secretCount: checked ? Math.max(1, secretsFor(provider).length) : 0,
        store: store === null ? null : await session.storePath(),
        targets: routing.shown,
        note: null,
      });
      const url = `${receiver.url}${flags.path ?? config.listen.path ?? ''}`;
      const child = childCommand.length === 0 ? null : runChild(childCommand, url, secretsFor(provider)[0], session, ending.end);
      if (lifetime !== null) ending.after(lifetime);
      await ending.reached;
      await receiver.close();
      await relay.settled();
      renderer.listenSummary(relay.counts);
      return child === null ? 0 : await child.finish();
    } finally {
      await renderer.flush();
      await sender?.close();
      await store?.close();
    }
  },
});

/** When it ends: a signal, --for, --exit-after, or the child. */
function createEnding(signal: AbortSignal): {
  readonly reached: Promise<void>;
  end(): void;
  after(ms: number): void;
  sleep(ms: number): Promise<void>;
} {
  let end = (): void => {};
  const reached = new Promise<void>((resolve) => {
    end = resolve;
  });
  if (signal.aborted) end();
  signal.addEventListener('abort', () => end());
  return {
    reached,
    end,
    after(ms) {
      // Longer than a timer can be set for: it never comes.
      if (ms <= 2_147_483_647) void reached.finally(() => clearTimeout(timer));
      const timer = setTimeout(end, Math.min(ms, 2_147_483_647));
    },
    sleep(ms) {
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        void reached.then(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}

/** The secrets of each provider, found before the first delivery comes, so that a wrong one is told at the start. */
async function secretLookup(
  session: Session,
  flags: ListenFlags,
  provider: Provider | null,
  known: readonly Provider[],
): Promise<(provider: Provider | null) => readonly string[]> {
  if (provider !== null) {
    const secrets = await session.secrets(provider, flags);
    return () => secrets;
  }
  const general = await session.secrets(null, flags);
  const byName = new Map<string, readonly string[]>();
  for (const one of known) {
    // A secret for any provider need not have the form of each: it is one of theirs, and for the others it just does not match.
    const secrets = await session.secrets(one, flags).catch((error: unknown) => {
      if (error instanceof WebhookError && error.code === 'secret_malformed') return general;
      throw error;
    });
    byName.set(one.name, secrets);
  }
  return (one) => (one === null ? general : (byName.get(one.name) ?? general));
}

interface Routing {
  targetsFor(event: string | null): readonly string[];
  readonly any: boolean;
  readonly shown: readonly string[];
}

function routingOf(session: Session, flags: ListenFlags): Routing {
  const { config } = session;
  const targets = (flags.forwardTo ?? config.listen.forwardTo).map((text) => parseTarget(text));
  const pairs = flags.route === undefined ? config.listen.routes : flags.route.map(routePair);
  const routes = pairs.map(([pattern, url]) => ({ pattern, matches: eventMatcher(pattern), target: parseTarget(url) }));
  const fallback = targets.map(({ url }) => url);
  return {
    targetsFor: (event) => {
      const route = routes.find(({ matches }) => matches(event));
      return route === undefined ? fallback : [route.target.url];
    },
    any: targets.length > 0 || routes.length > 0,
    shown: [...routes.map(({ pattern, target }) => `${pattern} → ${target.shown}`), ...targets.map(({ shown }) => shown)],
  };
}

function routePair(text: string): readonly [pattern: string, url: string] {
  const equals = text.indexOf('=');
  if (equals <= 0)
    throw new WebhookError('usage', `'${text}' is not a route.`, {
      hint: "Write it like --route 'order.*=http://localhost:3001/orders'.",
    });
  return [text.slice(0, equals), text.slice(equals + 1)];
}

async function answerOf(session: Session, flags: ListenFlags): Promise<HttpResponse> {
  const { config, context } = session;
  const status = flags.respond === undefined ? (config.listen.respond ?? 200) : wholeNumber(flags.respond, '--respond', 200, 599);
  const text = flags.respondBody ?? config.listen.respondBody;
  if (text === null) return { status, headers: [['Content-Type', 'application/json']], body: Buffer.from('{"received":true}') };
  const { readInput } = await import('../io/files.js');
  const body = text.startsWith('@') ? await readInput(text.slice(1), context.stdin, { cwd: context.cwd }) : Buffer.from(text);
  return { status, headers: [['Content-Type', contentTypeOf(body)]], body };
}

function contentTypeOf(body: Uint8Array): string {
  try {
    JSON.parse(Buffer.from(body).toString('utf8'));
    return 'application/json';
  } catch {
    return 'text/plain; charset=utf-8';
  }
}

function printParts(text: string): ReadonlySet<PrintPart> {
  const parts = new Set<PrintPart>();
  for (const part of text.split(',').map((word) => word.trim())) {
    if (part === 'headers' || part === 'body' || part === 'response') parts.add(part);
    else if (part !== 'none') throw new WebhookError('usage', `--print takes headers, body, response or none, not '${part}'.`);
  }
  return parts;
}

/** `3`: the first three fail; `20%`: each with that chance. */
function failures(text: string | undefined, context: Context): () => boolean {
  if (text === undefined) return () => false;
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text);
  const value = Number(match?.[1]);
  if (match === null || (match[2] === '%' ? value > 100 : !Number.isInteger(value))) {
    throw new WebhookError('usage', `'${text}' is neither a number nor a percentage.`, { hint: 'Write --fail 3 or --fail 20%.' });
  }
  if (match[2] === '%') return () => Buffer.from(context.random(4)).readUInt32BE() / 2 ** 32 < value / 100;
  let left = value;
  return () => left-- > 0;
}

/** Runs the command beside the listener; when it ends, so do we, with its code. */
function runChild(
  command: readonly string[],
  url: string,
  secret: string | undefined,
  session: Session,
  ended: () => void,
): { finish(): Promise<number> } {
  const { context } = session;
  const exited = import('node:child_process').then(
    ({ spawn }) =>
      new Promise<number>((resolve, reject) => {
        const [file, ...args] = command as [string, ...string[]];
        const child = spawn(file, args, {
          // With --json, stdout is ours alone.
          stdio: ['inherit', session.renderer.json ? 2 : 'inherit', 'inherit'],
          env: { ...context.env, WEBHOOK_URL: url, ...(secret === undefined ? {} : { WEBHOOK_SECRET: secret }) },
          shell: process.platform === 'win32',
        });
        context.signal.addEventListener('abort', () => child.kill('SIGTERM'));
        child.on('error', (error) =>
          reject(
            new WebhookError('usage', `'${file}' could not be run: ${error.message}.`, {
              cause: error,
              hint: 'Is it installed and on the PATH?',
            }),
          ),
        );
        child.on('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 128 + (constants.signals[signal] ?? 0))));
      }),
  );
  const outcome = exited.then(
    (code) => ({ code, error: null }),
    (error: unknown) => ({ code: 2, error }),
  );
  void outcome.then(ended);
  return {
    async finish() {
      const { code, error } = await outcome;
      if (error !== null) throw error;
      return code;
    },
  };
}
