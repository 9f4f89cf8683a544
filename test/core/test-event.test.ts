import { describe, expect, it } from 'vitest';
import connect2print from '../../src/core/providers/catalogue/connect2print.js';
import { defineProvider } from '../../src/core/providers/define.js';
import { keyKind, testEventRefusal, testEventRequest } from '../../src/core/test-event.js';

const api = connect2print.testEvent as NonNullable<typeof connect2print.testEvent>;
const KEY = 'c2p_test_0123456789abcdef';
const input = { id: '42', key: KEY, apiUrl: null, userAgent: 'test' };
const NOW = Date.parse('2026-11-22T14:00:00Z');

describe('the request', () => {
  it('is the documented one, with the key as a Bearer token', () => {
    expect(testEventRequest(api, input)).toEqual({
      method: 'POST',
      url: 'https://app1.connect2print.com/api/v1/webhooks/42/test',
      headers: [
        ['Authorization', `Bearer ${KEY}`],
        ['Accept', 'application/json'],
        ['User-Agent', 'test'],
      ],
      body: new Uint8Array(0),
    });
  });

  it('goes to another address where one is given', () => {
    for (const apiUrl of ['https://staging.example.com/print', 'https://staging.example.com/print/']) {
      expect(testEventRequest(api, { ...input, apiUrl }).url).toBe('https://staging.example.com/print/api/v1/webhooks/42/test');
    }
  });

  it('takes an id for no more than an id', () => {
    const url = (id: string): string => testEventRequest(api, { ...input, id }).url;
    expect(url('a/../b?c#d$&')).toBe('https://app1.connect2print.com/api/v1/webhooks/a%2F..%2Fb%3Fc%23d%24%26/test');
    for (const id of ['', ' ', '.', '..']) expect(() => url(id)).toThrow('is not the id of a webhook');
  });
});

describe('the key', () => {
  it('says what it is for', () => {
    expect(keyKind(connect2print, api, KEY)).toBe('test');
    expect(keyKind(connect2print, api, 'c2p_live_0123')).toBe('live');
    const { keyPrefixes: _, ...plain } = api;
    expect(keyKind(connect2print, plain, 'anything')).toBeNull();
  });

  it.each(['sk_live_0123', 'whsec_0123', 'c2p_test_0123\n', 'c2p test', 'c2p_test_ü'])(
    'is no other (%j), and is not told in what is said of it',
    (key) => {
      let message = '';
      try {
        keyKind(connect2print, api, key);
      } catch (error) {
        const { code, message: said, hint } = error as { code: string; message: string; hint: string };
        expect(code).toBe('secret_malformed');
        message = `${said} ${hint}`;
      }
      expect(message).toContain('CONNECT2PRINT_API_KEY');
      expect(message).not.toContain(key);
    },
  );
});

describe('what an answer means', () => {
  const refusal = (status: number, body = '', headers: ReadonlyArray<readonly [string, string]> = []) => {
    const error = testEventRefusal(connect2print, api, input, { status, headers, body: Buffer.from(body) }, NOW);
    return error && `${error.code}: ${error.message} → ${error.hint}`;
  };

  it('is nothing to speak of where it is 2xx', () => {
    expect([refusal(200), refusal(202), refusal(204)]).toEqual([null, null, null]);
  });

  it.each<[number, string, ReadonlyArray<readonly [string, string]>, RegExp]>([
    [401, '', [], /does not accept the API key \(401\)\. → .*CONNECT2PRINT_API_KEY/],
    [403, '', [], /It needs the scope webhooks:write\. → Give the key that permission/],
    [404, '', [], /has no webhook '42' that this API key may see \(404\)\. → Look up its id: Settings → Webhooks/],
    [429, '', [['Retry-After', '30']], /too many requests of this API key \(429\)\. → Try again in 30 s\./],
    [429, '', [['Retry-After', 'Sun, 22 Nov 2026 14:02:00 GMT']], /→ Try again in 2 min\./],
    [429, '', [], /→ Try again in a minute\./],
    [500, 'c2p_test_0123456789abcdef', [], /failed over it \(500\)\. → .*try again later/],
    [503, '', [], /failed over it \(503\)/],
    [
      302,
      '',
      [['Location', 'https://elsewhere.example/']],
      /redirect \(302 to https:\/\/elsewhere\.example\/\), which is not followed/,
    ],
    [307, '', [], /redirect \(307\), which is not followed/],
    [422, '{"message":"The webhook is paused."}', [], /refused it \(422\): The webhook is paused\. → What it takes: https:/],
    [422, '{"error":{"message":"Paused"}}', [], /refused it \(422\): Paused →/],
    [400, '<html>', [], /refused it \(400\)\. → /],
    [400, 'null', [], /refused it \(400\)\. → /],
  ])('%i %j %j', (status, body, headers, expected) => {
    expect(refusal(status, body, headers)).toMatch(expected);
    expect(refusal(status, body, headers)).toMatch(/^expectation_failed: /);
  });

  it('never holds the key, also where the answer does', () => {
    for (const status of [301, 400, 401, 403, 404, 422, 429, 500]) {
      const said = refusal(status, JSON.stringify({ message: `no ${KEY} here` }), [['Location', `https://x.example/?k=${KEY}`]]);
      expect(said).not.toContain(KEY);
    }
  });

  it('is told of any provider', () => {
    const acme = defineProvider({
      name: 'acme',
      testEvent: { method: 'POST', url: 'https://acme.example/{id}', keyVariable: 'ACME_KEY', docs: '' },
    });
    const answer = { status: 403, headers: [], body: Buffer.alloc(0) };
    expect(testEventRefusal(acme, acme.testEvent as typeof api, input, answer, NOW)?.message).toContain('It lacks a permission.');
    const none = testEventRefusal(acme, acme.testEvent as typeof api, input, { ...answer, status: 404 }, NOW);
    expect(none?.hint).toBe("Look up its id: the provider's settings");
  });
});
