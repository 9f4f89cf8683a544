/** An event of a stream of server-sent events. */
export interface ServerSentEvent {
  /** `message` where the stream names none. */
  readonly type: string;
  readonly data: string;
}

/**
 * Reads server-sent events from text as it comes in, in pieces of any size.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 *
 * @example
 * const reader = new EventStreamReader((event) => console.log(event.data));
 * reader.read('data: one\nda'); reader.read('ta: two\n\n'); // prints one and two, on two lines
 */
export class EventStreamReader {
  readonly #on: (event: ServerSentEvent) => void;
  #lastId = '';
  #id = '';
  #rest = '';
  #type = '';
  #data: string[] = [];
  #begun = false;

  constructor(on: (event: ServerSentEvent) => void) {
    this.#on = on;
  }

  /** The id of the last event, which a server is told to go on from there; empty where none had one. */
  get lastId(): string {
    return this.#lastId;
  }

  read(text: string): void {
    // A byte order mark may stand before the first character, and only there.
    const input = !this.#begun && text.startsWith('\ufeff') ? text.slice(1) : text;
    if (text !== '') this.#begun = true;
    const lines = (this.#rest + input).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    if (line === '') {
      this.#lastId = this.#id;
      if (this.#data.length > 0) this.#on({ type: this.#type === '' ? 'message' : this.#type, data: this.#data.join('\n') });
      this.#type = '';
      this.#data = [];
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#type = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
  }
}
