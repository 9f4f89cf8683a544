import { headerValue, trimBlanks, withoutHeaders } from '../http/headers.js';
import type { HttpRequest, OutgoingRequest } from '../http/message.js';
import { lazyPattern } from '../lazy-pattern.js';
import { shellWord, singleQuoted } from './shell.js';

/** Linux gives one argument 128 KiB; longer bodies go in by a pipe. */
const LONGEST_ARGUMENT = 100_000;

/** What curl adds of its own; `-H 'Name:'` keeps it from doing so. */
const ADDED_BY_CURL = ['Accept', 'User-Agent'];
const ADDED_WITH_A_BODY = ['Content-Type', 'Expect'];

/** What curl makes from the body. */
const LEFT_TO_CURL = ['Content-Length', 'Transfer-Encoding'];

/**
 * A command for any POSIX shell that sends the same request with curl: method, URL, headers (order, case and duplicates
 * kept) and the body's exact bytes. Printable text stays readable; every other byte is spelled in octal for `printf`, so
 * that the command is safe to show and to paste.
 *
 * The length is left to curl, and Host where there is none.
 */
export function curlCommand(request: OutgoingRequest): string {
  const { method, url, headers, body } = request;
  const options: string[] = [];
  if (method === 'HEAD' && body.length === 0) options.push('--head');
  else options.push(`-X ${shellWord(method)}`);
  // curl tidies `/../` up and reads brackets and braces as patterns, unless it is told not to.
  if (url.includes('/.')) options.push('--path-as-is');
  if (/[[\]{}]/.test(url)) options.push('--globoff');
  // HTTP/2 would write header names in lower case.
  if (/^https:/i.test(url)) options.push('--http1.1');
  const lines = [`curl ${options.join(' ')} ${quoted(Buffer.from(escapedUrl(url), 'utf8'))}`];

  const sent = withoutHeaders(headers, LEFT_TO_CURL);
  for (const [name, value] of sent) {
    const text = trimBlanks(value);
    lines.push(`-H ${quoted(Buffer.from(text === '' ? `${name};` : `${name}: ${text}`, 'latin1'))}`);
  }
  const carriesBody = body.length > 0 || !['GET', 'HEAD'].includes(method);
  const unwanted = [...ADDED_BY_CURL, ...(carriesBody ? ADDED_WITH_A_BODY : [])].filter(
    (name) => headerValue(sent, name) === null,
  );
  if (unwanted.length > 0) lines.push(unwanted.map((name) => `-H '${name}:'`).join(' '));

  if (!carriesBody) return lines.join(' \\\n  ');
  const text = plainText(body);
  // curl reads a file where the data begin with @.
  if (text !== null && body.length <= LONGEST_ARGUMENT && !text.startsWith('@')) {
    return [...lines, `--data-binary ${singleQuoted(text)}`].join(' \\\n  ');
  }
  const print = text === null ? `printf ${format(body)}` : `printf '%s' ${singleQuoted(text)}`;
  return `${print} |\n${[...lines, '--data-binary @-'].join(' \\\n  ')}`;
}

/** The command for a request that was received, to a URL of its own or another: Host is that URL's. */
export function curlCommandTo(url: string, { method, headers, body }: HttpRequest): string {
  return curlCommand({ method, url, headers: withoutHeaders(headers, ['Host']), body });
}

/** One argument of the command. */
function quoted(bytes: Uint8Array): string {
  const text = plainText(bytes);
  return text === null || text.includes('\n') ? `"$(printf ${format(bytes)})"` : singleQuoted(text);
}

/** What a terminal obeys, hides or changes on the way to the clipboard; a newline is none of it. */
const UNPRINTABLE = lazyPattern(String.raw`(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]`, 'u');

/** The bytes as text, where they are UTF-8 and all of it can be shown; else null. */
function plainText(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return UNPRINTABLE().test(text) ? null : text;
  } catch {
    return null;
  }
}

/** The bytes as a quoted format of POSIX printf. */
function format(bytes: Uint8Array): string {
  // A dash in front would be read as an option.
  let text = bytes[0] === 0x2d ? '\\055' : '';
  for (const byte of text === '' ? bytes : bytes.subarray(1)) {
    if (byte === 0x27) text += "'\\''";
    else if (byte === 0x25) text += '%%';
    else if (byte === 0x5c) text += '\\\\';
    else if (byte >= 0x20 && byte <= 0x7e) text += String.fromCharCode(byte);
    else text += `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return `'${text}'`;
}

/** The URL with everything outside ASCII after the host percent-encoded, as URL parsers do; a host is curl's to encode. */
function escapedUrl(url: string): string {
  const [, origin = '', rest = url] = /^([a-z]+:\/\/[^/?#]*)(.*)$/is.exec(url) ?? [];
  return origin + rest.replace(/[^\x21-\x7e]+/g, (text) => encodeURIComponent(text));
}
