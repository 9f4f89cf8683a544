import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type HeaderList, headerValue } from '../../../src/core/http/headers.js';
import { type Challenge, type ChallengeInput, objectionTo } from '../../../src/core/providers/challenge.js';
import { asanaHandshake } from '../../../src/core/providers/challenges/asana.js';
import { discordEventsPing, discordPing } from '../../../src/core/providers/challenges/discord.js';
import { dropboxChallenge } from '../../../src/core/providers/challenges/dropbox.js';
import { hubChallenge } from '../../../src/core/providers/challenges/hub.js';
import { notionVerificationToken } from '../../../src/core/providers/challenges/notion.js';
import { oktaVerification } from '../../../src/core/providers/challenges/okta.js';
import { slackUrlVerification } from '../../../src/core/providers/challenges/slack.js';
import { snsSubscriptionConfirmation } from '../../../src/core/providers/challenges/sns.js';
import { twitchCallbackVerification } from '../../../src/core/providers/challenges/twitch.js';
import { xeroIntent } from '../../../src/core/providers/challenges/xero.js';
import { zoomUrlValidation } from '../../../src/core/providers/challenges/zoom.js';
import { RequestReader } from '../../../src/core/providers/read.js';
import type { Verdict } from '../../../src/core/signature/verdict.js';

const VALID: Verdict = { status: 'valid', reason: null, message: '', diagnosis: [] };
const INVALID: Verdict = { status: 'invalid', reason: 'mismatch', message: 'It does not match.', diagnosis: [] };

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: HeaderList;
  readonly body?: unknown;
  readonly verdict?: Verdict;
  readonly secrets?: readonly string[];
  readonly verifyTokens?: readonly string[];
}

function inputOf(asked: Asked): ChallengeInput {
  const { method = 'POST', path = '/', headers = [], verdict = VALID, secrets = ['secret'], verifyTokens = [] } = asked;
  const body = Buffer.from(asked.body === undefined ? '' : JSON.stringify(asked.body));
  const request = { method, path, headers, body };
  return { request, reader: new RequestReader(request), verdict, secrets, verifyTokens };
}

/** The answer, in a form that is easy to compare. */
function answer(challenge: Challenge, asked: Asked) {
  const input = inputOf(asked);
  expect(challenge.matches(input)).toBe(true);
  const { response, ...rest } = challenge.answer(input);
  expect(objectionTo(challenge, response, input)).toBeNull();
  return { ...rest, status: response.status, body: Buffer.from(response.body).toString(), headers: response.headers };
}

/** What the provider objects to in some other answer. */
const objection = (challenge: Challenge, asked: Asked, status: number, body: string, headers: HeaderList = []) =>
  objectionTo(challenge, { status, headers, body: Buffer.from(body) }, inputOf(asked));

describe('Slack url_verification', () => {
  const asked = { body: { token: 'x', challenge: '3eZbrw1aB', type: 'url_verification' } };

  it('gets its challenge back, as text', () => {
    expect(answer(slackUrlVerification, asked)).toMatchObject({ outcome: 'answered', status: 200, body: '3eZbrw1aB' });
  });

  it('takes JSON as well, and nothing else', () => {
    expect(objection(slackUrlVerification, asked, 200, '{ "challenge": "3eZbrw1aB" }')).toBeNull();
    expect(objection(slackUrlVerification, asked, 200, '{"challenge":"other"}')).toBe(
      'the body is not the answer to the challenge',
    );
    expect(objection(slackUrlVerification, asked, 200, '')).toBe('the body is empty, and has to hold the answer');
    expect(objection(slackUrlVerification, asked, 500, '3eZbrw1aB')).toBe('the status is 500, not 200');
  });

  it('is refused where the signature is wrong', () => {
    expect(answer(slackUrlVerification, { ...asked, verdict: INVALID })).toMatchObject({ outcome: 'refused', status: 401 });
    expect(objection(slackUrlVerification, { ...asked, verdict: INVALID }, 200, '3eZbrw1aB')).toBe('the status is 200, not 401');
    expect(objection(slackUrlVerification, { ...asked, verdict: INVALID }, 401, 'Go away')).toBeNull();
  });

  it('without a challenge has nothing to repeat', () => {
    expect(answer(slackUrlVerification, { body: { type: 'url_verification' } })).toMatchObject({
      outcome: 'refused',
      status: 400,
    });
  });
});

it('Twitch webhook_callback_verification gets its challenge back as text', () => {
  const headers = [['twitch-eventsub-message-type', 'webhook_callback_verification']] as const;
  const asked = { headers, body: { challenge: 'pogchamp-kappa-360noscope-vohiyo', subscription: {} } };
  expect(answer(twitchCallbackVerification, asked)).toMatchObject({ status: 200, body: 'pogchamp-kappa-360noscope-vohiyo' });
  expect(objection(twitchCallbackVerification, asked, 200, '{"challenge":"pogchamp-kappa-360noscope-vohiyo"}')).not.toBeNull();
  const event = [['twitch-eventsub-message-type', 'notification']] as const;
  expect(twitchCallbackVerification.matches(inputOf({ headers: event, body: { challenge: 'x' } }))).toBe(false);
});

