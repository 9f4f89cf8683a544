/** What every answer is looked at for, whichever check asked for it. */
import { headerValue } from '../http/headers.js';
import type { OutgoingRequest } from '../http/message.js';
import type { Provider } from '../providers/model.js';
import { RequestReader } from '../providers/read.js';
import type { SendOutcome } from '../send.js';
import { findSignatures } from '../signature/carrier.js';
import { decode } from '../signature/encoding.js';

export interface Notes {
  take(request: OutgoingRequest, answer: SendOutcome, genuine: OutgoingRequest | null): void;
  /** How often what stands for a thing was seen. */
  readonly errorAnswers: number;
  /** The first redirect: `301 to /login`. */
  readonly redirect: string | null;
  /** The first line of a stack trace. */
  readonly stackTrace: string | null;
  readonly secret: boolean;
  readonly expectedSignature: boolean;
  /** What the endpoint said, fit to be shown: one line, without anything that could be secret; empty where it said nothing. */
  excerpt(answer: SendOutcome): string;
}

/** Shorter than this, a text is found anywhere by chance. */
const TELLING = 8;
const LONGEST_EXCERPT = 120;

export function createNotes(secret: string | null, provider: Provider): Notes {
  const secretForms = secret === null ? [] : secretsIn(secret, provider);
  let errorAnswers = 0;
  let redirect: string | null = null;
  let stackTrace: string | null = null;
  let sawSecret = false;
  let sawSignature = false;

  return {
    take(request, answer, genuine) {
      if (answer.outcome === 'failed') return;
      if (answer.status >= 300 && answer.status <= 399 && redirect === null) {
        redirect = `${answer.status} to ${oneLine(headerValue(answer.headers, 'location') ?? 'nowhere')}`;
      }
      const said = textOf(answer);
      const asked = [request.url, ...request.headers.map(([, value]) => value), latin1(request.body)].join('\n');
      // What only comes back to where it came from gives nothing away.
      const gives = (text: string): boolean => text.length >= TELLING && said.includes(text) && !asked.includes(text);
      if (secretForms.some(gives)) sawSecret = true;
      if (answer.status < 400) return;
      errorAnswers++;
      stackTrace ??= stackTraceIn(said);
      if (genuine !== null && signatureForms(provider, genuine).some(gives)) sawSignature = true;
    },
    get errorAnswers() {
      return errorAnswers;
    },
    get redirect() {
      return redirect;
    },
    get stackTrace() {
      return stackTrace;
    },
    get secret() {
      return sawSecret;
    },
    get expectedSignature() {
      return sawSignature;
    },
    excerpt(answer) {
      if (answer.outcome === 'failed') return '';
      let text = Buffer.from(answer.body).toString('utf8');
      for (const form of secretForms) text = text.replaceAll(form, '[hidden]');
      return oneLine(text);
    },
  };
}

/** One line of what somebody else wrote: no mark-up, nothing long enough to be a key or a signature. */
function oneLine(text: string): string {
  const plain = text
    .slice(0, 20_000)
    .replace(/<(style|script)[^>]*>.*?<\/\1>/gis, ' ')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/[\p{C}\s]+/gu, ' ')
    .replace(/[A-Za-z0-9+/=_-]{32,}/g, '[hidden]')
    .trim();
  return plain.length > LONGEST_EXCERPT ? `${plain.slice(0, LONGEST_EXCERPT)}…` : plain;
}

function secretsIn(secret: string, provider: Provider): string[] {
  const prefixes = provider.schemes.flatMap(({ keys }) => keys.map(({ prefix }) => prefix ?? ''));
  const bare = prefixes
    .filter((prefix) => prefix !== '' && secret.startsWith(prefix))
    .map((prefix) => secret.slice(prefix.length));
  return [...new Set([secret, ...bare])].filter((form) => form.length >= 4);
}

/** The signatures of a request in every spelling that a careless message might hold. */
function signatureForms(provider: Provider, request: OutgoingRequest): string[] {
  const reader = new RequestReader({ headers: request.headers, body: request.body, path: request.url });
  return provider.schemes.flatMap((scheme) =>
    (findSignatures(scheme, reader)?.signatures ?? []).flatMap((text) => {
      const bytes = scheme.custom === null ? decode(text, scheme.encoding) : null;
      if (bytes === null) return [text];
      const buffer = Buffer.from(bytes);
      const hex = buffer.toString('hex');
      return [text, hex, hex.toUpperCase(), buffer.toString('base64'), buffer.toString('base64url')];
    }),
  );
}

const STACK_TRACES: readonly RegExp[] = [
  // JavaScript
  /\bat [^\n<]{0,200}?\(?(?:file:\/\/|node:|\/|[A-Za-z]:\\)[^\s()<]{1,300}:\d+:\d+\)?/,
  // Python, Java and Kotlin, PHP, Ruby, Go, .NET, Rust
  /Traceback \(most recent call last\)/,
  /\bat [\w.$<>]{1,200}\([\w$]{1,100}\.(?:java|kt|scala):\d+\)/,
  /#\d+ [^\n<]{1,300}\.php\(\d+\)/,
  /[^\s<]{1,300}\.rb:\d+:in /,
  /\bgoroutine \d+ \[/,
  /\bat [^\n<]{1,300} in [^\n<]{1,300}:line \d+/,
  /thread '[^']{1,100}' panicked at/,
];

/** Traces stand at the beginning of an answer; looking through megabytes would take minutes. */
const MOST_SEARCHED = 50_000;

/** The first line of a stack trace in a text; null where there is none. */
export function stackTraceIn(text: string): string | null {
  const beginning = text.slice(0, MOST_SEARCHED);
  for (const pattern of STACK_TRACES) {
    const found = pattern.exec(beginning);
    if (found !== null) return oneLine(found[0]);
  }
  return null;
}

function textOf(answer: SendOutcome & { outcome: 'responded' }): string {
  return [...answer.headers.map(([name, value]) => `${name}: ${value}`), latin1(answer.body)].join('\n');
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
