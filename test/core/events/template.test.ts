import { describe, expect, it } from 'vitest';
import { fillTemplate, spellTime, type TemplateValues } from '../../../src/core/events/template.js';
import { RequestReader } from '../../../src/core/providers/read.js';

const AT = Date.UTC(2026, 10, 22, 14, 2, 11, 123);
const values: TemplateValues = {
  event: 'order.created',
  id: 'wh_1',
  time: AT,
  random: (size) => Uint8Array.from({ length: size }, (_, index) => index * 17),
  reader: new RequestReader({ headers: [['X-A', 'a']], body: Buffer.from('{"n":1.50}'), path: '/?q=1' }),
  before: 'https://a.test/orders/ord_1',
};
const fill = (template: string, over: Partial<TemplateValues> = {}): string | null =>
  fillTemplate(template, { ...values, ...over });

describe('fillTemplate', () => {
  it.each([
    ['plain', 'plain'],
    ['{event}/{id}', 'order.created/wh_1'],
    ['wh_{hex:12}', 'wh_001122334455'],
    ['{hex:5}', '00112'],
    ['{base62:4}', '0HYp'],
    ['evt_{base32:4}', 'evt_0H2K'],
    ['{digits:4}', '0741'],
    ['{uuid}', '00112233-4455-4677-8899-aabbccddeeff'],
    ['{iso} {unix} {unixms}', '2026-11-22T14:02:11.123Z 1795356131 1795356131123'],
    ['{date} {time}.{ms}', '2026-11-22 14:02:11.123'],
    ['{header:X-A}-{body:/n}-{query:q}', 'a-1.50-1'],
    ['{stem}{digits:2}', 'https://a.test/orders/ord_07'],
    ['{unknown} {} {{event}', '{unknown} {} {order.created'],
  ])('%s', (template, text) => expect(fill(template)).toBe(text));

  it('is null where a place holds nothing, or there is nothing to read yet', () => {
    expect(fill('{header:X-None}')).toBeNull();
    expect(fill('{event}{body:/n}', { reader: null })).toBeNull();
  });

  it('has no stem where there was nothing, or nothing to part', () => {
    expect([fill('{stem}1', { before: null }), fill('{stem}1', { before: 'abc' })]).toEqual(['1', '1']);
  });

  it('takes what it fills in for text, not for a template', () => {
    expect(fill('{event}', { event: '{id} $1 $&' })).toBe('{id} $1 $&');
  });
});

it.each([
  ['iso', '2026-11-22T14:02:11.123Z'],
  ['iso-s', '2026-11-22T14:02:11Z'],
  ['{date} {time}', '2026-11-22 14:02:11'],
  ['{date}T{time}.{ms}000+00:00', '2026-11-22T14:02:11.123000+00:00'],
  ['s', '1795356131'],
  ['ms', '1795356131123'],
] as const)('spellTime %s', (format, text) => expect(spellTime(AT, format)).toBe(text));