it('Dropbox gets its challenge back, and no browser guesses what it is', () => {
  const asked = { method: 'GET', path: '/hooks?challenge=a%20b%3Cscript%3E' };
  expect(answer(dropboxChallenge, asked)).toMatchObject({
    status: 200,
    body: 'a b<script>',
    headers: [
      ['Content-Type', 'text/plain'],
      ['X-Content-Type-Options', 'nosniff'],
    ],
  });
  expect(objection(dropboxChallenge, asked, 200, 'a b<script>')).toMatch(/X-Content-Type-Options/);
  expect(dropboxChallenge.matches(inputOf({ method: 'GET', path: '/hooks' }))).toBe(false);
  expect(dropboxChallenge.matches(inputOf({ ...asked, method: 'POST' }))).toBe(false);
});

it('Okta gets its challenge back in JSON, and nothing else', () => {
  const asked = { method: 'GET', headers: [['x-okta-verification-challenge', 'abc']] as const };
  expect(answer(oktaVerification, asked)).toMatchObject({ status: 200, body: '{"verification":"abc"}' });
  expect(objection(oktaVerification, asked, 200, 'abc')).not.toBeNull();
});

describe('Meta hub.challenge', () => {
  const asked = { method: 'GET', path: '/?hub.mode=subscribe&hub.verify_token=mine&hub.challenge=1158201444' };

  it('gets its number back if the token is the agreed one', () => {
    expect(answer(hubChallenge, { ...asked, verifyTokens: ['other', 'mine'] })).toMatchObject({
      status: 200,
      body: '1158201444',
    });
    expect(answer(hubChallenge, { ...asked, verifyTokens: ['other'] })).toMatchObject({ outcome: 'refused', status: 403 });
    expect(answer(hubChallenge, asked)).toMatchObject({ outcome: 'answered', note: expect.stringContaining('--verify-token') });
  });

  it('is no other GET', () => {
    for (const path of ['/', '/?hub.mode=unsubscribe&hub.challenge=1', '/?hub.mode=subscribe']) {
      expect(hubChallenge.matches(inputOf({ method: 'GET', path }))).toBe(false);
    }
  });

  it('is sent with a fresh text and the agreed token', () => {
    const request = { method: 'GET', url: `http://a.test${asked.path}&x=1`, headers: [], body: Buffer.alloc(0) };
    const url = (verifyToken: string | null) => hubChallenge.prepare?.(request, { verifyToken, fresh: 'abc' }).url;
    expect(url('a&b')).toBe('http://a.test/?hub.mode=subscribe&hub.verify_token=a%26b&hub.challenge=abc&x=1');
    expect(url(null)).toBe('http://a.test/?hub.mode=subscribe&hub.verify_token=mine&hub.challenge=abc&x=1');
  });
});

describe('Zoom endpoint.url_validation', () => {
  const asked = { body: { event: 'endpoint.url_validation', payload: { plainToken: 'qgg8vlvZRS6UYooatFL8Aw' } } };

  it('gets the token and its hash', () => {
    const encryptedToken = createHmac('sha256', 'secret').update('qgg8vlvZRS6UYooatFL8Aw').digest('hex');
    const { body, status } = answer(zoomUrlValidation, asked);
    expect([status, JSON.parse(body)]).toEqual([200, { plainToken: 'qgg8vlvZRS6UYooatFL8Aw', encryptedToken }]);
    const swapped = JSON.stringify({ encryptedToken, plainToken: 'qgg8vlvZRS6UYooatFL8Aw' }, null, 2);
    expect(objection(zoomUrlValidation, asked, 200, swapped)).toBeNull();
  });

  it('cannot be answered without the secret, nor is where the signature is wrong', () => {
    expect(answer(zoomUrlValidation, { ...asked, secrets: [] })).toMatchObject({ outcome: 'refused', status: 500 });
    expect(answer(zoomUrlValidation, { ...asked, verdict: INVALID })).toMatchObject({ outcome: 'refused', status: 401 });
  });
});

describe('Discord PING', () => {
  it('of interactions gets {"type":1}, of events 204, both 401 where the signature is wrong', () => {
    expect(answer(discordPing, { body: { type: 1, id: '1' } })).toMatchObject({ status: 200, body: '{"type":1}' });
    expect(answer(discordEventsPing, { body: { version: 1, type: 0 } })).toMatchObject({ status: 204, body: '' });
    for (const [challenge, type] of [
      [discordPing, 1],
      [discordEventsPing, 0],
    ] as const) {
      expect(answer(challenge, { body: { type }, verdict: INVALID })).toMatchObject({ outcome: 'refused', status: 401 });
    }
  });

  it('is neither an interaction nor an event', () => {
    const of = (body: unknown) => [discordPing, discordEventsPing].map((challenge) => challenge.matches(inputOf({ body })));
    expect(of({ type: 2, data: {} })).toEqual([false, false]);
    expect(of({ version: 1, type: 1, event: { type: 'APPLICATION_AUTHORIZED' } })).toEqual([false, false]);
    expect(of([1])).toEqual([false, false]);
  });
});

