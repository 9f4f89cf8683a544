import { describe, expect, it } from 'vitest';
import { headerValue } from '../../../../src/core/http/headers.js';
import { identify } from '../../../../src/core/providers/batch.js';
import slack from '../../../../src/core/providers/catalogue/slack.js';
import { RequestReader } from '../../../../src/core/providers/read.js';
import { sampleRequest } from '../samples.js';

describe.each([
  ['app_mention', 'application/json', /^Ev0\d{9}$/],
  ['slash_command', 'application/x-www-form-urlencoded', /^\d{13}\.\d{11}\.[0-9a-f]{32}$/],
  ['block_actions', 'application/x-www-form-urlencoded', /^\d{13}\.\d{11}\.[0-9a-f]{32}$/],
])('%s', (event, type, id) => {
  const sent = async (byte: number) => {
    const request = await sampleRequest(slack, event, { random: (size) => new Uint8Array(size).fill(byte) });
    return { ...request, ...identify(slack, new RequestReader({ ...request, path: '/' })) };
  };

  it(`comes as ${type}, under its name, with an id that is new each time`, async () => {
    const [first, second] = [await sent(1), await sent(2)];
    expect(headerValue(first.headers, 'content-type')).toBe(type);
    expect(first.event).toBe(event);
    expect(first.eventId).toMatch(id);
    expect(second.eventId).not.toBe(first.eventId);
  });
});
