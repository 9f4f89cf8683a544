import { WebhookError } from '../core/errors.js';
import type { HeaderList } from '../core/http/headers.js';
import type { HttpResponse } from '../core/http/message.js';

/** An answer in full. */
export interface FullReply {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>> | HeaderList;
  /** Text or bytes as they are, anything else as JSON. Default: none. */
  readonly body?: unknown;
}

/** What is answered: a status, more than that, or null: nothing, the connection is closed. */
export type Reply = number | FullReply | null;

/** The answer to every delivery, or what says it for each. */
export type Replier<D> = Reply | ((delivery: D) => Reply | Promise<Reply>);

/** What deliveries are answered, one after another: what is said for the next few first, and then what is said for all. */
export class Replies<D> {
  #usual: Replier<D>;
  #next: Array<{ readonly replier: Replier<D>; left: number }> = [];

  constructor(usual: Replier<D>) {
    this.#usual = usual;
  }

  /** @param times For so many; absent: for all from now on, and what was said before no longer counts. */
  set(replier: Replier<D>, times?: number): void {
    if (times === undefined) {
      this.#usual = replier;
      this.#next = [];
    } else if (Number.isInteger(times) && times > 0) {
      this.#next.push({ replier, left: times });
    } else {
      throw new WebhookError('usage', `'times' is a whole number above 0, not ${times}.`);
    }
  }

  /** Null: no answer. Throws what a function of the user's throws. */
  async to(delivery: D): Promise<HttpResponse | null> {
    const replier = this.#take();
    const reply = typeof replier === 'function' ? await replier(delivery) : replier;
    return reply === null ? null : responseOf(typeof reply === 'number' ? { status: reply } : reply);
  }

  #take(): Replier<D> {
    const [first] = this.#next;
    if (first === undefined) return this.#usual;
    first.left--;
    if (first.left === 0) this.#next.shift();
    return first.replier;
  }
}

function responseOf({ status = 200, headers = {}, body }: FullReply): HttpResponse {
  const pairs = headerPairs(headers);
  if (body === undefined) return { status, headers: pairs, body: Buffer.alloc(0) };
  if (typeof body === 'string') return { status, headers: pairs, body: Buffer.from(body) };
  if (ArrayBuffer.isView(body)) {
    return { status, headers: pairs, body: Buffer.from(body.buffer, body.byteOffset, body.byteLength) };
  }
  const typed = pairs.some(([name]) => name.toLowerCase() === 'content-type');
  const type: HeaderList = typed ? [] : [['Content-Type', 'application/json']];
  return { status, headers: [...pairs, ...type], body: Buffer.from(JSON.stringify(body)) };
}

/** Headers in either form, as pairs. */
export function headerPairs(headers: Readonly<Record<string, string>> | HeaderList): HeaderList {
  return Array.isArray(headers) ? (headers as HeaderList) : Object.entries(headers as Readonly<Record<string, string>>);
}
