import { describe, expect, it } from 'vitest';
import { compose } from '../../../../src/core/events/compose.js';
import instagram from '../../../../src/core/providers/catalogue/instagram.js';
import meta from '../../../../src/core/providers/catalogue/meta.js';
import whatsapp from '../../../../src/core/providers/catalogue/whatsapp.js';
import { RequestReader } from '../../../../src/core/providers/read.js';
import { readFixture } from '../../../../src/io/fixtures.js';
import { NOW } from '../../signature/schemes.js';

describe.each([
  [meta, 'page.feed'],
  [instagram, 'comments'],
  [whatsapp, 'messages'],
] as const)('$name', (provider, event) => {
  it('sends what is beyond ASCII, and each slash, escaped, as Meta does', async () => {
    const { sample } = await readFixture(provider.name, event);
    const input = { provider, event, payload: sample.body, fresh: true, url: 'https://example.com/', userAgent: 'test' };
    const { body } = compose({ ...input, secrets: ['app secret'], now: NOW, random: (size) => new Uint8Array(size) });
    const text = Buffer.from(body).toString();
    expect(text).toMatch(/^[\x20-\x7e]+$/);
    expect(text).toMatch(/\\ud83d\\ude00/);
    expect(text.replaceAll('\\/', '')).not.toContain('/');
  });
});

it('names an event after what stands in it', () => {
  const named = (body: object): string | null =>
    new RequestReader({ headers: [], body: Buffer.from(JSON.stringify(body)), path: '/' }).evaluate(meta.event);
  const messaging = (item: object): object => ({ object: 'page', entry: [{ id: '1', messaging: [item] }] });
  expect(named(messaging({ message: { mid: 'm_1' } }))).toBe('page.messages');
  expect(named(messaging({ postback: { payload: 'x' } }))).toBe('page.messaging_postbacks');
  expect(named(messaging({ read: { watermark: 5 } }))).toBe('page.message_reads');
  expect(named({ object: 'user', entry: [{ id: '1', changes: [{ field: 'photos' }] }] })).toBe('user.photos');
  expect(named({ object: 'page', entry: [] })).toBeNull();
});
