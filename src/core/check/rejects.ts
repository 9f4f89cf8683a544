/** Deliveries that are not genuine: each is broken in one way, and has to be refused without failing over it. */
import { changedByte, changeSignatures, corrupt } from '../events/corrupt.js';
import { editBody } from '../events/edits.js';
import type { HeaderList } from '../http/headers.js';
import type { OutgoingRequest } from '../http/message.js';
import type { Scheme } from '../providers/model.js';
import type { SendOutcome } from '../send.js';
import { placeName } from '../signature/carrier.js';
import { decode, encode } from '../signature/encoding.js';
import { type Bench, isMisfit } from './bench.js';
import { footingOf } from './footing.js';
import { judgeRefused } from './judge.js';
import { type Check, skip } from './model.js';
import { addMember } from './variants.js';

/** A request that is not genuine, beside the same one as it would be. */
export interface Forged {
  readonly request: OutgoingRequest;
  readonly genuine: OutgoingRequest;
}

export interface Forgery {
  readonly id: `rejects.${string}`;
  readonly title: string;
  readonly why: string;
  /** A sentence: why it cannot be made for this provider. */
  make(bench: Bench): Forged | string;
}

const HOUR = 3_600_000;
const GARBAGE = 'this-is-not-a-signature';
const FIX =
  'Answer 401 (or 400) where the signature is missing, of the wrong form or length, or different. Check form and length first: timingSafeEqual ' +
  'throws on unequal lengths.';

/** The genuine delivery with its signatures replaced. */
function withSignatures(bench: Bench, change: (signature: string, scheme: Scheme) => string): Forged {
  const genuine = bench.right();
  return { genuine, request: { ...genuine, ...changeSignatures(bench.provider, genuine, change) } };
}

/** The genuine delivery with other bytes as its signatures; null: there are none (a scheme in code), and the text is changed. */
function withBytes(bench: Bench, change: (bytes: Buffer) => Buffer, changeText: (text: string) => string): Forged {
  return withSignatures(bench, (text, scheme) => {
    const bytes = scheme.custom === null ? decode(text, scheme.encoding) : null;
    return scheme.prefix + (bytes === null ? changeText(text) : encode(change(Buffer.from(bytes)), scheme.encoding));
  });
}

/** Signed at another time, and where the payload says when, sent then. */
function signedAt(bench: Bench, timestamp: number): Forged {
  const genuine = bench.right();
  try {
    return { genuine, request: bench.right({ timestamp }) };
  } catch (error) {
    if (isMisfit(error)) return { genuine, request: bench.signedAnew(genuine, { timestamp }) };
    throw error;
  }
}

/** The longest a scheme lets a signature be off, and two days more. */
function farOff(bench: Bench, side: 'past' | 'future'): number {
  return 48 * HOUR + Math.max(...bench.provider.schemes.map(({ tolerance }) => tolerance[side] ?? 0));
}

