import { describe, expect, it } from 'vitest';
import { differenceTo, findChallenge } from '../../../src/core/providers/challenge.js';
import { dropboxChallenge } from '../../../src/core/providers/challenges/dropbox.js';
import { hubChallenge } from '../../../src/core/providers/challenges/hub.js';
import { slackUrlVerification } from '../../../src/core/providers/challenges/slack.js';
import { defineProvider } from '../../../src/core/providers/define.js';
import { RequestReader } from '../../../src/core/providers/read.js';

const request = { method: 'GET', path: '/?hub.mode=subscribe&hub.challenge=1&challenge=2', headers: [], body: Buffer.alloc(0) };
const asked = { request, reader: new RequestReader(request) };
const meta = defineProvider({ name: 'meta', family: 'meta', challenges: [hubChallenge] });
const whatsapp = defineProvider({ name: 'whatsapp', family: 'meta', challenges: [hubChallenge] });
const instagram = defineProvider({ name: 'instagram', family: 'meta', challenges: [hubChallenge] });
const slack = defineProvider({ name: 'slack', challenges: [slackUrlVerification] });
const dropbox = defineProvider({ name: 'dropbox', challenges: [dropboxChallenge] });

describe('whose challenge it is', () => {
  it('is its only provider’s', () => {
    expect(findChallenge([slack, whatsapp], asked)).toEqual({ challenge: hubChallenge, provider: whatsapp });
  });

  it('is the one’s that stands for a family, else nobody’s', () => {
    expect(findChallenge([whatsapp, meta], asked)).toEqual({ challenge: hubChallenge, provider: meta });
    expect(findChallenge([whatsapp, instagram], asked)).toEqual({ challenge: hubChallenge, provider: null });
  });

  it('is none where it could be two, or is none', () => {
    expect(findChallenge([meta, dropbox], asked)).toBeNull();
    expect(findChallenge([slack], asked)).toBeNull();
  });
});

describe('the difference between two answers', () => {
  const of = (body: string, status = 200) => ({ status, headers: [], body: Buffer.from(body) });

  it('is not the spelling of JSON, nor white space around text', () => {
    expect(differenceTo(of('{"a":1,"b":[2]}'), of('{ "b": [2], "a": 1 }\n'))).toBeNull();
    expect(differenceTo(of('text'), of(' text\n'))).toBeNull();
    expect(differenceTo(of('{"a":1}'), of('{"a":2}'))).toBe('the body is not the answer to the challenge');
    expect(differenceTo(of('1'), of('"1"'))).toBe('the body is not the answer to the challenge');
  });

  it('is not what a refusal says', () => {
    expect(differenceTo(of('', 401), of('{"error":"no"}', 401))).toBeNull();
  });
});
