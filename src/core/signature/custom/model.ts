/** What a code escape is: a scheme that no template expresses (`custom` in a provider's description). */
import type { HeaderList } from '../../http/headers.js';

/** What a code escape is given. It must not throw on anything that came from outside. */
export interface CustomInput {
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  /** The absolute URL as the sender knows it; null where nobody said. */
  readonly url: string | null;
  /** The path with its query, known even where the URL is not. */
  readonly path: string;
  readonly method: string;
  readonly secret: string;
  /** Unix time in milliseconds: when it is signed, or the clock to check its age against. */
  readonly now: number;
}

export interface CustomSignInput extends CustomInput {
  /** A fresh id, for schemes that write one (a nonce, a token's `jti`). */
  readonly id: string;
}

export interface CustomVerifyInput extends CustomInput {
  /** Milliseconds a timestamp may be off, in place of the scheme's own; null: the scheme's own. */
  readonly tolerance: number | null;
}

export interface CustomSigned {
  readonly headers: HeaderList;
  /** Values to set in a JSON body before it is sent. */
  readonly edits?: ReadonlyArray<readonly [pointer: string, json: string]>;
  /** The URL to send to, where the scheme adds something to it. */
  readonly url?: string;
}

/** `absent`: no signature of this kind is there. `url_unknown`: it covers the URL, and nobody said which that was. */
export type CustomOutcome =
  | 'valid'
  | 'mismatch'
  | 'malformed'
  | 'absent'
  | 'url_unknown'
  | 'timestamp_too_old'
  | 'timestamp_in_future';

/** What the secret of a code escape is, where it is more than text. */
export interface CustomSecret {
  /** In words, for who gave another: `an RSA key or certificate in PEM`. */
  readonly form: string;
  /** Whether a secret can be one of these. */
  fits(secret: string): boolean;
  /** What `webhook keys` makes: a key pair of this kind, of which `join` (default: the key alone) makes the secret. */
  readonly pair?: 'rsa' | 'ecdsa' | 'ed25519';
  join?(key: string, id: string): string;
}

/** What of a `URL` tells whose it is. The library's types ask for nothing of a platform's. */
export interface UrlParts {
  readonly protocol: string;
  readonly username: string;
  readonly hostname: string;
  readonly port: string;
  readonly pathname: string;
  readonly search: string;
}

/** Where the certificate that verifies a request is fetched from, when a person asks for that. */
export interface CertificateSource {
  /** The address the request names; null: it names none. */
  locate(request: Pick<CustomInput, 'headers' | 'body'>): string | null;
  /** Whether an address is the provider's own. It is https already when this is asked. */
  trusts(url: UrlParts): boolean;
  /** The secret that a fetched certificate (PEM) and the secret given before (null: none) make. */
  join(certificate: string, secret: string | null): string;
}

export interface CustomScheme {
  /** One sentence for `providers <name>`. */
  readonly summary: string;
  /** Default: any text. */
  readonly secret?: CustomSecret;
  readonly certificate?: CertificateSource;
  /** False where changing the body may leave the signature valid. Default true. */
  readonly coversBody?: boolean;
  /** Milliseconds after which it refuses a signature; absent: it knows no time. */
  readonly maxAge?: number;
  /** The headers to add, and what else to change, before it is sent. A WebhookError `signing_impossible` where it cannot. */
  sign(input: CustomSignInput): CustomSigned;
  verify(input: CustomVerifyInput): CustomOutcome;
}