describe('Xero intent to receive', () => {
  const asked = {
    headers: [['x-xero-signature', 'x']] as const,
    body: { events: [], firstEventSequence: 0, entropy: 'S0m3r4Nd0mt3xt' },
  };

  it('gets 200 or 401 as the signature is, and an empty body', () => {
    expect(answer(xeroIntent, asked)).toMatchObject({ outcome: 'answered', status: 200, body: '' });
    expect(answer(xeroIntent, { ...asked, verdict: INVALID })).toMatchObject({ outcome: 'answered', status: 401, body: '' });
    const unchecked = { ...VALID, status: 'unchecked' } as const;
    expect(answer(xeroIntent, { ...asked, verdict: unchecked }).note).toMatch(/Without the webhook key/);
    expect(objection(xeroIntent, asked, 200, 'ok')).toBe('the body is not empty');
  });

  it('is a request without events', () => {
    expect(xeroIntent.matches(inputOf({ ...asked, body: { events: [{}] } }))).toBe(false);
    expect(xeroIntent.matches(inputOf({ ...asked, headers: [] }))).toBe(false);
  });
});

describe('Asana handshake', () => {
  const asked = { headers: [['X-Hook-Secret', 'b537207f']] as const };

  it('gets its secret back, which is the secret from then on', () => {
    expect(answer(asanaHandshake, asked)).toMatchObject({
      status: 200,
      secret: 'b537207f',
      headers: [['X-Hook-Secret', 'b537207f']],
    });
    expect(objection(asanaHandshake, asked, 200, '')).toMatch(/X-Hook-Secret does not repeat/);
    expect(objection(asanaHandshake, asked, 200, '', [['x-hook-secret', 'b537207f']])).toBeNull();
  });

  it('is sent with a fresh one', () => {
    const request = { method: 'POST', url: 'http://a.test', headers: [['X-Hook-Secret', 'old']] as const, body: Buffer.alloc(0) };
    const sent = asanaHandshake.prepare?.(request, { verifyToken: null, fresh: 'new' });
    expect(headerValue(sent?.headers ?? [], 'x-hook-secret')).toBe('new');
  });
});

it('Notion hands over a token, and takes any 200', () => {
  const asked = { body: { verification_token: 'secret_tMrlL1q' } };
  expect(answer(notionVerificationToken, asked)).toMatchObject({
    status: 200,
    secret: 'secret_tMrlL1q',
    note: expect.any(String),
  });
  expect(objection(notionVerificationToken, asked, 200, '{"ok":true}')).toBeNull();
  expect(objection(notionVerificationToken, asked, 404, '')).toBe('the status is 404, not 200');
  expect(notionVerificationToken.matches(inputOf({ body: { type: 'page.created', verification_token: 'x' } }))).toBe(false);
});

describe('SNS SubscriptionConfirmation', () => {
  const of = (SubscribeURL: unknown) => ({ body: { Type: 'SubscriptionConfirmation', SubscribeURL } });
  const own = 'https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&Token=1';

  it('names the address to visit, if it is Amazon’s', () => {
    expect(answer(snsSubscriptionConfirmation, of(own))).toMatchObject({ status: 200, confirm: own });
    for (const other of [
      'https://evil.test/',
      own.replace('Confirm', 'Delete'),
      `http${own.slice(5)}`,
      'nonsense',
      1,
      undefined,
    ]) {
      const got = answer(snsSubscriptionConfirmation, of(other));
      expect(got).not.toHaveProperty('confirm');
      expect(got.note).toMatch(/do not visit it/);
    }
    expect(answer(snsSubscriptionConfirmation, { ...of(own), verdict: INVALID })).toMatchObject({
      outcome: 'refused',
      status: 401,
    });
  });

  it('takes any 2xx, whatever it says', () => {
    expect(objection(snsSubscriptionConfirmation, of(own), 204, '')).toBeNull();
    expect(objection(snsSubscriptionConfirmation, of(own), 200, 'thanks')).toBeNull();
    expect(objection(snsSubscriptionConfirmation, of(own), 404, '')).not.toBeNull();
  });
});

const all = [
  asanaHandshake,
  discordEventsPing,
  discordPing,
  dropboxChallenge,
  hubChallenge,
  notionVerificationToken,
  oktaVerification,
  slackUrlVerification,
  snsSubscriptionConfirmation,
  twitchCallbackVerification,
  xeroIntent,
  zoomUrlValidation,
];

it.each(all.map((challenge) => [challenge.name, challenge] as const))(
  '%s is looked for in anything, and found in nothing',
  (_, challenge) => {
    for (const body of [undefined, null, 1, 'x', [], [[]], {}, { type: {} }, { event: [] }]) {
      for (const method of ['GET', 'POST', 'HEAD'])
        expect(challenge.matches(inputOf({ method, body, path: '/?a=%zz&&' }))).toBe(false);
    }
  },
);
