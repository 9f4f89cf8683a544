/** From a kept delivery to the request that goes out again. */
import type { Delivery } from '../../../core/delivery/delivery.js';
import { WebhookError } from '../../../core/errors.js';
import { type Edit, editBody } from '../../../core/events/edits.js';
import { targetUrl } from '../../../core/forward.js';
import { endToEndHeaders, headerValue, replaceHeaders, withoutHeaders } from '../../../core/http/headers.js';
import type { OutgoingRequest } from '../../../core/http/message.js';
import type { Provider } from '../../../core/providers/model.js';
import { resign } from '../../../core/signature/resign.js';
import { cannotSign } from '../../../core/signature/sign.js';
import { editBytes } from '../../../io/editor.js';
import { headerFlags } from '../headers.js';
import type { SecretFlags, Session } from '../session.js';
import { freshId } from '../time.js';

export interface PrepareFlags extends SecretFlags {
  readonly asIs?: boolean;
  readonly resign?: boolean;
  readonly set?: readonly Edit[];
  readonly unset?: readonly Edit[];
  readonly header?: readonly string[];
}

/** Who signs, and with what. */
interface Signer {
  readonly provider: Provider | null;
  readonly secrets: readonly string[];
}

/** Makes of kept deliveries the requests that go out, and decides about their signatures. */
export class Preparation {
  readonly #session: Session;
  readonly #flags: PrepareFlags;
  readonly #target: string;
  readonly #edits: readonly Edit[];
  readonly #own: ReturnType<typeof headerFlags>;
  readonly #signers = new Map<string, Promise<Signer>>();
  /** The body that a person has made of the one delivery there is. */
  #edited: Uint8Array | null = null;
  #resigned = 0;
  #kept = 0;

  constructor(session: Session, flags: PrepareFlags, target: string) {
    this.#session = session;
    this.#flags = flags;
    this.#target = target;
    this.#edits = [...(flags.set ?? []), ...(flags.unset ?? [])];
    this.#own = headerFlags(flags.header);
  }

  async providerOf(delivery: Delivery): Promise<Provider | null> {
    return (await this.#signerOf(delivery)).provider;
  }

  /** Opens the body in an editor; what is saved is what goes out from then on. */
  async edit({ request }: Delivery): Promise<void> {
    const body = editBody(request.headers, request.body, this.#edits);
    const type = headerValue(request.headers, 'content-type') ?? '';
    const name = /json/i.test(type) || /^\s*[[{]/.test(Buffer.from(body.subarray(0, 100)).toString('latin1')) ? 'json' : 'txt';
    this.#edited = await editBytes(this.#session.context, body, `body.${name}`);
    if (this.#edited === body) this.#session.renderer.info('Nothing was changed in the editor.');
  }

  /** @throws WebhookError where an edit cannot be made, or what is to be signed cannot be. */
  async request(delivery: Delivery): Promise<OutgoingRequest> {
    const { request, eventId } = delivery;
    const signer = await this.#signerOf(delivery);
    const body = this.#edited ?? editBody(request.headers, request.body, this.#edits);
    const sent: OutgoingRequest = {
      method: request.method,
      url: targetUrl(this.#target, request.path),
      headers: replaceHeaders(withoutHeaders(endToEndHeaders(request.headers), ['host', 'content-length', 'expect']), this.#own),
      body,
    };
    if (!this.#signs(signer, body !== request.body)) {
      this.#kept++;
      return sent;
    }
    const { provider, secrets } = signer;
    const { context } = this.#session;
    this.#resigned++;
    return resign(provider, sent, {
      secrets,
      timestamp: context.now(),
      id: eventId ?? freshId(provider, context),
      headers: this.#own,
    });
  }

  /** Says how many were signed anew and how many kept their signature. */
  report(): void {
    const { renderer } = this.#session;
    const resigned = this.#resigned;
    const kept = this.#kept;
    if (resigned > 0 && kept > 0) renderer.info(`${resigned} signed anew, ${kept} with the signature they came with.`);
    else if (resigned > 0) renderer.info('Signed anew. (--as-is keeps the signature it came with.)');
    else if (kept > 0) renderer.info('Sent with the signature it came with. (--resign makes a new one.)');
  }

  #signerOf({ provider }: Delivery): Promise<Signer> {
    const key = provider ?? '';
    const known = this.#signers.get(key);
    if (known !== undefined) return known;
    const found = this.#findSigner(provider);
    this.#signers.set(key, found);
    return found;
  }

  async #findSigner(name: string | null): Promise<Signer> {
    const provider = await this.#session.provider(name ?? undefined);
    return { provider, secrets: this.#flags.asIs ? [] : await this.#session.secrets(provider, this.#flags) };
  }

  /** By default a new signature is made where one is known to be needed: the scheme signs the time, or the body was edited. */
  #signs(signer: Signer, edited: boolean): signer is Signer & { readonly provider: Provider } {
    const { provider, secrets } = signer;
    if (this.#flags.asIs) return false;
    if (this.#flags.resign) {
      if (provider === null) {
        throw new WebhookError('usage', 'It is not known whose signature to make.', { hint: 'Add --provider <name>.' });
      }
      if (secrets.length === 0 || provider.schemes.length === 0) throw cannotSign(provider, secrets);
      return true;
    }
    if (provider === null || secrets.length === 0 || provider.schemes.length === 0) return false;
    return edited || provider.schemes.some((scheme) => scheme.sends && scheme.timestamp.length > 0);
  }
}
