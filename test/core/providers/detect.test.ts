import { describe, expect, it } from 'vitest';
import type { HeaderList } from '../../../src/core/http/headers.js';
import connect2print from '../../../src/core/providers/catalogue/connect2print.js';
import { defineProvider } from '../../../src/core/providers/define.js';
import { type Detection, detectProvider } from '../../../src/core/providers/detect.js';
import { builtinProviders } from '../../../src/core/providers/list.js';
import type { Provider } from '../../../src/core/providers/model.js';
import { RequestReader } from '../../../src/core/providers/read.js';
import { bitbucket, circleci, github, slack, square, stripe } from '../signature/schemes.js';

const HEX = 'ab'.repeat(32);
const BASE64 = Buffer.from(HEX, 'hex').toString('base64');

const detect = (headers: HeaderList, body = '{}', providers: readonly Provider[] = builtinProviders): Detection =>
  detectProvider(new RequestReader({ headers, body: Buffer.from(body), path: '/hooks' }), providers);
const nameOf = (detection: Detection): string => (detection.status === 'detected' ? detection.provider.name : detection.status);

const STANDARD: HeaderList = [
  ['webhook-id', 'msg_1'],
  ['webhook-timestamp', '5'],
  ['webhook-signature', `v1,${BASE64}`],
];
const SVIX: HeaderList = STANDARD.map(([name, value]) => [name.replace('webhook', 'svix'), value]);

const ENVELOPE = '{"id":"wh_1a2b3c4d5e6f","event":"order.created","timestamp":"2024-01-15T10:30:00Z","data":{}}';
const PRINTONE = '{"data":{"id":"ord_1"},"created_at":"2024-06-03T13:14:46.501Z","event":"order_status_update"}';

