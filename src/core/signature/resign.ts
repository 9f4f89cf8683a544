import { editBody, settings } from '../events/edits.js';
import { type HeaderList, replaceHeaders } from '../http/headers.js';
import type { OutgoingRequest } from '../http/message.js';
import type { Provider } from '../providers/model.js';
import { signRequest, withoutSignature } from './sign.js';

export interface ResignInput {
  readonly secrets: readonly string[];
  /** Unix time in milliseconds. */
  readonly timestamp: number;
  /** For schemes that sign an id and find none in the request. */
  readonly id: string;
  /** Another body than the request's. */
  readonly body?: Uint8Array;
  /** The URL to send to, before signing adds to it. Default: the request's. */
  readonly url?: string;
  /** The URL that is signed where it is not the one that is sent to. */
  readonly signedUrl?: string | null;
  /** Headers that win over what is signed. */
  readonly headers?: HeaderList;
}

/**
 * The same delivery with a signature made anew, as a provider signs a further try: id and payload stay, the signed time is
 * another. Where there is nothing to sign with it is only given the body.
 *
 * @throws WebhookError `signing_impossible` where the scheme cannot sign it.
 */
export function resign(provider: Provider, request: OutgoingRequest, input: ResignInput): OutgoingRequest {
  const body = input.body ?? request.body;
  const url = input.url ?? request.url;
  if (input.secrets.length === 0 || provider.schemes.length === 0) return { ...request, body };
  const { method } = request;
  const signedUrl = input.signedUrl ?? null;
  const bare = withoutSignature(provider, request.headers);
  const { secrets, id, timestamp } = input;
  const signed = signRequest(provider, { headers: bare, body, secrets, id, timestamp, method, url: signedUrl ?? url });
  return {
    method,
    url: signedUrl === null ? (signed.url ?? url) : url,
    headers: replaceHeaders(replaceHeaders(bare, signed.headers), input.headers ?? []),
    body: editBody(request.headers, body, settings(signed.edits)),
  };
}
