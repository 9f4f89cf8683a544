/** From a kept delivery to the request that goes out again. */
import type { Context } from '../../../context.js';
import type { Delivery } from '../../../core/delivery/delivery.js';
import { messageOf, WebhookError } from '../../../core/errors.js';
import { type Edit, editBody } from '../../../core/events/edits.js';
import { minifyJson } from '../../../core/events/json-text.js';
import { SENDERS_OWN, targetUrl } from '../../../core/forward.js';
import { endToEndHeaders, headerValue, replaceHeaders } from '../../../core/http/headers.js';
import type { OutgoingRequest } from '../../../core/http/message.js';
import type { Provider } from '../../../core/providers/model.js';
import { secretVariable } from '../../../core/providers/variable.js';
import { resign } from '../../../core/signature/resign.js';
import { cannotSign } from '../../../core/signature/sign.js';
import { editBytes } from '../../../io/editor.js';
import { confirmed } from '../ask.js';
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

/** Why it is not JSON; null: it is. */
function jsonFault(bytes: Uint8Array): string | null {
  try {
    minifyJson(bytes);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

/** Who broke the JSON on purpose says so; else the editor opens again. Without a terminal nothing is sent. */
function isMeant(context: Context, fault: string): Promise<boolean> {
  return confirmed(
    context,
    `${fault} Send it as it is? (no: edit it again)`,
    `${fault} Nothing was sent.`,
    'Correct what the editor writes. To send other bytes than JSON: webhook trigger <event> --data @file',
  );
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
  #unsigned = 0;
  #warned = false;

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
    const { context, renderer } = this.#session;
    const body = editBody(request.headers, request.body, this.#edits);
    const type = headerValue(request.headers, 'content-type') ?? '';
    const name = /json/i.test(type) || /^\s*[[{]/.test(Buffer.from(body.subarray(0, 100)).toString('latin1')) ? 'json' : 'txt';
    const wasJson = jsonFault(body) === null;
    let saved = body;
    let fault: string | null;
    do {
      saved = await editBytes(context, saved, `body.${name}`);
      fault = wasJson ? jsonFault(saved) : null;
    } while (fault !== null && !(await isMeant(context, fault)));
    if (Buffer.compare(saved, body) === 0) renderer.info('Nothing was changed in the editor.');
    else this.#edited = saved;
  }

  /** @throws WebhookError, which names the delivery, where an edit cannot be made, or what is to be signed cannot be. */
  async request(delivery: Delivery): Promise<OutgoingRequest> {
    try {
      return await this.#made(delivery);
    } catch (error) {
      if (!(error instanceof WebhookError) || error.code === 'interrupted') throw error;
      const options = { ...(error.hint === null ? {} : { hint: error.hint }), cause: error };
      throw new WebhookError(error.code, `${delivery.id} was not sent. ${error.message}`, options);
    }
  }

  async #made(delivery: Delivery): Promise<OutgoingRequest> {
    const { request, eventId } = delivery;
    const signer = await this.#signerOf(delivery);
    const body = this.#edited ?? editBody(request.headers, request.body, this.#edits);
    const sent: OutgoingRequest = {
      method: request.method,
      url: targetUrl(this.#target, request.path),
      headers: replaceHeaders(endToEndHeaders(request.headers, SENDERS_OWN), this.#own),
      body,
    };
    const edited = body !== request.body;
    if (!this.#signs(signer, edited)) {
      if (signer.provider === null || delivery.verdict.reason === 'missing_signature') this.#unsigned++;
      else {
        this.#kept++;
        if (edited && !this.#flags.asIs) this.#warnOfEdit(signer.provider);
      }
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

  /** Says how many were signed anew and how many kept their signature; `sent`: whether they went out. */
  report(sent: boolean): void {
    const { renderer } = this.#session;
    const resigned = this.#resigned;
    const kept = this.#kept;
    const unsigned = this.#unsigned;
    if ([resigned, kept, unsigned].filter((count) => count > 0).length > 1) {
      const parts = [
        [resigned, 'signed anew'],
        [kept, 'with the signature they came with'],
        [unsigned, 'that came without one'],
      ] as const;
      renderer.info(`${parts.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : [])).join(', ')}.`);
    } else if (resigned > 0) renderer.info('Signed anew. (--as-is keeps the signature it came with.)');
    else if (kept > 0)
      renderer.info(`${sent ? 'Sent' : 'It goes out'} with the signature it came with. (--resign makes a new one.)`);
  }

  /** Once: it is the same with all that follow. */
  #warnOfEdit({ name, schemes }: Provider): void {
    if (this.#warned || !schemes.some(({ sends }) => sends)) return;
    this.#warned = true;
    this.#session.renderer.warning({
      code: 'secret_missing',
      message: 'The body is changed and its signature is not: there is no secret to make a new one with.',
      hint: `Set ${secretVariable(name)} in the environment; --as-is if that is meant.`,
    });
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
        throw new WebhookError('usage', 'It is not known whose signature to make.', {
          hint: `Say who sends in the config: "provider": "stripe". (--provider selects deliveries.)`,
        });
      }
      if (secrets.length === 0 || provider.schemes.length === 0) throw cannotSign(provider, secrets);
      return true;
    }
    if (provider === null || secrets.length === 0 || provider.schemes.length === 0) return false;
    return edited || provider.schemes.some((scheme) => scheme.sends && scheme.timestamp.length > 0);
  }
}
