import { describe, expect, it } from 'vitest';
import { createNotes, stackTraceIn } from '../../../src/core/check/notes.js';
import type { OutgoingRequest } from '../../../src/core/http/message.js';
import connect2print from '../../../src/core/providers/catalogue/connect2print.js';
import standardWebhooks from '../../../src/core/providers/catalogue/standard-webhooks.js';
import type { SendOutcome } from '../../../src/core/send.js';

const answer = (status: number, body: string, headers: Array<[string, string]> = []): SendOutcome => ({
  outcome: 'responded',
  status,
  headers,
  body: Buffer.from(body),
  startedAt: 0,
  durationMs: 1,
});
const request = (signature: string): OutgoingRequest => ({
  method: 'POST',
  url: 'http://localhost:3000/',
  headers: [['X-Webhook-Signature', signature]],
  body: Buffer.from('{}'),
});

describe('a stack trace', () => {
  it.each<[string, string]>([
    ['Node', 'RangeError: x\n    at timingSafeEqual (node:internal/crypto/util:12:3)'],
    ['Node, in the HTML of Express', '<pre>Error: x<br> &nbsp; &nbsp;at handler (/app/src/webhooks.js:12:9)</pre>'],
    ['Node, ES modules', 'Error\n    at file:///app/index.mjs:3:1'],
    ['Node on Windows', '    at handler (C:\\app\\index.js:3:1)'],
    ['Python', 'Traceback (most recent call last):\n  File "/app/main.py", line 3'],
    ['Java', 'java.lang.NullPointerException\n\tat com.acme.Hooks.verify(Hooks.java:41)'],
    ['PHP', '#0 /var/www/index.php(12): hash_equals()'],
    ['Ruby', "/app/app.rb:12:in `block in <main>'"],
    ['Go', 'panic: runtime error\n\ngoroutine 1 [running]:'],
    ['.NET', '   at Acme.Hooks.Verify(String s) in /src/Hooks.cs:line 12'],
    ['Rust', "thread 'main' panicked at src/main.rs:4:5"],
  ])('of %s is told', (_, text) => {
    expect(stackTraceIn(text)).not.toBeNull();
  });

  it.each([
    '{"error":"invalid signature"}',
    'Look at our docs: /docs/webhooks',
    'at 12:30 it was refused',
    'Cannot POST /webhooks',
  ])('is not seen in %j', (text) => {
    expect(stackTraceIn(text)).toBeNull();
  });
});

describe('what an answer gives away', () => {
  const right = 'ab'.repeat(32);

  it('is the signature that was expected, however it is spelled', () => {
    const spellings = [
      right,
      right.toUpperCase(),
      Buffer.from(right, 'hex').toString('base64'),
      Buffer.from(right, 'hex').toString('base64url'),
    ];
    for (const spelled of spellings) {
      const notes = createNotes('s3cret-s3cret', connect2print);
      notes.take(request('00'), answer(401, `expected ${spelled}`), request(right));
      expect(notes.expectedSignature).toBe(true);
    }
  });

  it('is not what only comes back, nor what a taken delivery is told', () => {
    const notes = createNotes('s3cret-s3cret', connect2print);
    notes.take(request(`${right}00`), answer(401, `got ${right}00`), request(right));
    notes.take(request('00'), answer(200, right), request(right));
    expect(notes.expectedSignature).toBe(false);
    expect(notes.errorAnswers).toBe(1);
  });

  it('is the secret, with or without its prefix, in any answer', () => {
    for (const told of ['whsec_MfKQ9r8GKYqrTwjUPD8I', 'MfKQ9r8GKYqrTwjUPD8I']) {
      const notes = createNotes('whsec_MfKQ9r8GKYqrTwjUPD8I', standardWebhooks);
      notes.take(request(''), answer(200, 'ok', [['X-Debug', told]]), null);
      expect(notes.secret).toBe(true);
    }
  });

  it('is a redirect', () => {
    const notes = createNotes(null, connect2print);
    notes.take(request(''), answer(307, '', [['Location', 'https://example.com/\u001b[31m']]), null);
    expect(notes.redirect).toBe('307 to https://example.com/ [31m');
  });
});

describe('an excerpt', () => {
  const notes = createNotes('s3cret-s3cret', connect2print);

  it('is one line of text, without mark-up and anything that could be secret', () => {
    const html =
      '<html><style>b{}</style><h1>Oops</h1>\n<p>key s3cret-s3cret,\r\n expected 5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd</p>';
    expect(notes.excerpt(answer(500, html))).toBe('Oops key [hidden], expected [hidden]');
    expect(notes.excerpt(answer(500, '\u001b[2Jx\u0000y'))).toBe('[2Jx y');
  });

  it('is short', () => {
    expect(notes.excerpt(answer(500, 'no '.repeat(1_000)))).toHaveLength(121);
    expect(notes.excerpt(answer(204, ''))).toBe('');
  });
});
