import { describe, expect, it } from 'vitest';
import { WebhookError } from '../../../src/core/errors.js';
import { defineProvider } from '../../../src/core/providers/define.js';
import type { ProviderDefinition, SchemeDefinition } from '../../../src/core/providers/model.js';

const scheme = (signature: SchemeDefinition) => defineProvider({ name: 'acme', signature }).schemes[0];

describe('defaults', () => {
  it('a name is enough', () => {
    expect(defineProvider({ name: 'acme' })).toEqual({
      name: 'acme',
      title: 'acme',
      docs: [],
      schemes: [],
      event: [],
      eventId: [],
      idFormat: null,
      sentAt: null,
      sentAtFormats: ['iso'],
      unsigned: null,
      allEvents: null,
      hidden: [],
      fresh: {},
      headers: [],
      userAgent: null,
      contentType: 'application/json',
      timeoutMs: null,
      success: '2xx',
      retriesMs: null,
      events: {},
      clues: {},
      batch: null,
      secretFormat: null,
      family: null,
      challenges: [],
      confidence: null,
      assumptions: [],
      setup: null,
      testEvent: null,
      custom: false,
    });
  });

  it('a header is enough of a scheme', () => {
    expect(scheme({ header: 'X-Sig' })).toEqual({
      id: 'default',
      kind: 'hmac',
      algorithm: 'sha256',
      at: ['header:X-Sig'],
      encoding: 'hex',
      prefix: '',
      separator: null,
      repeated: false,
      content: '{body}',
      keys: [{ encoding: 'utf8' }],
      timestamp: [],
      timestampUnits: ['s'],
      messageId: [],
      tolerance: { past: null, future: null },
      sends: true,
      sentWith: null,
      custom: null,
    });
  });

  it('depend on the kind where they must', () => {
    expect(scheme({ kind: 'token', header: 'X' })?.encoding).toBe('text');
    expect(scheme({ kind: 'ed25519', header: 'X' })?.keys).toEqual([{ encoding: 'base64' }]);
  });

  it('a tolerance is both ways, or one', () => {
    expect(scheme({ header: 'X', tolerance: '5m' })?.tolerance).toEqual({ past: 300_000, future: 300_000 });
    expect(scheme({ header: 'X', tolerance: { past: '5s', future: null } })?.tolerance).toEqual({ past: 5_000, future: null });
  });

  it('the id that is signed is the event id where nothing else is said', () => {
    const { schemes } = defineProvider({
      name: 'acme',
      eventId: ['header:X-Id', '{body:/a}.{body:/b}'],
      signature: { header: 'X', content: '{id}{body}' },
    });
    expect(schemes[0]?.messageId).toEqual(['header:X-Id']);
  });
});

describe('contradictions', () => {
  const custom = { summary: '', sign: () => ({ headers: [] }), verify: () => 'absent' as const };
  const table: ReadonlyArray<readonly [string, ProviderDefinition, RegExp]> = [
    ['a name with capitals', { name: 'Acme' }, /lower-case/],
    ['no place', { name: 'acme', signature: {} }, /where the signature stands/],
    ['code, and no place', { name: 'acme', signature: { custom } }, /where the signature stands/],
    ['custom without code', { name: 'acme', signature: { header: 'X', kind: 'custom' } }, /needs code/],
    [
      'a timestamp from nowhere',
      { name: 'acme', signature: { header: 'X', content: '{timestamp}' } },
      /where the timestamp stands/,
    ],
    ['an id from nowhere', { name: 'acme', signature: { header: 'X', content: '{id}' } }, /where the id stands/],
    ['an unknown word', { name: 'acme', signature: { header: 'X', content: '{boddy}' } }, /Nothing is called \{boddy\}/],
    ['a header that is none', { name: 'acme', signature: { header: 'X Sig' } }, /'X Sig' is not a header's name/],
    ['a pointer that is none', { name: 'acme', signature: { at: 'body:sig' } }, /'body:sig' is no JSON Pointer/],
    [
      'a pointer that is none, in what is signed',
      { name: 'acme', signature: { header: 'X', content: '{body:id}' } },
      /no JSON Pointer/,
    ],
    ['a pointer that is none, for the event', { name: 'acme', event: 'body:type' }, /no JSON Pointer/],
    ['a tolerance that is none', { name: 'acme', signature: { header: 'X', tolerance: 'soon' } }, /'soon' is not a tolerance/],
    ['a timeout that is none', { name: 'acme', timeout: 'soon' }, /'soon' is not a duration/],
    ['a pattern that is none', { name: 'acme', clues: { values: { 'body:/id': '(' } } }, /regular expression/],
  ];
  it.each(table)('%s', (_, definition, message) => {
    let thrown: unknown;
    try {
      defineProvider(definition);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(WebhookError);
    expect(thrown).toMatchObject({ code: 'provider_invalid', message: expect.stringMatching(message) });
    expect((thrown as WebhookError).message).toMatch(/^Provider 'acme', |^Provider 'Acme', /);
  });

  it('an unknown word is met with the nearest known one', () => {
    const define = (): unknown => defineProvider({ name: 'acme', signature: { header: 'X', content: '{timestmp}.{body}' } });
    expect(define).toThrow(expect.objectContaining({ hint: expect.stringMatching(/^Write \{timestamp\};/) }));
  });
});