export const FORGERIES: readonly Forgery[] = [
  {
    id: 'rejects.missing',
    title: 'no signature',
    why: 'Whoever finds the URL can post to it.',
    make(bench) {
      const genuine = bench.right();
      const { headers, body } = genuine;
      return { genuine, request: { ...genuine, ...corrupt(bench.provider, { headers, body, edits: [] }, 'missing') } };
    },
  },
  {
    id: 'rejects.empty',
    title: 'an empty signature',
    why: 'An empty text counts as missing in one language and as a value in the next; where it is let through, so is anybody.',
    make: (bench) => replacedWhole(bench, ''),
  },
  {
    id: 'rejects.garbage',
    title: 'a signature of garbage',
    why: 'Scanners send anything; what cannot be read must end in a refusal, not in an exception.',
    make: (bench) => replacedWhole(bench, GARBAGE),
  },
  {
    id: 'rejects.not_encoded',
    title: 'a signature with characters its encoding has not',
    why: 'Decoders drop what they do not know, so that the lengths differ where nobody expects it.',
    make: (bench) =>
      bench.provider.schemes.some(({ encoding, custom }) => custom === null && encoding !== 'text')
        ? withSignatures(bench, (text, { prefix }) => prefix + '!z~'.repeat(text.length).slice(0, text.length))
        : 'Its signature is not encoded.',
  },
  {
    id: 'rejects.too_short',
    title: 'the first half of the signature',
    why: 'timingSafeEqual throws on unequal lengths: the 500 that follows is the classic bug.',
    make: (bench) =>
      withBytes(
        bench,
        (bytes) => bytes.subarray(0, Math.ceil(bytes.length / 2)),
        (text) => text.slice(0, Math.ceil(text.length / 2)),
      ),
  },
  {
    id: 'rejects.too_long',
    title: 'the signature with more after it',
    why: 'timingSafeEqual throws on unequal lengths, and whoever compares only as many characters as there should be takes it.',
    make: (bench) =>
      withBytes(
        bench,
        (bytes) => Buffer.concat([bytes, Buffer.alloc(8, 0xab)]),
        (text) => `${text}abababab`,
      ),
  },
  {
    id: 'rejects.other_secret',
    title: 'a signature made with another secret',
    why: 'It has the right form and length; only comparing it finds out.',
    make(bench) {
      const { otherSecret } = bench.options;
      if (otherSecret === null) return 'No other secret of this form could be made.';
      const genuine = bench.right();
      return { genuine, request: bench.signedAnew(genuine, { secrets: [otherSecret] }) };
    },
  },
  {
    id: 'rejects.other_body',
    title: 'the signature of another body',
    why: 'Whoever has seen one delivery could send any other with its signature.',
    make(bench) {
      const original = bench.right();
      const others = [changedByte(original.body), addMember(original.body, '"forged"') ?? original.body];
      // A change that the scheme does not cover would be no forgery.
      const body = others.find((other) => !bench.isGenuine({ ...original, body: other })) ?? original.body;
      return { genuine: bench.signedAnew(original, { body }), request: { ...original, body } };
    },
  },
  {
    id: 'rejects.wrong_encoding',
    title: 'the right signature in the wrong encoding',
    why: 'Taking what the provider never writes means that more is compared, or less, than the signature.',
    make: (bench) =>
      bench.provider.schemes.some(({ kind, encoding }) => kind !== 'custom' && encoding !== 'text')
        ? withSignatures(bench, (text, { prefix, encoding }) => {
            const bytes = decode(text, encoding);
            return prefix + (bytes === null ? text : encode(bytes, encoding.startsWith('hex') ? 'base64' : 'hex'));
          })
        : 'Its signature is not encoded.',
  },
  {
    id: 'rejects.stale',
    title: 'a delivery signed two days ago',
    why: 'Whoever recorded a delivery could send it again for ever.',
    make: (bench) => signedAt(bench, bench.options.outside.now() - farOff(bench, 'past')),
  },
  {
    id: 'rejects.future',
    title: 'a delivery signed two days from now',
    why: 'A timestamp that may lie ahead makes a recorded delivery last as long as its forger likes.',
    make: (bench) => signedAt(bench, bench.options.outside.now() + farOff(bench, 'future')),
  },
  {
    id: 'rejects.no_prefix',
    title: 'the signature without its prefix',
    why: 'The prefix names the algorithm; who ignores it can be talked into a weaker one.',
    make: (bench) =>
      bench.provider.schemes.some(({ prefix }) => prefix !== '')
        ? withSignatures(bench, (text) => text)
        : 'Its signature has no prefix.',
  },
];

export const rejects: readonly Check[] = FORGERIES.map((forgery) => ({
  id: forgery.id,
  title: forgery.title,
  why: forgery.why,
  fix: FIX,
  async run(bench) {
    const tried = await attempted(bench, forgery);
    if (typeof tried === 'string') return skip(tried);
    return judgeRefused(bench, tried, (await footingOf(bench)).answer);
  },
}));

/** What the endpoint answered to a forgery, tried once; a sentence where there is nothing to try. */
export function attempted(bench: Bench, forgery: Forgery): Promise<SendOutcome | string> {
  return bench.once(forgery.id, async () => {
    if (!bench.signs) return `${bench.provider.title} does not sign its deliveries.`;
    await footingOf(bench);
    const forged = forgery.make(bench);
    if (typeof forged === 'string') return forged;
    if (bench.isGenuine(forged.request)) return `By the rules of ${bench.provider.title} this is still a right signature.`;
    return bench.send(forged.request, forged.genuine);
  });
}

/** Whether changing the bytes of a body makes its signature wrong: not where a token is all there is, or values are what is signed. */
export function signsBytes(bench: Bench): boolean {
  if (!bench.signs) return false;
  const genuine = bench.right();
  const body = addMember(genuine.body, '1') ?? Buffer.concat([genuine.body, Buffer.from(' ')]);
  return !bench.isGenuine({ ...genuine, body });
}

/** The genuine delivery with one text in each place a signature stands. */
function replacedWhole(bench: Bench, text: string): Forged {
  const genuine = bench.right();
  const names = new Set<string>();
  let { body } = genuine;
  for (const { at } of bench.provider.schemes) {
    for (const locator of at) {
      const name = placeName(locator);
      if (locator.startsWith('header:')) names.add(name.replace('{n}', '1').toLowerCase());
      else if (bench.read(genuine).read(locator) !== null) {
        const path = locator.slice(locator.indexOf(':') + 1);
        body = editBody(genuine.headers, body, [{ kind: 'set', path, json: JSON.stringify(text) }]);
      }
    }
  }
  const headers: HeaderList = genuine.headers.map(([name, value]) => [name, names.has(name.toLowerCase()) ? text : value]);
  return { genuine, request: { ...genuine, headers, body } };
}
