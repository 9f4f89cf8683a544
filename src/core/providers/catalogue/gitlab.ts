import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// The signing token is from https://gitlab.com/gitlab-org/gitlab/-/merge_requests/230944 (2026), which tests it with the library
// of Standard Webhooks; the rest is from the page under `docs`.
const provider: Provider = defineProvider({
  name: 'gitlab',
  title: 'GitLab',
  docs: [
    'https://docs.gitlab.com/user/project/integrations/webhooks/',
    'https://docs.gitlab.com/user/project/integrations/webhook_events/',
    'https://gitlab.com/gitlab-org/gitlab/-/merge_requests/230944',
  ],
  // A webhook may have both: the signature comes in addition to the token. A signing token begins with whsec_, and is no secret
  // token: it signs and is never sent along.
  signature: [
    {
      id: 'signing-token',
      header: 'webhook-signature',
      prefix: 'v1,',
      separator: ' ',
      encoding: 'base64',
      key: { encoding: 'base64', prefix: 'whsec_', required: true },
      idHeader: 'webhook-id',
      timestampHeader: 'webhook-timestamp',
      content: '{id}.{timestamp}.{body}',
      tolerance: '5m',
    },
    {
      id: 'secret-token',
      kind: 'token',
      header: 'X-Gitlab-Token',
      key: { encoding: 'utf8', prefix: 'whsec_', forbidden: true },
    },
  ],
  event: 'header:X-Gitlab-Event',
  // The same for every retry; webhook-id has the same value.
  eventId: ['header:Idempotency-Key', 'header:X-Gitlab-Event-UUID'],
  idFormat: '{uuid}',
  headers: [
    ['X-Gitlab-Event', '{event}'],
    ['X-Gitlab-Webhook-UUID', '{uuid}'],
    ['X-Gitlab-Instance', 'https://gitlab.com'],
    ['X-Gitlab-Event-UUID', '{uuid}'],
  ],
  userAgent: 'GitLab/18.6.0',
  contentType: 'application/json',
  timeout: '10s',
  success: '2xx',
  // `retries` is absent: not published. A webhook that fails four times in a row is off for a minute, then longer, up to a day; after 40 for good.
  events: {
    'Push Hook': 'Commits were pushed to a branch',
    'Tag Push Hook': 'A tag was created or deleted',
    'Issue Hook': 'An issue was created, changed, closed or reopened',
    'Note Hook': 'Somebody commented on a commit, merge request, issue or snippet',
    'Merge Request Hook': 'A merge request was opened, changed, approved, merged or closed',
    'Pipeline Hook': 'The status of a pipeline changed',
    'Job Hook': 'The status of a job changed',
    'Deployment Hook': 'A deployment started, succeeded, failed or was cancelled',
    'Release Hook': 'A release was created, changed or deleted',
    'Wiki Page Hook': 'A wiki page was created, changed or deleted',
    'Feature Flag Hook': 'A feature flag was turned on or off',
    'Emoji Hook': 'An emoji reaction was given or taken back',
  },
  clues: { headers: ['X-Gitlab-Event'], userAgent: 'GitLab/' },
  assumptions: [
    'A signing token is whsec_ and base64, and its age is limited to 5 minutes, as in the library that GitLab tests it with.',
    'The timeout of 10 s is the default of GitLab.com; an instance of one’s own may have another.',
  ],
  confidence: 'high',
  setup: 'Project or group → Settings → Webhooks → Add new webhook',
});

export default provider;
