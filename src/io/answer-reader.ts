/** Reads HTTP/1.1 answers (RFC 9112) out of the bytes of one connection, however they are cut. */
import { type HeaderList, parseHeaderLine } from '../core/http/headers.js';

/** Gets what is read, in order. */
export interface AnswerSink {
  /** The status line and the headers are there; not told of 1xx, which come before the answer. */
  onHead(status: number, headers: HeaderList): void;
  /** Some of the body; the bytes are the sink's own. */
  onData(bytes: Buffer): void;
}

/** How the end of a body is told: by so many bytes, by chunks, or by the end of the connection. */
type Framing = number | 'chunked' | 'connection';

interface Head {
  readonly status: number;
  readonly headers: HeaderList;
  readonly framing: Framing;
  /** How long the connection may be idle before it is not to be used any more, in milliseconds; null: it ends with this answer. */
  readonly keepMs: number | null;
}

const MAX_HEAD = 256 * 1024;
/** A chunk's size, and what may stand beside it. */
const MAX_LINE = 16 * 1024;
const START = 'HTTP/1.';
const KEEP_MS = 4_000;
const LONGEST_KEEP_MS = 600_000;
/** What the server says is what it waits: the request has to be there before. */
const KEEP_MARGIN_MS = 2_000;
const CR = 0x0d;
const LF = 0x0a;

type Part = 'head' | 'body' | 'size' | 'chunk' | 'chunk-end' | 'trailer' | 'done';

export class AnswerReader {
  readonly #sink: AnswerSink;
  #bodiless = false;
  #part: Part = 'done';
  #text = '';
  #left = 0;
  #head: Head | null = null;
  /** There was more than one answer: nobody knows what the rest is about. */
  #surplus = false;

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  /**
   * A request has been sent: its answer is what comes next.
   *
   * @param bodiless The answer has no body, whatever its headers say (HEAD).
   */
  expect(bodiless: boolean): void {
    this.#bodiless = bodiless;
    this.#part = 'head';
    this.#text = '';
    this.#head = null;
    this.#surplus = false;
  }

