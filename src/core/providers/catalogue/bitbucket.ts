import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'bitbucket',
  title: 'Bitbucket',
  docs: [
    'https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/',
    'https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/',
    'https://support.atlassian.com/bitbucket-cloud/docs/troubleshoot-webhooks/',
  ],
  // GitHub's older header name, with SHA-256 in it. Bitbucket Data Center signs the same way.
  signature: { header: 'X-Hub-Signature', algorithm: 'sha256', prefix: 'sha256=' },
  event: 'header:X-Event-Key',
  // The first is Cloud's, the second Data Center's.
  eventId: ['header:X-Request-UUID', 'header:X-Request-Id'],
  idFormat: '{uuid}',
  headers: [
    ['X-Event-Key', '{event}'],
    ['X-Hook-UUID', '{uuid}'],
    ['X-Attempt-Number', '1'],
    ['X-Event-Time', '{iso}'],
  ],
  userAgent: 'Bitbucket-Webhooks/2.0',
  contentType: 'application/json',
  timeout: '10s',
  success: '2xx',
  // `retries` is absent: up to two more tries after a status of 500 to 599, at times that are not published.
  events: {
    'repo:push': 'Commits or tags were pushed, or a branch was deleted',
    'pullrequest:created': 'A pull request was created',
    'pullrequest:approved': 'A pull request was approved',
    'pullrequest:fulfilled': 'A pull request was merged',
    'repo:commit_status_updated': 'A build reported a new status for a commit',
  },
  clues: { headers: ['X-Event-Key'], userAgent: 'Bitbucket-Webhooks/' },
  assumptions: ['A delivery that is tried again keeps its X-Request-UUID.'],
  confidence: 'high',
  setup: 'Repository settings → Webhooks → Add webhook',
});

export default provider;
