import { describe, expect, it } from 'vitest';
import { answerDifferences, requestDifferences } from '../../../src/core/diff/delivery.js';
import { isReal } from '../../../src/core/diff/model.js';
import sendgrid from '../../../src/core/providers/catalogue/sendgrid.js';
import standardWebhooks from '../../../src/core/providers/catalogue/standard-webhooks.js';

const request = (headers: ReadonlyArray<readonly [string, string]>, body: string, path = '/hooks') => ({
  method: 'POST',
  path,
  headers,
  body: Buffer.from(body),
});

describe('differences between requests', () => {
  it('of what is another in every delivery are expected', () => {
    const one = request(
      [
        ['Date', 'Mon'],
        ['webhook-id', 'msg_1'],
        ['webhook-timestamp', '1'],
        ['webhook-signature', 'v1,a'],
        ['X-Own', 'a'],
      ],
      '{"type":"a","timestamp":"2026-01-01T00:00:00Z"}',
    );
    const other = request(
      [
        ['Date', 'Tue'],
        ['webhook-id', 'msg_2'],
        ['webhook-timestamp', '2'],
        ['webhook-signature', 'v1,b'],
        ['X-Own', 'b'],
      ],
      '{"type":"b","timestamp":"2026-01-02T00:00:00Z"}',
      '/hooks?x=1',
    );
    const { list } = requestDifferences(one, other, standardWebhooks);
    expect(list.filter(isReal).map(({ path }) => path)).toEqual(['path', 'X-Own', 'type']);
    expect(list.filter(({ expected }) => expected !== null).map(({ path, expected }) => `${path}: ${expected}`)).toEqual([
      'Date: the time',
      'webhook-id: the id',
      'webhook-timestamp: the time',
      'webhook-signature: the signature',
      'timestamp: the time',
    ]);
    expect(requestDifferences(one, other, null).list.filter(isReal)).toHaveLength(7);
  });

  it('are expected in each event of a batch', () => {
    const batch = (id: string): string => `[{"sg_event_id":"${id}","event":"open","timestamp":1}]`;
    const { list } = requestDifferences(request([], batch('a')), request([], batch('b')), sendgrid);
    expect(list).toMatchObject([{ path: '[0].sg_event_id', expected: 'the id' }]);
  });
});

describe('differences between answers', () => {
  it('are those of status, media type and body, by meaning', () => {
    const answer = (status: number, type: string, body: string) => ({
      status,
      headers: [
        ['Content-Type', type],
        ['Date', body],
      ] as const,
      body: Buffer.from(body),
    });
    const before = answer(200, 'application/json; charset=utf-8', '{"ok":true,"n":1.0}');
    expect(answerDifferences(before, answer(200, 'application/json', '{"n":1,"ok":true}')).list.filter(isReal)).toEqual([]);
    expect(answerDifferences(before, answer(500, 'text/html', 'no')).list).toMatchObject([
      { part: 'status', before: '200', after: '500' },
      { part: 'headers', before: 'application/json', after: 'text/html' },
      { part: 'body', kind: 'changed' },
    ]);
  });
});
