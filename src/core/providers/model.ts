/**
 * The vocabulary in which a provider is described. Built-in providers and those of a user's own config use the same
 * words; a description is data, so that one file can be read, checked and printed. What no template expresses has a
 * code escape (`custom`).
 */
import type { HeaderList } from '../http/headers.js';
import type { CustomScheme } from '../signature/custom/model.js';
import type { Challenge } from './challenge.js';
import type { Expression, Locator } from './locator.js';

export type HashAlgorithm = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/**
 * - `hmac`: a keyed hash of the content. `hash`: a plain digest of the content, which then holds `{secret}`.
 * - `token`: the secret itself (after `prefix` and in `encoding`) is sent along.
 * - `ed25519`, `ecdsa`, `rsa`: asymmetric; the secret is the private key to sign with, the public (or private) one to verify with.
 * - `custom`: code.
 */
export type SchemeKind = 'hmac' | 'hash' | 'token' | 'ed25519' | 'ecdsa' | 'rsa' | 'custom';

/** How the bytes of a signature are written; hex is read in either case. `text`: as they are (tokens). */
export type SignatureEncoding = 'hex' | 'hex-upper' | 'base64' | 'base64url' | 'text';

/**
 * How the text of a secret becomes key bytes. `prefix` is taken off where the secret begins with it; with `required`
 * the form does not apply to a secret that lacks it, with `forbidden` not to one that has it.
 */
export interface KeyForm {
  readonly encoding: 'utf8' | 'hex' | 'base64';
  readonly prefix?: string;
  readonly required?: boolean;
  readonly forbidden?: boolean;
}

export type TimestampUnit = 's' | 'ms' | 'iso';

/**
 * How a payload spells a time, in UTC: ISO 8601 with milliseconds (`iso`) or without (`iso-s`), Unix time, or a template over
 * `{date}` (2026-11-22), `{time}` (14:02:11) and `{ms}` (123): `{date} {time}`.
 */
export type TimeFormat = 'iso' | 'iso-s' | 's' | 'ms' | `${string}{date}${string}`;

/** How old, and how far in the future, a timestamp may be, as durations (`5m`); null: not limited on that side. */
export interface Tolerance {
  readonly past: string | null;
  readonly future: string | null;
  /** True: to the millisecond. Else, where timestamps are in seconds, the clock counts whole seconds too, as libraries do. */
  readonly exact?: boolean;
}

/** A way to sign, as it is written down: see {@link Scheme} for what each word becomes. */
export interface SchemeDefinition {
  /** A short name where a provider has several: `v1`. */
  readonly id?: string;
  /** Default `hmac`. */
  readonly kind?: SchemeKind;
  /** Default `sha256`. */
  readonly algorithm?: HashAlgorithm;
  /** The header or headers that carry the signature; the first is the one we send. `Name-{n}`: numbered from 1, one a secret. */
  readonly header?: string | readonly string[];
  /** Instead of `header`: any other place. */
  readonly at?: Locator | readonly Locator[];
  /** Default `hex`. */
  readonly encoding?: SignatureEncoding;
  /** Stands before each signature: `sha256=`, `v1,`. */
  readonly prefix?: string;
  /** Several signatures (and other items) are written one after another, parted by this: `,`, `;`, ` `, `, `. */
  readonly separator?: string;
  /** Several signatures are sent as the header several times over. */
  readonly repeated?: boolean;
  /**
   * The text that is signed: `{body}`, `{timestamp}`, `{id}`, `{url}`, `{method}`, `{path}`, `{secret}`, a locator, or literal.
   * `{params}`: the fields of a form body sorted by name, name and value one after another (Twilio's way). `{decodedUrl}`: the URL
   * with `%3A %2F %3F %40 %21 %24 %27 %28 %29 %2A %2C %3B` decoded (HubSpot v3). `{sha256:body}`: the body's digest in hex.
   * Default `{body}`.
   */
  readonly content?: string;
  readonly key?: KeyForm | readonly KeyForm[];
  /** Where the timestamp stands. `timestampHeader: 'X'` is short for `timestamp: 'header:X'`. */
  readonly timestamp?: Locator | readonly Locator[];
  readonly timestampHeader?: string | readonly string[];
  /** Default `s`. Several: the first is what we send, the others are understood too. */
  readonly timestampUnit?: TimestampUnit | readonly TimestampUnit[];
  /** Where the id that `{id}` means stands. `idHeader: 'X'` is short for `id: 'header:X'`; see `eventId` for the default. */
  readonly messageId?: Locator | readonly Locator[];
  readonly idHeader?: string | readonly string[];
  /** `'5m'`: both ways. Default: not limited. */
  readonly tolerance?: string | Tolerance | null;
  /** False: it is accepted, but not sent (older names and versions). Default true. */
  readonly sends?: boolean;
  /** It is sent with requests that have this header, in place of the others. */
  readonly sentWith?: string;
  /** Only with `kind: 'custom'`. */
  readonly custom?: CustomScheme;
}

