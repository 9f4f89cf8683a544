/**
 * Which three bytes in a row stand in which bodies, in about a tenth of their size: bodies are put into slots of about a
 * kilobyte; a slot has a bit for each of 4,096 classes of such triples. A text can only stand in slots that have the bits of
 * all its triples: most others are ruled out, and the few that are left are read. Letters of ASCII count as small.
 *
 * Bits are kept by class: the bits of one class in all slots of a segment are a slice, and a search reads a few slices. Bodies
 * of one kind are much alike, so many slices are full, which costs nothing, or nearly empty, which costs little.
 */

/** Classes, and so slices of a segment. */
export const SLICES = 4_096;
/** Slots of a segment. */
const SLOTS = 8_192;
const SLICE_BYTES = SLOTS / 8;
/** From slice to slice in memory: at a power of two, they would push each other out of the processor's cache. */
const STRIDE = SLICE_BYTES + 64;
/** A slot takes bodies until it would hold more than that. */
const MOST_SLOT_BYTES = 1_536;
/** A longer one is cut into pieces, which overlap: what is no longer than that, and a byte, stands whole in one of them. */
const PIECE_BYTES = 1_024;
const OVERLAP = 64;
/** Larger bodies are not looked into: they are always read. */
export const LARGE_BODY = 262_144;
/** More of its triples make a search no better. */
const MOST_CLASSES = 16;

/** The slots of consecutive bodies. */
export class SegmentBuilder {
  /** The number of the first and the last body; null: there are none yet. */
  first: number | null = null;
  last = 0;
  #slots = 0;
  #filled = 0;
  readonly #bits = new Uint8Array(SLICES * STRIDE);
  readonly #starts = new Uint32Array(SLOTS);
  /** The classes of the slot that is being filled: whether one is there, and which are. */
  readonly #has = new Uint8Array(SLICES);
  readonly #classes = new Uint16Array(SLICES);
  #count = 0;

  /**
   * Adds the next body; false where it has no room: then the segment is complete.
   *
   * @param body Null: too large to be looked into.
   */
  add(number: number, body: Uint8Array | null): boolean {
    const size = body?.length ?? 0;
    const several = size > MOST_SLOT_BYTES;
    const opens = this.#slots === 0 || body === null || several || this.#filled + size > MOST_SLOT_BYTES;
    const pieces = several ? Math.ceil((size - OVERLAP) / (PIECE_BYTES - OVERLAP)) : 1;
    if (opens && this.#slots + pieces > SLOTS) return false;
    this.first ??= number;
    this.last = number;
    if (body === null) {
      this.#open(number);
      this.#count = SLICES;
      for (let one = 0; one < SLICES; one++) this.#classes[one] = one;
    } else if (several) {
      for (let piece = 0; piece < pieces; piece++) {
        this.#open(number);
        const from = piece * (PIECE_BYTES - OVERLAP);
        this.#fill(body, from, Math.min(from + PIECE_BYTES, size));
      }
    } else {
      if (opens) this.#open(number);
      this.#fill(body, 0, size);
    }
    // What follows a body of its own begins a slot of its own.
    this.#filled = body === null || several ? MOST_SLOT_BYTES : this.#filled + size;
    return true;
  }

  /** The number of the first body of each slot, after that of the segment. */
  starts(): Uint8Array {
    const first = this.first ?? 0;
    return new Uint8Array(this.#starts.slice(0, this.#slots).map((start) => start - first).buffer);
  }

  /** Each class that stands in some slot with its slice, as it is stored; null: it stands in all of them. */
  *slices(): IterableIterator<readonly [slice: number, stored: Uint8Array | null]> {
    this.#close();
    for (let slice = 0; slice < SLICES; slice++) {
      const bits = this.#bits.subarray(slice * STRIDE, slice * STRIDE + SLICE_BYTES);
      const count = countOf(bits);
      if (count > 0) yield [slice, count === this.#slots ? null : pack(bits, count)];
    }
  }

  /** Makes room for the next segment. */
  clear(): void {
    this.#close();
    this.first = null;
    this.#slots = 0;
    this.#filled = 0;
    this.#bits.fill(0);
  }

  #open(number: number): void {
    this.#close();
    this.#starts[this.#slots] = number;
    this.#slots++;
    this.#filled = 0;
  }

  /** Writes down the classes of the slot. */
  #close(): void {
    const bits = this.#bits;
    const slot = this.#slots - 1;
    const bit = 1 << (slot & 7);
    for (let i = 0; i < this.#count; i++) {
      const one = this.#classes[i] as number;
      const place = one * STRIDE + (slot >> 3);
      bits[place] = (bits[place] as number) | bit;
      this.#has[one] = 0;
    }
    this.#count = 0;
  }

  /** The innermost loop: a million bodies are a thousand million turns of it. */
  #fill(body: Uint8Array, from: number, to: number): void {
    const has = this.#has;
    const classes = this.#classes;
    let count = this.#count;
    let triple = 0;
    for (let at = from; at < to; at++) {
      triple = nextTriple(triple, body[at] as number);
      // The first two make a class of their own, which does no harm.
      const one = classOf(triple);
      if (has[one] === 0) {
        has[one] = 1;
        classes[count++] = one;
      }
    }
    this.#count = count;
  }
}

/** The classes of a text's triples, a few of them; none where it is too short to have one. */
export function classesOf(text: Uint8Array): number[] {
  const classes = new Set<number>();
  let triple = 0;
  for (const [at, byte] of text.subarray(0, OVERLAP + 1).entries()) {
    triple = nextTriple(triple, byte);
    if (at >= 2) classes.add(classOf(triple));
  }
  return [...classes].slice(0, MOST_CLASSES);
}