describe('headers that several share', () => {
  const GITHUB: HeaderList = [
    ['X-GitHub-Event', 'push'],
    ['X-GitHub-Delivery', 'guid'],
  ];
  const HUB: HeaderList = [['X-Hub-Signature', `sha256=${HEX}`]];
  const STANDARD: HeaderList = [
    ['webhook-id', 'msg_1'],
    ['webhook-timestamp', '5'],
    ['webhook-signature', `v1,${BASE64}`],
  ];
  const table: ReadonlyArray<readonly [string, HeaderList, string, string]> = [
    ['X-Webhook-Signature in hex over a foreign body', [['X-Webhook-Signature', HEX]], '{"id":5,"type":"x"}', 'unknown'],
    ['X-Webhook-Signature with the envelope', [['x-webhook-signature', HEX]], ENVELOPE, 'connect2print'],
    ['a malformed one with the envelope', [['x-webhook-signature', 'nonsense']], ENVELOPE, 'connect2print'],
    ['an envelope without signature', [], ENVELOPE, 'connect2print'],
    [
      'webhook-signature in hex',
      [
        ['webhook-id', 'msg_1'],
        ['webhook-timestamp', '5'],
        ['Webhook-Signature', HEX],
      ],
      '{}',
      'unknown',
    ],
    ['webhook-signature of another list', [['Webhook-Signature', 't=5,s=aa']], '{}', 'unknown'],
    ['webhook-signature without its companions', [['webhook-signature', `v1,${BASE64}`]], '{}', 'unknown'],
    ['Standard Webhooks', STANDARD, '{}', 'standard-webhooks'],
    [
      'Svix',
      [
        ['svix-id', 'msg_1'],
        ['svix-timestamp', '5'],
        ['svix-signature', `v2,x v1,${BASE64}`],
      ],
      'not json',
      'svix',
    ],
    [
      'Svix under the names of the specification',
      [...STANDARD, ['User-Agent', 'Svix-Webhooks/1.62.0']],
      '{}',
      'standard-webhooks',
    ],
    ['Polar, which only its User-Agent tells', [...STANDARD, ['User-Agent', 'polar.sh webhooks']], '{}', 'polar'],
    ['Lithic, which sends both names', [...STANDARD, ...SVIX], '{"event_type":"card.created"}', 'lithic'],
    [
      'Clerk’s envelope under other names than Clerk’s',
      STANDARD,
      '{"object":"event","instance_id":"ins_1"}',
      'standard-webhooks',
    ],
    [
      'GoCardless',
      [['Webhook-Signature', HEX]],
      '{"events":[{"id":"EV1","resource_type":"payments","action":"paid"}]}',
      'gocardless',
    ],
    ['X-Signature in hex over a foreign body', [['X-Signature', HEX]], '{"meta":{"event_name":"order_created"}}', 'unknown'],
    [
      'PrintedDirect',
      [['X-Signature', HEX.slice(0, 40)]],
      '{"action":"job.status.transition","created_at":{"iso":"2024-02-29T10:23:37+00:00"}}',
      'printeddirect',
    ],
    ['x-webhook-hmac-sha256 in hex', [['x-webhook-hmac-sha256', HEX]], '{"event":"message","session":"default"}', 'unknown'],
    [
      'x-webhook-hmac-sha256 in base64 over a foreign body',
      [['x-webhook-hmac-sha256', BASE64]],
      '{"event":"message"}',
      'unknown',
    ],
    ['Print.one', [['x-webhook-hmac-sha256', BASE64]], PRINTONE, 'printone'],
    ['Print.one, older names', [['X-PrintOne-Hmac-SHA256', BASE64]], PRINTONE, 'printone'],
    ['X-Hub-Signature-256 of GitHub', [...GITHUB, ['X-Hub-Signature-256', `sha256=${HEX}`]], '{}', 'github'],
    ['X-Hub-Signature of GitHub', [...GITHUB, ['X-Hub-Signature', `sha1=${HEX.slice(24)}`]], '{}', 'github'],
    ['both of a forge that sends GitHub’s headers too', [...GITHUB, ['X-Gitea-Event', 'push'], ...HUB], '{}', 'unknown'],
    ['X-Hub-Signature of Bitbucket', [['X-Event-Key', 'repo:push'], ...HUB], '{}', 'bitbucket'],
    ['X-Hub-Signature of Jira', [['X-Atlassian-Webhook-Identifier', 'x'], ...HUB], '{"webhookEvent":"a"}', 'jira'],
    [
      'X-Hub-Signature of Intercom',
      [['X-Hub-Signature', `sha1=${HEX.slice(24)}`]],
      '{"type":"notification_event","topic":"contact.user.created"}',
      'intercom',
    ],
    ['X-Hub-Signature of nobody', HUB, '{}', 'unknown'],
    [
      'X-Signature of Lemon Squeezy',
      [
        ['X-Event-Name', 'a'],
        ['X-Signature', HEX],
      ],
      '{"meta":{"event_name":"a"}}',
      'lemonsqueezy',
    ],
    ['X-Signature of another', [['X-Signature', HEX]], '{"meta":{"event_name":"a"}}', 'unknown'],
    ['webhook-signature of GitLab', [['X-Gitlab-Event', 'Push Hook'], ...STANDARD], '{}', 'gitlab'],
    ['HmacSignature of Adyen', [['HmacSignature', BASE64]], '{"type":"a.b"}', 'adyen-platform'],
    ['nothing', [], '', 'unknown'],
    ['nothing but a user agent', [['User-Agent', 'Print.one Webhook Service']], '{}', 'unknown'],
  ];
  it.each(table)('%s', (_, headers, body, name) => expect(nameOf(detect(headers, body))).toBe(name));
});

