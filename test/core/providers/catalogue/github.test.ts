import { sign, verify } from '@octokit/webhooks-methods';
import { describe, expect, it } from 'vitest';
import { type HeaderList, headerValue } from '../../../../src/core/http/headers.js';
import github from '../../../../src/core/providers/catalogue/github.js';
import { RequestReader } from '../../../../src/core/providers/read.js';
import { verifySignature } from '../../../../src/core/signature/verify.js';
import { NOW } from '../../signature/schemes.js';
import { sampleRequest } from '../samples.js';

const SECRET = 'a secret, 32 characters or so …';

it('Octokit verifies what we sign', async () => {
  const { headers, body } = await sampleRequest(github, 'pull_request.opened', { secrets: [SECRET] });
  const text = Buffer.from(body).toString('utf8');
  expect(await verify(SECRET, text, String(headerValue(headers, 'X-Hub-Signature-256')))).toBe(true);
  expect(await verify('another', text, String(headerValue(headers, 'X-Hub-Signature-256')))).toBe(false);
});

it('we verify what Octokit signs, a form too', async () => {
  for (const text of ['{"zen":"Zoë"}', `payload=${encodeURIComponent('{"action":"opened"}')}`]) {
    const headers: HeaderList = [['x-hub-signature-256', await sign(SECRET, text)]];
    expect(verifySignature(github, { headers, body: Buffer.from(text), secrets: [SECRET], now: NOW }).status).toBe('valid');
  }
});

describe('the event', () => {
  const eventOf = (event: string, text: string): string | null =>
    new RequestReader({ headers: [['X-GitHub-Event', event]], body: Buffer.from(text), path: '/' }).evaluate(github.event);

  it('has the action where there is one, in a form too', () => {
    expect(eventOf('push', '{"ref":"refs/heads/main"}')).toBe('push');
    expect(eventOf('issues', '{"action":"opened"}')).toBe('issues.opened');
    expect(eventOf('issues', `payload=${encodeURIComponent('{"action":"opened"}')}`)).toBe('issues.opened');
  });

  it('is taken apart again for the header', async () => {
    const { headers } = await sampleRequest(github, 'pull_request.opened');
    expect(headerValue(headers, 'X-GitHub-Event')).toBe('pull_request');
    expect(headerValue(headers, 'X-GitHub-Hook-Installation-Target-ID')).toBe('734512345');
  });
});