/** A {@link SchemeDefinition} with every word filled in. */
export interface Scheme {
  readonly id: string;
  readonly kind: SchemeKind;
  readonly algorithm: HashAlgorithm;
  /** At least one; the first is where we write it. */
  readonly at: readonly Locator[];
  readonly encoding: SignatureEncoding;
  readonly prefix: string;
  readonly separator: string | null;
  readonly repeated: boolean;
  readonly content: string;
  readonly keys: readonly KeyForm[];
  readonly timestamp: readonly Locator[];
  readonly timestampUnits: readonly TimestampUnit[];
  readonly messageId: readonly Locator[];
  /** Milliseconds; null: not limited. */
  readonly tolerance: { readonly past: number | null; readonly future: number | null; readonly exact?: boolean };
  readonly sends: boolean;
  readonly sentWith: string | null;
  readonly custom: CustomScheme | null;
}

/** Requests that a provider never signs, though it signs others. */
export interface UnsignedRequests {
  /** A regular expression for the whole body. */
  readonly body: string;
  /** Why nothing is checked, and what to do instead: a sentence or two. */
  readonly why: string;
}

/** What else tells this provider's requests from others'. Everything named here must hold. */
export interface Clues {
  /** Headers that must be there, whatever they say. */
  readonly headers?: readonly string[];
  /** Headers that must not be there. */
  readonly absent?: readonly string[];
  /** The start of the User-Agent. It adds certainty; a request without it may still be this provider's. */
  readonly userAgent?: string;
  /** Locator -> regular expression its value must match. */
  readonly values?: Readonly<Record<string, string>>;
}

/** A request to a provider's API that has it send a test event to one of its webhooks. */
export interface TestEvent {
  readonly method: string;
  /** `{id}` is the webhook's. */
  readonly url: string;
  /** The environment variable of the API key, which is sent as a Bearer token. */
  readonly keyVariable: string;
  /** How a key begins that is for trying things, and one that is for real. */
  readonly keyPrefixes?: { readonly test: string; readonly live: string };
  /** The permission the key needs. */
  readonly scope?: string;
  readonly docs: string;
}

export type Confidence = 'high' | 'medium' | 'low';

