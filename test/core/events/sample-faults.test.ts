import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventsByFile } from '../../../src/commands/shared/fixtures/list.js';
import type { SampleForm } from '../../../src/core/events/sample.js';
import { sampleFaults } from '../../../src/core/events/sample-faults.js';
import connect2print from '../../../src/core/providers/catalogue/connect2print.js';
import slack from '../../../src/core/providers/catalogue/slack.js';
import { builtinProviders } from '../../../src/core/providers/list.js';
import { listFixtures } from '../../../src/io/fixtures.js';

const told = (content: string | Uint8Array, form: SampleForm = 'json', event: string | null = 'order.created'): string[] =>
  sampleFaults(Buffer.from(content as string), form, form === 'form' ? slack : connect2print, event).map(
    ({ line, column, message }) => `${line}:${column} ${message}`,
  );

const GOOD = '{\n  "id": "wh_1",\n  "event": "order.created",\n  "total": 499.00\n}\n';

describe('what is wrong with a sample', () => {
  it('is nothing in a good one', () => {
    expect(told(GOOD)).toEqual([]);
  });

  it.each<[string, string | Uint8Array, string]>([
    ['is no JSON', '{\n  "é": 1,\n  "b" 2\n}', '3:7 This is not JSON: a colon should stand there.'],
    ['ends in the middle', '{"a":', '1:6 This is not JSON: the document ends where a value should stand.'],
    ['has a comment', '{\n// x\n}', '2:1 This is not JSON: comments are not JSON.'],
    ['is not UTF-8', Uint8Array.of(0x7b, 0x0a, 0x22, 0xc3, 0xa9, 0xff, 0x22), '2:3 This is not UTF-8.'],
    ['begins with a byte order mark', '\ufeff{}', '1:1 A byte order mark is no part of a payload.'],
    ['is empty', '', '1:1 This is not JSON: the document ends where a value should stand.'],
    [
      'says another event',
      GOOD.replace('created', 'updated'),
      '1:1 It says that it is order.updated, and is called after order.created.',
    ],
    ['says no event', '{"a":1}', '1:1 It does not say which event it is; it is called after order.created.'],
  ])('that %s, with its place', (_, content, fault) => {
    expect(told(content)).toEqual([fault]);
  });

  it('of a form is told by field', () => {
    expect(told('token=a\ntext=50%\nuser=a b\n', 'form', null)).toEqual([
      '2:8 A % stands without two hexadecimal digits.',
      '3:7 This character has to be percent-encoded in a form.',
    ]);
  });

  it('of an HTTP message is told from its beginning', () => {
    expect(told('POST / HTTP/1.1\nContent-Type: application/json\n\n{"event":}\n', 'http')).toEqual([
      '4:10 This is not JSON: a value should stand there.',
    ]);
    expect(told('hello', 'http')[0]).toMatch(/^1:1 It is no HTTP message/);
  });

  it.each(builtinProviders.map((provider) => [provider.name, provider] as const))(
    'is nothing in those of %s',
    async (_, provider) => {
      const events = eventsByFile(provider);
      for (const { name, path } of await listFixtures(provider.name)) {
        const form = extname(path).slice(1) as SampleForm;
        const faults = sampleFaults(await readFile(path), form, provider, events.get(name) ?? null);
        expect([basename(path), faults]).toEqual([basename(path), []]);
      }
    },
  );
});
