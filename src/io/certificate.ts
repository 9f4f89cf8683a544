import { generateKeyPairSync, sign } from 'node:crypto';
import { isIP, isIPv6 } from 'node:net';

/** A certificate and its private key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;
const VALID_DAYS = 30;

/**
 * Makes a self-signed certificate (X.509 v3, ECDSA P-256) for host names and addresses, valid from yesterday for a month.
 * Nobody trusts it; it is for senders that are told to take it.
 *
 * @param random `size` random bytes, for the serial number.
 * @example const { cert, key } = makeCertificate(['localhost', '127.0.0.1'], Date.now(), randomBytes);
 */
export function makeCertificate(names: readonly string[], now: number, random: (size: number) => Uint8Array): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const name = sequence(set(sequence(oid('2.5.4.3'), der(UTF8_STRING, Buffer.from(names[0] ?? 'localhost', 'utf8')))));
  const serial = Buffer.from(random(16));
  // Positive, and of full length.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const toBeSigned = sequence(
    der(EXPLICIT | 0, integer(Buffer.from([2]))),
    integer(serial),
    ECDSA_SHA256,
    name,
    sequence(time(now - DAY_MS), time(now + VALID_DAYS * DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      EXPLICIT | 3,
      sequence(extension('2.5.29.17', sequence(...names.map(alternativeName))), extension('2.5.29.19', sequence(TRUE))),
    ),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const certificate = sequence(toBeSigned, ECDSA_SHA256, der(BIT_STRING, Buffer.concat([Buffer.from([0]), signature])));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

// DER (X.690) as far as a certificate (RFC 5280) needs it.
const BOOLEAN = 0x01;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OID = 0x06;
const UTF8_STRING = 0x0c;
const GENERALIZED_TIME = 0x18;
const UTC_TIME = 0x17;
const SEQUENCE = 0x30;
const SET = 0x31;
const EXPLICIT = 0xa0;
/** In a subject alternative name: a DNS name, an address. */
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

function der(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return der(SEQUENCE, Buffer.concat(parts));
}

function set(...parts: readonly Uint8Array[]): Buffer {
  return der(SET, Buffer.concat(parts));
}

function integer(bytes: Uint8Array): Buffer {
  return der(INTEGER, bytes);
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const digits = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
    bytes.push(...digits);
  }
  return der(OID, Buffer.from(bytes));
}

/** Up to 2049 with two digits of the year, as RFC 5280 (4.1.2.5) has it. */
function time(ms: number): Buffer {
  const text = `${new Date(ms).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  return text < '2050' ? der(UTC_TIME, Buffer.from(text.slice(2))) : der(GENERALIZED_TIME, Buffer.from(text));
}

function extension(id: string, value: Uint8Array): Buffer {
  return sequence(oid(id), der(OCTET_STRING, value));
}

function alternativeName(name: string): Buffer {
  return isIP(name) === 0 ? der(DNS_NAME, Buffer.from(name, 'latin1')) : der(IP_ADDRESS, Buffer.from(addressBytes(name)));
}

function addressBytes(address: string): number[] {
  if (!isIPv6(address)) return address.split('.').map(Number);
  // As a URL it is in one form only, without an embedded IPv4 address.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string): number[] => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const left = groups(head);
  const right = groups(tail ?? '');
  const middle = tail === undefined ? [] : new Array<number>(8 - left.length - right.length).fill(0);
  return [...left, ...middle, ...right].flatMap((group) => [group >> 8, group & 0xff]);
}

const TRUE: Buffer = der(BOOLEAN, Buffer.from([0xff]));
const ECDSA_SHA256: Buffer = sequence(oid('1.2.840.10045.4.3.2'));
