import type { JsonPath, PathSegment } from './json-path.js';
import { JsonReader, type JsonTokenKind, utf8AsLatin1, utf8Of } from './json-tokens.js';

/** A value on a path, with what an edit of it needs to know. */
export interface Step {
  readonly kind: JsonTokenKind;
  readonly start: number;
  readonly end: number;
  /** How many members or items it has. */
  readonly count: number;
  /** Where its last member or item ends. */
  readonly lastEnd: number;
  /** What to take out of it, commas included, to take out all that the path names in it. */
  readonly cuts: ReadonlyArray<readonly [start: number, end: number]>;
}

/**
 * Follows a path through a whole document (bytes read as Latin-1) in one pass. Gives what stands at each step from the root
 * on, as far as the path leads: it leads to its end where there is one more step than segments. Of a key that stands several
 * times, the last one counts.
 *
 * @throws WebhookError `edit_failed` with line and column where the document is not JSON.
 */
export function walkPath(text: string, path: JsonPath): Step[] {
  const reader = new JsonReader(text);
  const names = path.map((segment) => utf8AsLatin1(segment.text));
  const steps: OpenStep[] = [];
  /** How many of the open containers are on the path: the outermost ones. */
  let onPath = 0;
  while (reader.next()) {
    const { kind, start, end } = reader;
    const container = steps[onPath - 1];
    switch (kind) {
      case ',':
      case ':':
        break;
      case '}':
      case ']':
        if (reader.depth === onPath) {
          // It stood in the innermost container of the path, but was not on the path itself.
          container?.endItem(end);
        } else if (reader.depth === onPath - 1) {
          container?.close(end);
          onPath--;
          steps[onPath - 1]?.endItem(end);
        }
        break;
      case 'key':
        if (reader.depth === onPath)
          container?.beginItem(start, isMember(text.slice(start + 1, end - 1), path[onPath - 1], names[onPath - 1]));
        break;
      default: {
        const opens = kind === '{' || kind === '[';
        if (reader.depth - (opens ? 1 : 0) !== onPath) break;
        if (container?.kind === '[') container.beginItem(start, isItem(container.count, path[onPath - 1]));
        if (container === undefined || container.named) {
          // A key that stands again starts over what was found below its earlier self.
          steps.length = onPath;
          steps.push(new OpenStep(kind, start, end));
          if (opens) onPath++;
        }
        if (!opens) container?.endItem(end);
      }
    }
  }
  return steps;
}

class OpenStep implements Step {
  readonly kind: JsonTokenKind;
  readonly start: number;
  end: number;
  count = 0;
  lastEnd: number;
  readonly cuts: Array<readonly [start: number, end: number]> = [];
  /** Whether the path names the member or item that is being read. */
  named = false;
  #itemStart = 0;
  /** Where the first members start that go while none before them stays; -1 where there are none. */
  #leading = -1;
  #stays = false;

  constructor(kind: JsonTokenKind, start: number, end: number) {
    this.kind = kind;
    this.start = start;
    this.end = end;
    this.lastEnd = end;
  }

  beginItem(start: number, named: boolean): void {
    // The leading ones go with the comma after them, all others with the one before.
    if (this.#leading >= 0) this.cuts.push([this.#leading, start]);
    this.#leading = -1;
    this.#itemStart = start;
    this.named = named;
  }

  endItem(end: number): void {
    if (!this.named) this.#stays = true;
    else if (this.#stays) this.cuts.push([this.lastEnd, end]);
    else this.#leading = this.#itemStart;
    this.count++;
    this.lastEnd = end;
  }

  close(end: number): void {
    if (this.#leading >= 0) this.cuts.push([this.#leading, this.lastEnd]);
    this.end = end;
  }
}

/** Whether a key (its Latin-1 text between the quotes) is the one a segment names. */
function isMember(key: string, segment: PathSegment | undefined, name: string | undefined): boolean {
  if (segment === undefined || name === undefined || segment.form === 'index') return false;
  return key.includes('\\') ? JSON.parse(utf8Of(`"${key}"`)) === segment.text : key === name;
}

function isItem(index: number, segment: PathSegment | undefined): boolean {
  return segment !== undefined && segment.form !== 'key' && segment.text === String(index);
}