/** A segment as it is stored, to be compared with the bodies it is about; one after another takes its place. */
export class StoredSegment {
  /** All slices, one behind another. */
  readonly #bits = new Uint8Array(SLICES * STRIDE);
  #starts = new Uint32Array(0);
  /** In which body a class was seen last, so that each is looked up once a body. */
  readonly #seen = new Uint32Array(SLICES);
  #body = 0;

  load(slices: Iterable<readonly [slice: number, stored: Uint8Array | null]>, starts: Uint8Array): void {
    this.#bits.fill(0);
    for (const [slice, stored] of slices) {
      const place = slice * STRIDE;
      if (stored === null) this.#bits.fill(0xff, place, place + SLICE_BYTES);
      else this.#bits.set(unpack(stored), place);
    }
    this.#starts = new Uint32Array(starts.slice().buffer);
  }

  /** Whether a search for anything in a body finds it. `offset`: its number, after that of the first one. */
  holds(offset: number, body: Uint8Array): boolean {
    const starts = this.#starts;
    let last = 0;
    for (let step = SLOTS; step >= 1; step >>= 1) {
      const next = starts[last + step];
      if (next !== undefined && next <= offset) last += step;
    }
    // A long body has several, all of which begin with it.
    let first = last;
    while (first > 0 && starts[first] === offset && starts[first - 1] === offset) first--;
    const seen = this.#seen;
    const turn = ++this.#body;
    let triple = 0;
    for (let at = 0; at < body.length; at++) {
      triple = nextTriple(triple, body[at] as number);
      if (at < 2) continue;
      const one = classOf(triple);
      if (seen[one] === turn) continue;
      seen[one] = turn;
      if (!this.#stands(one, first, last)) return false;
    }
    return true;
  }

  /** Whether a class stands in one of these slots. */
  #stands(one: number, first: number, last: number): boolean {
    for (let slot = first; slot <= last; slot++) {
      if (((this.#bits[one * STRIDE + (slot >> 3)] as number) & (1 << (slot & 7))) !== 0) return true;
    }
    return false;
  }
}

/**
 * The bodies in which a text may stand, as ranges of numbers, both ends among them.
 *
 * @param slices Of all classes of the text, as they are stored; null: that class is in all slots.
 * @param starts As {@link SegmentBuilder.starts} gave them.
 */
export function rangesOf(
  slices: ReadonlyArray<Uint8Array | null>,
  starts: Uint8Array,
  { first, last }: { readonly first: number; readonly last: number },
): Array<[from: number, to: number]> {
  const offsets = new Uint32Array(starts.slice().buffer);
  const some = slices.filter((slice) => slice !== null).map(unpack);
  const ranges: Array<[number, number]> = [];
  for (let byte = 0; byte * 8 < offsets.length; byte++) {
    let bits = 0xff;
    for (const slice of some) bits &= slice[byte] ?? 0;
    for (; bits !== 0; bits &= bits - 1) {
      const slot = byte * 8 + 31 - Math.clz32(bits & -bits);
      const start = offsets[slot];
      if (start === undefined) break;
      const from = first + start;
      const next = offsets[slot + 1];
      const to = next === undefined ? last : Math.max(from, first + next - 1);
      const before = ranges[ranges.length - 1];
      if (before !== undefined && from <= before[1] + 1) before[1] = Math.max(before[1], to);
      else ranges.push([from, to]);
    }
  }
  return ranges;
}

/** The last two bytes of a triple and the next one. */
function nextTriple(triple: number, byte: number): number {
  return ((triple << 8) | (FOLDED[byte] as number)) & 0xff_ff_ff;
}

/** Which of the classes a triple is in: the upper twelve bits of a product that mixes them all. */
function classOf(triple: number): number {
  return Math.imul(triple, 0x9e_37_79_b1) >>> 20;
}

/** A letter of ASCII as a small one. */
const FOLDED: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte));

function countOf(bits: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < SLICE_BYTES; at++) count += ONES[bits[at] as number] as number;
  return count;
}

/** How many bits of a byte are set. */
const ONES: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/** A slice that is mostly empty is stored as the distances between its bits, a byte each; 255: so many further without a bit. */
function pack(bits: Uint8Array, count: number): Uint8Array {
  if (count * 2 >= SLICE_BYTES) return bits;
  const packed = new Uint8Array(count + SLOTS / 255);
  let length = 0;
  let before = -1;
  for (let at = 0; at < SLICE_BYTES; at++) {
    for (let rest = bits[at] as number; rest !== 0; rest &= rest - 1) {
      const slot = at * 8 + 31 - Math.clz32(rest & -rest);
      let distance = slot - before - 1;
      for (; distance >= 255; distance -= 255) packed[length++] = 255;
      packed[length++] = distance;
      before = slot;
    }
  }
  return packed.subarray(0, length);
}

function unpack(stored: Uint8Array): Uint8Array {
  if (stored.length === SLICE_BYTES) return stored;
  const bits = new Uint8Array(SLICE_BYTES);
  let slot = -1;
  for (const distance of stored) {
    if (distance === 255) {
      slot += 255;
      continue;
    }
    slot += distance + 1;
    bits[slot >> 3] = (bits[slot >> 3] ?? 0) | (1 << (slot & 7));
  }
  return bits;
}
