/** src/testing/payloads.ts: the type of each event's payload, read off its fixture. */
import { sampleHeaders } from '../src/core/events/sample.js';
import { headerValue } from '../src/core/http/headers.js';
import { builtinProviders } from '../src/core/providers/list.js';
import type { Provider } from '../src/core/providers/model.js';
import { readFixture } from '../src/io/fixtures.js';

/** What a JSON value is, as far as one or several examples tell. */
interface Shape {
  readonly kinds: ReadonlySet<string>;
  /** Of objects: its members, and whether each example had them. */
  readonly members: ReadonlyMap<string, { readonly shape: Shape; readonly optional: boolean }> | null;
  readonly items: Shape | null;
}

/** @param fixtures The folder they are in. */
export async function payloadTypes(fixtures: string): Promise<string> {
  const providers = [...builtinProviders].sort((a, b) => (a.name < b.name ? -1 : 1));
  const sections = await Promise.all(providers.map((provider) => section(provider, fixtures)));
  const names = providers.map(({ name }) => `  ${key(name)}: ${typeName(name)};`);
  return [
    '/**',
    ' * What each event of each built-in provider holds, as its sample shows it. A value that is null in the sample, or an empty list, is',
    ' * unknown. Made of the fixtures by `npm run docs`; do not edit.',
    ' */',
    '',
    `export interface Payloads {\n${names.join('\n')}\n}`,
    '',
    sections.join('\n\n'),
    '',
  ].join('\n');
}

async function section(provider: Provider, builtinDir: string): Promise<string> {
  const prefix = typeName(provider.name);
  const events = await Promise.all(
    Object.keys(provider.events).map(async (event) => [event, await payloadShape(provider, event, builtinDir)] as const),
  );
  // Objects that stand in several places have a name, and are written once.
  const seen = new Map<string, number>();
  for (const [, shape] of events) if (shape !== null) countObjects(shape, seen);
  const shared = new Map<string, string>();
  const definitions: string[] = [];
  const write = (shape: Shape): string =>
    spell(shape, (object) => {
      const plain = spell(object, null);
      if ((seen.get(plain) ?? 0) < 2 || plain.length < 60) return null;
      let name = shared.get(plain);
      if (name === undefined) {
        name = `${prefix}${shared.size + 1}`;
        shared.set(plain, name);
        definitions.push(`interface ${name} ${membersOf(object, write)}`);
      }
      return name;
    });
  const lines = events.map(([event, shape]) => `  ${key(event)}: ${shape === null ? 'undefined' : write(shape)};`);
  return [...definitions, `export interface ${prefix} {\n${lines.join('\n')}\n}`].join('\n');
}

/** Null: it is no JSON. */
async function payloadShape(provider: Provider, event: string, builtinDir: string): Promise<Shape | null> {
  const { sample } = await readFixture(provider.name, event, { builtinDir });
  const type = headerValue(sampleHeaders(sample, provider.contentType), 'content-type') ?? provider.contentType;
  if (!/\bjson\b/.test(type)) return null;
  const value: unknown = JSON.parse(Buffer.from(sample.body).toString('utf8'));
  return shapeOf(value, provider.event, event);
}

/** @param places Where the event's name stands: there it is told as a literal, so that it tells payloads apart. */
function shapeOf(value: unknown, places: readonly string[], event: string, pointer = ''): Shape {
  if (Array.isArray(value)) {
    const items = value.map((item) => shapeOf(item, [], event)).reduce<Shape | null>(merge, null);
    return { kinds: new Set(['array']), members: null, items };
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([name, member]) => {
      const shape = shapeOf(member, places, event, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
      return [name, { shape, optional: false }] as const;
    });
    return { kinds: new Set(['object']), members: new Map(members), items: null };
  }
  const literal = value === event && places.includes(`body:${pointer}`);
  return { kinds: new Set([literal ? text(event) : value === null ? 'null' : typeof value]), members: null, items: null };
}

function merge(a: Shape | null, b: Shape): Shape {
  if (a === null) return b;
  const kinds = new Set([...a.kinds, ...b.kinds]);
  const items = a.items === null ? b.items : b.items === null ? a.items : merge(a.items, b.items);
  if (a.members === null || b.members === null) return { kinds, members: a.members ?? b.members, items };
  const members = new Map(
    [...new Set([...a.members.keys(), ...b.members.keys()])].map((name) => {
      const [one, other] = [a.members?.get(name), b.members?.get(name)];
      const optional = one === undefined || other === undefined || one.optional || other.optional;
      const shape = one === undefined || other === undefined ? (one ?? other) : { shape: merge(one.shape, other.shape) };
      return [name, { shape: (shape as { shape: Shape }).shape, optional }];
    }),
  );
  return { kinds, members, items };
}

function countObjects(shape: Shape, seen: Map<string, number>): void {
  if (shape.members !== null) {
    const plain = spell(shape, null);
    const times = (seen.get(plain) ?? 0) + 1;
    seen.set(plain, times);
    // Within one that is written once, everything is.
    if (times > 1) return;
    for (const { shape: member } of shape.members.values()) countObjects(member, seen);
  }
  if (shape.items !== null) countObjects(shape.items, seen);
}

/** @param named The name an object is written under elsewhere, if it is. */
function spell(shape: Shape, named: ((object: Shape) => string | null) | null): string {
  const kinds = [...shape.kinds].sort().map((kind) => {
    if (kind === 'object') return named?.(shape) ?? membersOf(shape, (member) => spell(member, named));
    if (kind === 'array') return listOf(shape.items, named);
    // Nothing says what it is when it is something.
    return kind === 'null' && shape.kinds.size === 1 ? 'unknown' : kind;
  });
  return kinds.join(' | ');
}

function membersOf({ members }: Shape, write: (shape: Shape) => string): string {
  const written = [...(members ?? [])].map(
    ([name, { shape, optional }]) => `${key(name)}${optional ? '?' : ''}: ${write(shape)}`,
  );
  return written.length === 0 ? 'object' : `{ ${written.join('; ')} }`;
}

function listOf(item: Shape | null, named: ((object: Shape) => string | null) | null): string {
  if (item === null) return 'unknown[]';
  return item.kinds.size > 1 ? `(${spell(item, named)})[]` : `${spell(item, named)}[]`;
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : text(name);
}

function text(value: string): string {
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** `cal-com` -> `CalCom` */
function typeName(provider: string): string {
  return provider.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
