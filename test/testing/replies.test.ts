import { describe, expect, it } from 'vitest';
import type { HttpResponse } from '../../src/core/http/message.js';
import { type Replier, Replies } from '../../src/testing/replies.js';

const read = (response: HttpResponse | null) => response && { ...response, body: Buffer.from(response.body).toString() };
const once = async (replier: Replier<string>) => read(await new Replies(replier).to('it'));

describe('replies', () => {
  it('are a status, or more than that', async () => {
    expect(await once(202)).toEqual({ status: 202, headers: [], body: '' });
    expect(await once({ headers: { 'X-A': 'b' }, body: 'text' })).toEqual({ status: 200, headers: [['X-A', 'b']], body: 'text' });
    const own = { status: 422, headers: [['content-type', 'application/problem+json']] as const, body: { error: 'no' } };
    expect(await once(own)).toEqual({ ...own, body: '{"error":"no"}' });
    expect(await once({ body: [1] })).toEqual({ status: 200, headers: [['Content-Type', 'application/json']], body: '[1]' });
    expect(await once({ body: null })).toMatchObject({ body: 'null' });
    expect(await once(null)).toBeNull();
  });

  it('keep bytes as they are, also a part of a buffer', async () => {
    const bytes = new Uint8Array([1, 255, 0, 2]).subarray(1, 3);
    expect((await new Replies<string>({ body: bytes }).to('it'))?.body).toEqual(Buffer.from([255, 0]));
  });

  it('are made by a function of the delivery', async () => {
    expect(await once((delivery) => ({ body: `got ${delivery}` }))).toMatchObject({ body: 'got it' });
    expect(await once(async () => 201)).toMatchObject({ status: 201 });
  });

  it('are for the next few, one after another, and then as before', async () => {
    const replies = new Replies<string>(200);
    replies.set(503, 2);
    replies.set(429, 1);
    const statuses = [];
    for (let i = 0; i < 5; i++) statuses.push((await replies.to('it'))?.status);
    expect(statuses).toEqual([503, 503, 429, 200, 200]);
  });

  it('are others from now on, whatever was said before', async () => {
    const replies = new Replies<string>(200);
    replies.set(503, 5);
    replies.set(204);
    expect((await replies.to('it'))?.status).toBe(204);
  });

  it.each([0, -1, 1.5, Number.NaN])('are not given %s times', (times) => {
    expect(() => new Replies<string>(200).set(503, times)).toThrow("'times' is a whole number above 0");
  });
});
