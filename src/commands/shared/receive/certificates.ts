/** Certificates that arriving requests name: fetched once each, when a person asked for that, from the provider's own hosts only. */
import { messageOf, WebhookError } from '../../../core/errors.js';
import type { HttpRequest } from '../../../core/http/message.js';
import type { Provider } from '../../../core/providers/model.js';
import { certificateAddress, certificateSource } from '../../../core/signature/certificate.js';

export interface CertificatesOptions {
  /** Those a request can be from. */
  readonly providers: readonly Provider[];
  /** The secrets that were given. */
  given(provider: Provider | null): readonly string[];
  /** The certificate at an address, in PEM. */
  fetch(url: string): Promise<string>;
  /** Unix time in milliseconds. */
  now(): number;
  warn(warning: { readonly code: string; readonly message: string; readonly hint: string | null }): void;
}

export interface Certificates {
  /** Resolves when the certificate that a request names is here, or will not come. */
  prepare(request: HttpRequest): Promise<void>;
  /** The secrets that were given, and what they make with the certificates fetched so far. */
  secretsFor(provider: Provider | null): readonly string[];
}

/** A provider changes its certificate about once a year; whoever else names more of them gets nothing for it. */
const MOST_KEPT = 8;
const MOST_AT_ONCE = 4;
/** How long an address that gave none is left alone. */
const REST_MS = 60_000;

/** Stands where a certificate is wanted and none is there: it fits no key, so what comes is not taken for unchecked. */
const NO_CERTIFICATE = 'no certificate';

export function createCertificates({ providers, given, fetch, now, warn }: CertificatesOptions): Certificates {
  const named = providers.flatMap((provider) => {
    const source = certificateSource(provider);
    // By address, in the order they came.
    return source === null ? [] : [{ provider, source, kept: new Map<string, string>() }];
  });
  const underWay = new Map<string, Promise<void>>();
  const failed = new Map<string, number>();

  function fail(address: string, error: unknown): void {
    if (failed.size >= MOST_KEPT) failed.clear();
    failed.set(address, now());
    const [code, hint] = error instanceof WebhookError ? [error.code, error.hint ?? null] : ['target_unreachable', null];
    warn({ code, message: messageOf(error), hint });
  }

  async function bring(kept: Map<string, string>, url: string): Promise<void> {
    try {
      kept.set(url, await fetch(url));
      const [oldest = url] = kept.keys();
      if (kept.size > MOST_KEPT) kept.delete(oldest);
    } catch (error) {
      fail(url, error);
    }
  }

  return {
    async prepare(request) {
      for (const { provider, source, kept } of named) {
        const address = source.locate(request);
        if (address === null || now() - (failed.get(address) ?? Number.NEGATIVE_INFINITY) < REST_MS) continue;
        try {
          const { url } = certificateAddress(provider, request);
          if (kept.has(url) || (!underWay.has(url) && underWay.size >= MOST_AT_ONCE)) continue;
          const bringing = underWay.get(url) ?? bring(kept, url).finally(() => underWay.delete(url));
          underWay.set(url, bringing);
          await bringing;
        } catch (error) {
          fail(address, error);
        }
      }
    },
    secretsFor(provider) {
      const secrets = given(provider);
      const own = named.find((one) => one.provider.name === provider?.name);
      if (own === undefined) return secrets;
      const made = [...own.kept.values()].flatMap((certificate) =>
        (secrets.length === 0 ? [null] : secrets).map((secret) => own.source.join(certificate, secret)),
      );
      const all = [...new Set([...secrets, ...made])];
      return all.length === 0 ? [NO_CERTIFICATE] : all;
    },
  };
}