/** A provider as a file or a config writes it down. */
export interface ProviderDefinition {
  /** Lower case, digits and dashes. */
  readonly name: string;
  readonly title?: string;
  /** Where its documentation is. */
  readonly docs?: string | readonly string[];
  /** None: it does not sign. */
  readonly signature?: SchemeDefinition | readonly SchemeDefinition[];
  /** What it sends without a signature. */
  readonly unsigned?: UnsignedRequests;
  readonly event?: Expression | readonly Expression[];
  readonly eventId?: Expression | readonly Expression[];
  /** Where several events stand in one body: a body pointer to an array (`body:` is the whole body). See `each:`. */
  readonly batch?: Locator;
  /** How a fresh event id is spelled: `wh_{hex:12}`, `{uuid}`, `msg_{base62:27}`, `evt_01{base32:24}`. Literal text else. */
  readonly idFormat?: string;
  /** How a fresh signing secret is spelled, for `webhook keys`: `whsec_{base62:32}`. Default: as the scheme's key form asks. */
  readonly secretFormat?: string;
  /** Where the payload says when it happened (`body:`, `each:` or `form:`), made fresh by `trigger`. */
  readonly sentAt?: Locator;
  /** Default `iso`. Several: each payload's own, told by what stands there. */
  readonly sentAtFormat?: TimeFormat | readonly TimeFormat[];
  /**
   * What else in the body is new in each delivery: place (`body:`, `each:` or `form:`) -> how it is spelled, as in `headers`, and
   * `{date}`, `{time}` and `{ms}` as in `sentAtFormat`, and `{stem}`: what stands there up to its last `/` or `_`. A locator reads
   * what is new already. Values that a payload lacks stay out of it.
   */
  readonly fresh?: Readonly<Record<string, string>>;
  /**
   * Headers its requests carry beside the signature. Values are templates over `{event}`, `{event:head}` and `{event:tail}` (before
   * and after its first dot; a header whose value lacks a part is not sent), `{id}`, `{uuid}`, `{iso}`, `{unix}`, `{unixms}`,
   * `{hex:n}`, `{base62:n}`, `{base32:n}`, `{digits:n}` and locators. A fixture's own headers win.
   */
  readonly headers?: HeaderList;
  readonly userAgent?: string;
  /** Default `application/json`. */
  readonly contentType?: string;
  /** How long it waits for an answer; absent where it is not published. */
  readonly timeout?: string;
  /** Which statuses count as delivered: `2xx` (the default), `200`, `200,204`. */
  readonly success?: string;
  /** When it tries again; absent where it is not published. */
  readonly retries?: readonly string[];
  /** Event name -> one line about it. */
  readonly events?: Readonly<Record<string, string>>;
  /** The page that documents no others, where those are few. */
  readonly allEvents?: string;
  readonly clues?: Clues;
  /**
   * Providers whose requests cannot be told apart by nature share a family, named after the one that stands for all of them where
   * there is one (`meta`, `standard-webhooks`). Equally good fits within a family are that one's, and else ambiguous.
   */
  readonly family?: string;
  /** What its requests that prove who owns a URL look like, and how they are answered. */
  readonly challenges?: readonly Challenge[];
  /** Where else secrets stand in its requests, which people are not shown: `body:/token`, `form:payload#/token`, `each:/hmac`. */
  readonly hidden?: readonly Locator[];
  /** How sure the facts here are: read in an official SDK or specification, in documentation, or put together from public code. */
  readonly confidence?: Confidence;
  /** What no source confirms, a sentence each. */
  readonly assumptions?: readonly string[];
  /** Where in its settings a webhook URL is pasted. */
  readonly setup?: string;
  /** Its own way to have a test event sent. */
  readonly testEvent?: TestEvent;
}

/** A provider with every word filled in. */
export interface Provider {
  readonly name: string;
  readonly title: string;
  readonly docs: readonly string[];
  readonly schemes: readonly Scheme[];
  readonly unsigned: UnsignedRequests | null;
  readonly event: readonly Expression[];
  readonly eventId: readonly Expression[];
  readonly batch: Locator | null;
  readonly idFormat: string | null;
  readonly secretFormat: string | null;
  readonly sentAt: Locator | null;
  readonly sentAtFormats: readonly TimeFormat[];
  readonly fresh: Readonly<Record<string, string>>;
  readonly headers: HeaderList;
  readonly userAgent: string | null;
  readonly contentType: string;
  /** Milliseconds; null where it is not published. */
  readonly timeoutMs: number | null;
  readonly success: string;
  /** Milliseconds before each further try; null where it is not published. */
  readonly retriesMs: readonly number[] | null;
  readonly events: Readonly<Record<string, string>>;
  /** The page that documents no others; null: there may be more. */
  readonly allEvents: string | null;
  readonly clues: Clues;
  readonly family: string | null;
  readonly challenges: readonly Challenge[];
  readonly hidden: readonly Locator[];
  /** Null: nobody said (a provider of the user's own). */
  readonly confidence: Confidence | null;
  readonly assumptions: readonly string[];
  readonly setup: string | null;
  readonly testEvent: TestEvent | null;
  /** True where it comes from a user's config. */
  readonly custom: boolean;
}