  /** How long the connection of the complete answer may be kept idle, in milliseconds; null: it may not. */
  get keepMs(): number | null {
    if (this.#surplus) return null;
    return this.#head?.framing === 'connection' && !this.#isBodiless(this.#head) ? null : (this.#head?.keepMs ?? null);
  }

  /**
   * @param bytes are the caller's again afterwards.
   * @returns Whether the answer is complete. Of more bytes than it has, the connection is not to be kept.
   * @throws Error `AnswerError`, with what was read as its `data`, where it is no answer; `ANSWER_HEADERS_TOO_LARGE` where its headers
   *   do not end.
   */
  read(bytes: Buffer): boolean {
    let at = 0;
    while (at < bytes.length) {
      switch (this.#part) {
        case 'head':
          at = this.#readHead(bytes, at);
          break;
        case 'body':
        case 'chunk':
          at = this.#readBody(bytes, at);
          break;
        case 'done':
          this.#surplus = true;
          return true;
        default:
          at = this.#readLine(bytes, at);
      }
    }
    return this.#part === 'done';
  }

  /** The connection has ended. Whether that completes the answer. */
  end(): boolean {
    if (this.#part !== 'body' || this.#head?.framing !== 'connection') return false;
    this.#part = 'done';
    return true;
  }

  #readHead(bytes: Buffer, from: number): number {
    const before = this.#text.length;
    this.#text += bytes.toString('latin1', from);
    // Some servers end the answer before with an empty line too many.
    const begins = this.#text.startsWith('\r\n') ? 2 : 0;
    if (this.#text === '\r') return bytes.length;
    if (!this.#text.startsWith(START.slice(0, this.#text.length - begins), begins)) {
      throw malformed('It does not begin as an answer does.', this.#text);
    }
    const end = this.#text.indexOf('\r\n\r\n', Math.max(begins, before - 3));
    if ((end < 0 ? this.#text.length : end) > MAX_HEAD) {
      throw Object.assign(new Error('headers too large'), { code: 'ANSWER_HEADERS_TOO_LARGE' });
    }
    if (end < 0) return bytes.length;
    const head = headOf(this.#text.slice(begins, end));
    const next = from + end + 4 - before;
    this.#text = '';
    // What is on its way: the answer follows.
    if (head.status < 200) return next;
    this.#head = head;
    this.#sink.onHead(head.status, head.headers);
    if (this.#isBodiless(head) || head.framing === 0) this.#part = 'done';
    else if (head.framing === 'chunked') this.#part = 'size';
    else {
      this.#part = 'body';
      this.#left = head.framing === 'connection' ? Number.POSITIVE_INFINITY : head.framing;
    }
    return next;
  }

  #isBodiless({ status }: Head): boolean {
    return this.#bodiless || status === 204 || status === 304;
  }

  #readBody(bytes: Buffer, from: number): number {
    const end = Math.min(bytes.length, from + this.#left);
    this.#left -= end - from;
    this.#sink.onData(Buffer.from(bytes.subarray(from, end)));
    if (this.#left === 0) this.#part = this.#part === 'chunk' ? 'chunk-end' : 'done';
    return end;
  }

  /** Reads up to the end of a line that belongs to the chunks. */
  #readLine(bytes: Buffer, from: number): number {
    const end = bytes.indexOf(LF, from);
    this.#text += bytes.toString('latin1', from, end < 0 ? bytes.length : end);
    if (this.#text.length > MAX_LINE) throw malformed('A line of its chunks is too long.', this.#text);
    if (end < 0) return bytes.length;
    if (this.#text.charCodeAt(this.#text.length - 1) !== CR)
      throw malformed('A line of its chunks does not end as lines do.', this.#text);
    const line = this.#text.slice(0, -1);
    this.#text = '';
    this.#takeLine(line);
    return end + 1;
  }

  #takeLine(line: string): void {
    if (this.#part === 'size') {
      const size = /^([0-9a-fA-F]{1,12})[ \t]*(?:;.*)?$/.exec(line)?.[1];
      if (size === undefined) throw malformed('A chunk has no size.', line);
      this.#left = Number.parseInt(size, 16);
      this.#part = this.#left === 0 ? 'trailer' : 'chunk';
    } else if (this.#part === 'chunk-end') {
      if (line !== '') throw malformed('A chunk is longer than it says.', line);
      this.#part = 'size';
    } else if (line === '') {
      this.#part = 'done';
    }
  }
}

/** The same server answers with the same headers for a second: until its `Date` is another. */
let last: { readonly text: string; readonly head: Head } | null = null;

function headOf(text: string): Head {
  if (last?.text !== text) last = { text, head: parseHead(text) };
  return last.head;
}

function parseHead(text: string): Head {
  const [line = '', ...fields] = text.split('\r\n');
  const start = /^HTTP\/1\.([01]) (\d{3})(?: |$)/.exec(line);
  // A status line may hold anything but what ends it early.
  if (start === null || /[\r\n]/.test(line)) throw malformed('It has no status line.', text);
  const status = Number(start[2]);
  // Nobody asked for another protocol.
  if (status < 100 || status === 101) throw malformed(`It is a ${status}, which is no answer.`, text);
  const headers = fields.map((field) => {
    const header = parseHeaderLine(field);
    if (header === null) throw malformed('It has a line that is no header.', text);
    return header;
  });
  return { status, headers, ...connectionOf(headers, start[1] === '1', text) };
}

function connectionOf(headers: HeaderList, persistent: boolean, text: string): Pick<Head, 'framing' | 'keepMs'> {
  let framing: Framing = 'connection';
  let codings = '';
  let keep = persistent;
  let keepMs = KEEP_MS;
  for (const [name, value] of headers) {
    switch (name.toLowerCase()) {
      case 'content-length':
        // Two lengths, even of one mind, are how answers are smuggled past a proxy.
        if (framing !== 'connection' || !/^\d{1,15}$/.test(value)) throw malformed('Its length is none.', text);
        framing = Number(value);
        break;
      case 'transfer-encoding':
        codings += `,${value}`;
        break;
      case 'connection':
        for (const option of value.toLowerCase().split(',')) {
          if (option.trim() === 'close') keep = false;
          else if (option.trim() === 'keep-alive') keep = true;
        }
        break;
      case 'keep-alive': {
        const seconds = /timeout=\s*(\d+)/i.exec(value)?.[1];
        if (seconds !== undefined) keepMs = Math.min(Number(seconds) * 1_000 - KEEP_MARGIN_MS, LONGEST_KEEP_MS);
        break;
      }
    }
  }
  if (codings !== '') {
    if (framing !== 'connection') throw malformed('It has a length and a transfer coding.', text);
    if (/(?:^|,)\s*chunked\s*$/i.test(codings)) framing = 'chunked';
  }
  return { framing, keepMs: keep && keepMs > 0 ? keepMs : null };
}

function malformed(message: string, data: string): Error {
  return Object.assign(new Error(message), { name: 'AnswerError', data });
}
