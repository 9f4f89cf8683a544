import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BodyDraft, type Created, type Run, type Value } from '../../../src/core/events/body-template.js';
import type { Locator } from '../../../src/core/providers/locator.js';

const run = (over: Partial<Run> = {}): Run => ({
  id: 'fresh',
  time: 0,
  signedAt: 0,
  random: (size) => new Uint8Array(size),
  values: [],
  ...over,
});
const id: Value = ({ id }) => id;
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** A template of a body with some places set. */
function templateOf(body: string, places: ReadonlyArray<readonly [Locator, Value, Created?]>, form = false) {
  const draft = new BodyDraft(Buffer.from(body), form, []);
  const reader = draft.reader();
  for (const [place, value, create = null] of places) draft.set(place, value, create, reader);
  return draft;
}

describe('a filled body', () => {
  it('has each slot filled as the number or text that stood there, and every other byte as it was', () => {
    const template = templateOf('{ "n":1, "s":"x","big":499.00, "é":"\\u00e9" }', [
      ['body:/n', id],
      ['body:/s', id],
    ]).finish();
    expect(text(template.fill(run({ id: '42' })))).toBe('{ "n":42, "s":"42","big":499.00, "é":"\\u00e9" }');
    expect(text(template.fill(run({ id: 'a "é"' })))).toBe('{ "n":"a \\"é\\"", "s":"a \\"é\\"","big":499.00, "é":"\\u00e9" }');
  });

  it('is made anew each time, whatever the fresh value', () => {
    const template = templateOf('{"a":{"b":"x"},"c":[1,{"d":"y"}]}', [
      ['body:/a/b', id],
      ['body:/c/1/d', ({ time }) => String(time)],
    ]).finish();
    fc.assert(
      fc.property(fc.string(), fc.nat(), (fresh, time) => {
        const filled = template.fill(run({ id: fresh, time }));
        expect(JSON.parse(text(filled))).toEqual({ a: { b: fresh }, c: [1, { d: String(time) }] });
      }),
    );
  });

  it('lacks what an edit has taken out, and creates only what it is asked to', () => {
    const draft = templateOf('{"id":"x","at":1}', [
      ['body:/id', id],
      ['body:/none', id],
      ['body:/new', id, 'text'],
    ]);
    draft.edit([{ kind: 'unset', path: 'id' }]);
    expect(text(draft.finish().fill(run()))).toBe('{"at":1,"new":"fresh"}');
  });

  it('says what is at a place without being read, and takes no digits of its own for a slot', () => {
    const template = templateOf('{"id":"x","note":"703518264100","n":499.00,"list":[1]}', [['body:/id', id]]).finish();
    const one = run({ id: 'wh_1' });
    expect(text(template.fill(one))).toBe('{"id":"wh_1","note":"703518264100","n":499.00,"list":[1]}');
    const places: Locator[] = ['body:/id', 'body:/note', 'body:/n', 'body:/list', 'body:/none'];
    expect(places.map((place) => template.read(place, one))).toEqual(['wh_1', '703518264100', '499.00', null, null]);
  });
});

describe('a filled form', () => {
  it('has fields, and values in the JSON of a field, encoded as forms are', () => {
    const template = templateOf(
      'Sid=old&payload=%7B%22id%22%3A%22x%22%2C%22n%22%3A1%7D&To=%2B1',
      [
        ['form:Sid', id],
        ['form:payload#/id', id],
        ['form:payload#/n', ({ time }) => String(time)],
      ],
      true,
    ).finish();
    const one = run({ id: 'a b&"', time: 7 });
    const fields = new URLSearchParams(text(template.fill(one)));
    expect([...fields]).toEqual([
      ['Sid', 'a b&"'],
      ['payload', '{"id":"a b&\\"","n":7}'],
      ['To', '+1'],
    ]);
    const places: Locator[] = ['form:Sid', 'form:payload', 'form:payload#/id', 'form:To'];
    expect(places.map((place) => template.read(place, one))).toEqual(['a b&"', '{"id":"a b&\\"","n":7}', 'a b&"', '+1']);
  });
});