describe('among many', () => {
  const withClues = defineProvider({
    name: 'gh-clues',
    signature: { header: 'X-Hub-Signature-256', prefix: 'sha256=' },
    eventId: 'header:X-GitHub-Delivery',
    clues: { headers: ['X-GitHub-Event'], absent: ['X-Event-Key'] },
  });

  it('a shared header is ambiguous, and says between whom', () => {
    const meta = defineProvider({ name: 'meta', signature: { header: 'X-Hub-Signature-256', prefix: 'sha256=' } });
    const detection = detect([['X-Hub-Signature-256', `sha256=${HEX}`]], '{}', [github, meta, stripe]);
    expect(detection.status === 'ambiguous' && detection.candidates.map(({ name }) => name)).toEqual(['github', 'meta']);
  });

  it('a companion header decides', () => {
    const headers = [
      ['X-Hub-Signature-256', `sha256=${HEX}`],
      ['X-GitHub-Event', 'push'],
      ['X-GitHub-Delivery', 'guid'],
    ] as const;
    expect(nameOf(detect(headers, '{}', [github, withClues]))).toBe('gh-clues');
    expect(nameOf(detect([...headers, ['X-Event-Key', 'repo:push']], '{}', [withClues]))).toBe('unknown');
  });

  it('an id that is not signed may be missing', () => {
    const headers = [
      ['X-Hub-Signature-256', `sha256=${HEX}`],
      ['X-GitHub-Event', 'push'],
    ] as const;
    expect(nameOf(detect(headers, '{}', [withClues]))).toBe('gh-clues');
    const idOnly = defineProvider({ name: 'acme', signature: { header: 'X-Sig' }, eventId: 'header:X-Id' });
    expect(nameOf(detect([['X-Sig', HEX]], '{}', [idOnly]))).toBe('acme');
  });

  it('the prefix and the shape tell schemes of one header apart', () => {
    const hub = (value: string): string => nameOf(detect([['X-Hub-Signature', value]], '{}', [github, bitbucket]));
    expect(hub(`sha256=${HEX}`)).toBe('bitbucket');
    expect(hub(`sha1=${HEX.slice(0, 40)}`)).toBe('github');
    expect(hub(`sha1=${HEX}`)).toBe('unknown');
    expect(nameOf(detect([['Stripe-Signature', `t=5,v1=${HEX}`]], '{}', [stripe, slack, square, circleci]))).toBe('stripe');
    expect(nameOf(detect([['Stripe-Signature', `v1=${HEX}`]], '{}', [stripe]))).toBe('unknown');
  });

  it('a provider of the config wins a tie, and only a tie', () => {
    const definition = { name: 'mine', signature: { header: 'X-Hub-Signature-256', prefix: 'sha256=' } };
    const mine = defineProvider(definition, { custom: true });
    const headers = [['X-Hub-Signature-256', `sha256=${HEX}`]] as const;
    expect(nameOf(detect(headers, '{}', [github, mine]))).toBe('mine');
    expect(nameOf(detect([...headers, ['X-GitHub-Event', 'push']], '{}', [withClues, mine]))).toBe('gh-clues');
    const other = defineProvider({ ...definition, name: 'mine-too' }, { custom: true });
    expect(nameOf(detect(headers, '{}', [mine, other]))).toBe('ambiguous');
    const sameHeader = defineProvider({ name: 'mine', signature: { header: 'X-Webhook-Signature' } }, { custom: true });
    expect(nameOf(detect([['X-Webhook-Signature', HEX]], ENVELOPE, [connect2print, sameHeader]))).toBe('connect2print');
    expect(nameOf(detect([['X-Webhook-Signature', HEX]], '{}', [connect2print, sameHeader]))).toBe('mine');
  });
});

describe('a family', () => {
  const svix = { header: 'svix-signature', prefix: 'v1,', encoding: 'base64' } as const;
  const relative = (name: string, family?: string) =>
    defineProvider({ name, signature: svix, ...(family === undefined ? {} : { family }) });
  const headers: HeaderList = [['svix-signature', `v1,${BASE64}`]];
  const among = (...providers: Provider[]): string => nameOf(detect(headers, '{}', providers));

  it('is told as the one that stands for it', () => {
    expect(among(relative('clerk', 'svix'), relative('svix', 'svix'), relative('resend', 'svix'))).toBe('svix');
  });

  it('without that one, or with a stranger among them, is ambiguous', () => {
    expect(among(relative('clerk', 'svix'), relative('resend', 'svix'))).toBe('ambiguous');
    expect(among(relative('svix', 'svix'), relative('stranger'))).toBe('ambiguous');
    expect(among(relative('a'), relative('b'))).toBe('ambiguous');
  });
});
