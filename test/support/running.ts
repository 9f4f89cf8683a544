import type { Readable } from 'node:stream';

export interface RunOptions {
  /** Added to an environment that has nothing of ours in it. */
  readonly env?: Readonly<Record<string, string>>;
  /** A folder of its own by default, which is no project. */
  readonly cwd?: string;
  /** What is piped to standard input; nothing by default. */
  readonly input?: string | Uint8Array;
  /** Milliseconds after which it counts as hung. */
  readonly timeout?: number;
}

export interface Outcome {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Stdout as it came. */
  readonly bytes: Buffer;
}

// biome-ignore lint/suspicious/noExplicitAny: what a program printed has any shape; the tests say which they expect
export type Json = any;

/** What a terminal would obey: control characters, and those that turn the direction of text. */
export const DRIVES_A_TERMINAL: RegExp = /[^\P{Cc}\n\t]|\p{Bidi_Control}/u;

/** A program that runs: what it prints can be awaited. */
export interface Running {
  readonly ended: Promise<Outcome>;
  /** The first line of a stream, printed already or to come, that fits. Rejects where it ends before. */
  line(stream: 'stdout' | 'stderr', fits: (line: string) => boolean): Promise<string>;
  /** The first NDJSON record on stdout, printed already or to come, that fits. */
  record(fits: (record: Json) => boolean): Promise<Json>;
  /** Every record so far. */
  readonly records: readonly Json[];
  send(signal: NodeJS.Signals): void;
}

/** Runs a program with these arguments. */
export type Start = (args: readonly string[], options?: RunOptions) => Running;

/** The records of NDJSON. Throws where a line is none. */
export function ndjson(text: string): Json[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** What a line says where it is a record; a line for people is none. */
function recordOf(line: string): Json {
  if (!line.startsWith('{"')) return null;
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** Puts together what a program prints and how it ends. */
export function watch(
  streams: { readonly stdout: Readable; readonly stderr: Readable },
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>,
  send: (signal: NodeJS.Signals) => void,
  what: string,
): Running {
  const records: Json[] = [];
  const stdout = lines(streams.stdout, (line) => {
    const record = recordOf(line);
    if (record !== null) records.push(record);
  });
  const stderr = lines(streams.stderr, () => {});
  const outcome = ended.then(({ code, signal }) => {
    const bytes = stdout.bytes();
    const said = stderr.bytes().toString('utf8');
    // Node's own warnings (a leak of listeners, something deprecated) are about the program, and never for its users.
    const warned = /^\(node:\d+\) .*$/m.exec(said);
    if (warned !== null) throw new Error(`${what} printed a warning of Node's: ${warned[0]}`);
    return { code, signal, bytes, stdout: bytes.toString('utf8'), stderr: said };
  });
  const orEnd = async <T>(found: Promise<T>): Promise<T> => {
    const over = outcome.then((end) => {
      throw new Error(
        `${what} ended with ${end.code ?? end.signal} before it printed what was awaited:\n${end.stdout}\n${end.stderr}`,
      );
    });
    // What was printed last may still be on its way when the end is heard of: the line wins.
    return Promise.race([found, over]);
  };
  return {
    ended: outcome,
    records,
    send,
    line: (stream, fits) => orEnd((stream === 'stdout' ? stdout : stderr).first(fits)),
    async record(fits) {
      const line = await orEnd(
        stdout.first((text) => {
          const record = recordOf(text);
          return record !== null && fits(record);
        }),
      );
      return JSON.parse(line);
    },
  };
}

interface Lines {
  first(fits: (line: string) => boolean): Promise<string>;
  bytes(): Buffer;
}

function lines(stream: Readable, each: (line: string) => void): Lines {
  const chunks: Buffer[] = [];
  const seen: string[] = [];
  /** The line that is not ended yet, in pieces: one may be many megabytes long. */
  let rest: string[] = [];
  let waiting: Array<{ fits: (line: string) => boolean; resolve: (line: string) => void }> = [];
  const decoder = new TextDecoder();
  stream.on('data', (chunk: Buffer | string) => {
    const bytes = Buffer.from(chunk as Buffer);
    chunks.push(bytes);
    const [head = '', ...ended] = decoder.decode(bytes, { stream: true }).split('\n');
    rest.push(head);
    if (ended.length === 0) return;
    const parts = [rest.join(''), ...ended.slice(0, -1)];
    rest = ended.slice(-1);
    for (const line of parts) {
      seen.push(line);
      each(line);
      waiting = waiting.filter(({ fits, resolve }) => {
        if (!fits(line)) return true;
        resolve(line);
        return false;
      });
    }
  });
  return {
    first: (fits) =>
      new Promise((resolve) => {
        const found = seen.find(fits);
        if (found !== undefined) resolve(found);
        else waiting.push({ fits, resolve });
      }),
    bytes: () => Buffer.concat(chunks),
  };
}
