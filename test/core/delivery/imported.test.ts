import { expect, it } from 'vitest';
import { timeOfId } from '../../../src/core/delivery/id.js';
import { contentId, imported } from '../../../src/core/delivery/imported.js';

const time = Date.UTC(2026, 10, 22);

it('makes of a time and a content always the same id', () => {
  const id = contentId(time, Buffer.from('one'));
  expect(timeOfId(id)).toBe(time);
  expect(contentId(time, Buffer.from('one'))).toBe(id);
  expect(contentId(time, Buffer.from('two'))).not.toBe(id);
  expect(contentId(time + 1, Buffer.from('one')) > id).toBe(true);
});

it('claims nothing that is not known', () => {
  const request = { method: 'POST', path: '/', headers: [], body: new Uint8Array() };
  expect(imported({ id: 'dlv_1', receivedAt: time, request })).toMatchObject({
    origin: 'imported',
    provider: null,
    verdict: { status: 'unchecked' },
    attempts: [],
  });
});
