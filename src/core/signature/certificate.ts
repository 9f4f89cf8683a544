/** Where the certificate that verifies a request may be fetched from. */
import { WebhookError } from '../errors.js';
import type { Provider } from '../providers/model.js';
import type { CertificateSource, CustomInput } from './custom/model.js';

/** Where a provider's certificates come from; null: its requests name none. */
export function certificateSource({ schemes }: Pick<Provider, 'schemes'>): CertificateSource | null {
  return schemes.map(({ custom }) => custom?.certificate).find((one) => one !== undefined) ?? null;
}

/**
 * The address of the certificate that a request names: https, and at a host of the provider's own.
 *
 * @throws WebhookError `usage` where the provider's requests name none, `input_malformed` where this one does not, or one elsewhere.
 */
export function certificateAddress(
  provider: Pick<Provider, 'title' | 'schemes'>,
  request: Pick<CustomInput, 'headers' | 'body'>,
): { readonly url: string; readonly source: CertificateSource } {
  const source = certificateSource(provider);
  if (source === null) {
    throw new WebhookError('usage', `${provider.title} has no certificates to fetch.`, {
      hint: 'Leave --fetch-certificate out.',
    });
  }
  const text = source.locate(request);
  if (text === null) {
    throw new WebhookError('input_malformed', 'The request does not say where its certificate is.', {
      hint: 'Give the whole request: an .http file, an exported delivery, or its headers with -H.',
    });
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '' || !source.trusts(url)) {
    throw new WebhookError(
      'input_malformed',
      `The certificate it names is not at an address of ${provider.title}’s own; nothing was fetched.`,
      {
        hint: 'Whoever sent this may be somebody else.',
      },
    );
  }
  return { url: url.href, source };
}
