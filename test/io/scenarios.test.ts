// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a scenario names a value
import { describe, expect, it } from 'vitest';
import { WebhookError } from '../../src/core/errors.js';
import { builtinProviders } from '../../src/core/providers/list.js';
import { namedScenarios, parseScenario, readScenario } from '../../src/io/scenarios.js';
import { temporaryFolder } from '../support/folder.js';

const complaint = (text: string): { message: string; hint: string | null } => {
  try {
    parseScenario(text, 'story.yaml');
  } catch (error) {
    if (error instanceof WebhookError) return { message: error.message, hint: error.hint };
    throw error;
  }
  throw new Error('nothing is wrong with it');
};

describe('a scenario', () => {
  it('is read, numbers in their own spelling', () => {
    const text = `
provider: connect2print
values: { order: '1{digits:5}' }
steps:
  - order.created
  - event: order.updated
    set: { data.order.id: '\${order}', data.order.total: 12.50, data.note: "no \${order}", data.list: [1, a], data.none: null }
    keep: { total: data.order.total }
    delay: 1m
    repeat: 3
    corrupt: signature
    expect: 401
`;
    expect(parseScenario(text, 'story.yaml')).toEqual({
      name: 'story',
      description: null,
      provider: 'connect2print',
      values: { order: '1{digits:5}' },
      steps: [
        { event: 'order.created', set: [], keep: [], delayMs: 0, repeat: 1, corrupt: null, expect: null, line: 5 },
        {
          event: 'order.updated',
          set: [
            ['data.order.id', { text: '${order}' }],
            ['data.order.total', { json: '12.50' }],
            ['data.note', { text: 'no ${order}' }],
            ['data.list', { json: '[1,"a"]' }],
            ['data.none', { json: 'null' }],
          ],
          keep: [['total', 'data.order.total']],
          delayMs: 60_000,
          repeat: 3,
          corrupt: 'signature',
          expect: '401',
          line: 6,
        },
      ],
    });
  });

  it('may be JSON', () => {
    const json = '{"name":"story","steps":[{"event":"a","set":{"x":1.0}}]}';
    expect(parseScenario(json, 'story.json').steps[0]).toMatchObject({ event: 'a', set: [['x', { json: '1.0' }]] });
  });

  it.each<[string, string, string]>([
    ['steps:\n  - event: a\n    sett: {}\n', "line 3: there is no key 'sett' in a step.", "Did you mean 'set'?"],
    ['name: x\nstep: []\n', "line 2: there is no key 'step' in a scenario.", "Did you mean 'steps'?"],
    ['name: x\n', "it needs 'steps'", ''],
    ['steps: []\n', "it needs 'steps'", ''],
    ['steps:\n  - set: {}\n', "line 2: the step has no 'event'.", ''],
    ['steps:\n  - event: a\n    delay: soon\n', "line 3: 'delay': 'soon' is not a duration.", ''],
    ['steps:\n  - event: a\n    repeat: 0\n', "line 3: 'repeat' has to be a whole number", ''],
    [
      'steps:\n  - event: a\n\n    corrupt: everything\n',
      "line 4: 'corrupt' has to be signature, body, timestamp or missing",
      '',
    ],
    ['steps:\n  - event: a\n    expect: fine\n', "line 3: 'expect' has to be statuses", ''],
    ['steps:\n  - event: a\n    keep: { 1x: a }\n', "'1x' is no name for a value", ''],
    ['steps:\n  - event: a\n    set: { "a..b": 1 }\n', "line 3: 'a..b'", ''],
    ['steps:\n  - event: a\n  event: b\n', 'line 3:', ''],
    ['steps: [\n', 'line 2:', ''],
    ['- a\n', 'a scenario has to be a map', ''],
    ['', 'a scenario has to be a map', ''],
    ['steps:\n  - event: a\n    event: b\n', 'line 3: Map keys must be unique.', ''],
  ])('%j is told what is wrong, and where', (text, message, hint) => {
    const told = complaint(text);
    expect(told.message).toContain('story.yaml, line ');
    expect(told.message).toContain(message);
    expect(told.hint).toContain(hint);
  });
});

describe('finding one', () => {
  const folders = { provider: 'connect2print', projectDir: null, cwd: '/' };

  it('by name, of one provider or of all; the project’s own wins', async () => {
    expect([...(await namedScenarios(folders)).keys()].sort()).toEqual([
      'order-cancelled',
      'order-to-delivery',
      'quote-accepted',
    ]);
    expect((await readScenario('order-cancelled', { ...folders, provider: null })).steps).toHaveLength(3);
    const projectDir = temporaryFolder({ 'connect2print/scenarios/order-cancelled.yml': 'steps: [order.cancelled]' });
    expect((await readScenario('order-cancelled', { ...folders, projectDir })).steps).toHaveLength(1);
  });

  it('by its file', async () => {
    const cwd = temporaryFolder({ 'story.json': '{"steps":["a"]}' });
    expect((await readScenario('story.json', { ...folders, cwd })).name).toBe('story');
    expect((await readScenario('./story.json', { ...folders, cwd })).steps[0]?.event).toBe('a');
    await expect(readScenario('./other.yaml', { ...folders, cwd })).rejects.toMatchObject({ code: 'input_unreadable' });
  });

  it('says which there are', async () => {
    await expect(readScenario('order-canceled', folders)).rejects.toMatchObject({
      hint: expect.stringContaining('order-cancelled'),
    });
    await expect(readScenario('x', { ...folders, provider: 'printone' })).rejects.toMatchObject({
      hint: expect.stringContaining('./scenario.yaml'),
    });
  });

  it('gives sound ones: each names events of its provider', async () => {
    for (const provider of builtinProviders) {
      for (const name of (await namedScenarios({ provider: provider.name, projectDir: null })).keys()) {
        const scenario = await readScenario(name, { ...folders, provider: provider.name });
        expect(scenario).toMatchObject({ name, provider: provider.name, description: expect.any(String) });
        expect(Object.keys(provider.events)).toEqual(expect.arrayContaining(scenario.steps.map(({ event }) => event)));
      }
    }
  });
});
