/**
 * Ids of deliveries: `dlv_` and a ULID, which is 48 bits of time and 80 random bits in Crockford's base 32. Sorted as
 * text they are sorted by time.
 */
const PREFIX = 'dlv_';
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const FORM = /^dlv_[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const TIME_LENGTH = 10;
const HALF_LENGTH = 8;
const MAX_TIME = 2 ** 48 - 1;
const HALF = 2 ** 40;
const ID_BYTES = 10;
const IDS_AT_ONCE = 128;

/**
 * Gives a function that makes ids. Each is greater than the one before it, also within a millisecond and where the
 * clock stands still or jumps back.
 *
 * @param now Unix time in milliseconds.
 * @param random Gives as many random bytes as it is asked for.
 * @example const nextId = createIdSource(Date.now, randomBytes); nextId() // 'dlv_01KAVZC64M0MB004BA8FV0C981'
 */
export function createIdSource(now: () => number, random: (size: number) => Uint8Array): () => string {
  let time = -1;
  let high = 0;
  // Asking for randomness costs more than all the rest, so it is asked for many ids at a time.
  let pool: Uint8Array = new Uint8Array(0);
  let used = 0;
  return () => {
    if (used + ID_BYTES > pool.length) {
      pool = random(ID_BYTES * IDS_AT_ONCE);
      used = 0;
    }
    const bytes = pool.subarray(used, used + ID_BYTES);
    used += ID_BYTES;
    const current = clampTime(now());
    if (current > time) {
      time = current;
      high = readNumber(bytes, 0, 5);
    } else {
      // A random step keeps the order and still lets ids of one millisecond part early, so that short prefixes tell them apart.
      high += 1 + readNumber(bytes, 0, 3);
      if (high >= HALF) {
        time += 1;
        high = readNumber(bytes, 0, 3);
      }
    }
    return PREFIX + encode(time, TIME_LENGTH) + encode(high, HALF_LENGTH) + encode(readNumber(bytes, 5, 10), HALF_LENGTH);
  };
}

/** The time in an id, in Unix milliseconds; null where it is not an id of this program's form. */
export function timeOfId(id: string): number | null {
  if (!FORM.test(id)) return null;
  let time = 0;
  for (const letter of id.slice(PREFIX.length, PREFIX.length + TIME_LENGTH)) time = time * 32 + ALPHABET.indexOf(letter);
  return time;
}

/** The lowest id a delivery of that time can have: everything from then on sorts at or after it. */
export function lowestIdAt(ms: number): string {
  return PREFIX + encode(clampTime(ms), TIME_LENGTH) + '0'.repeat(2 * HALF_LENGTH);
}

function clampTime(ms: number): number {
  return Math.min(Math.max(Math.floor(ms), 0), MAX_TIME);
}

function readNumber(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (const byte of bytes.subarray(start, end)) value = value * 256 + byte;
  return value;
}

function encode(value: number, length: number): string {
  let text = '';
  let rest = value;
  for (let i = 0; i < length; i++) {
    text = ALPHABET.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
