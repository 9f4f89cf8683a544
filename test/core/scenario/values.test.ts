// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a scenario names a value
import { describe, expect, it } from 'vitest';
import type { ScenarioStep, ScenarioValue } from '../../../src/core/scenario/model.js';
import { freshValues, keepValues, type ScenarioValues, stepEdits } from '../../../src/core/scenario/values.js';

const step = (over: Partial<ScenarioStep>): ScenarioStep => ({
  event: 'order.created',
  set: [],
  keep: [],
  delayMs: 0,
  repeat: 1,
  corrupt: null,
  expect: null,
  line: 7,
  ...over,
});
const set = (value: ScenarioValue, values: ScenarioValues): unknown => stepEdits(step({ set: [['a', value]] }), values)[0];

describe('values', () => {
  it('are fresh: numbers where they are spelled so, else texts', () => {
    const scenario = {
      name: 's',
      description: null,
      provider: null,
      steps: [],
      values: { a: '1{digits:3}', b: 'ORD-{digits:2}', c: '{digits:2}' },
    };
    const values = freshValues(scenario, 0, (size) => new Uint8Array(size));
    expect([...values]).toEqual([
      ['a', '1000'],
      ['b', '"ORD-00"'],
      // A number does not begin with a zero.
      ['c', '"00"'],
    ]);
  });

  it('keep their kind where they stand alone, and become text within one', () => {
    const values: ScenarioValues = new Map([
      ['total', '499.00'],
      ['name', '"Zoë \\"Z\\""'],
    ]);
    expect(set({ text: '${total}' }, values)).toEqual({ kind: 'set', path: 'a', json: '499.00' });
    expect(set({ text: '${name}' }, values)).toMatchObject({ json: '"Zoë \\"Z\\""' });
    expect(set({ text: '${name}: ${total} EUR' }, values)).toMatchObject({ json: '"Zoë \\"Z\\": 499.00 EUR"' });
    expect(set({ json: '12.50' }, values)).toMatchObject({ json: '12.50' });
    expect(set({ text: '$total ${ total }' }, values)).toMatchObject({ json: '"$total ${ total }"' });
  });

  it('are taken from a payload in their own spelling', () => {
    const values: ScenarioValues = new Map();
    const body = Buffer.from('{"order":{"total":499.00,"name":"Zo\\u00eb","items":[{"id":1}]}}');
    keepValues(
      step({
        keep: [
          ['total', 'order.total'],
          ['name', '/order/name'],
          ['items', 'order.items'],
        ],
      }),
      body,
      values,
    );
    expect([...values]).toEqual([
      ['total', '499.00'],
      ['name', '"Zo\\u00eb"'],
      ['items', '[{"id":1}]'],
    ]);
  });

  it('that are not there are named, with the line', () => {
    expect(() => set({ text: '${ordr}' }, new Map([['order', '1']]))).toThrowError(
      expect.objectContaining({
        message: expect.stringContaining("Line 7: no step before it has kept a value 'ordr'"),
        hint: 'There are order.',
      }),
    );
    expect(() => keepValues(step({ keep: [['x', 'order.x']] }), Buffer.from('{"order":{}}'), new Map())).toThrowError(
      /Line 7: order\.created has nothing at order\.x/,
    );
  });
});
