import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'github',
  title: 'GitHub',
  docs: [
    'https://docs.github.com/en/webhooks/webhook-events-and-payloads',
    'https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries',
    'https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries',
  ],
  // Both are sent; the documentation keeps SHA-1 for old receivers only. A form body (payload=…) is signed as it is, encoded.
  signature: [
    { id: 'sha256', header: 'X-Hub-Signature-256', algorithm: 'sha256', prefix: 'sha256=' },
    { id: 'sha1', header: 'X-Hub-Signature', algorithm: 'sha1', prefix: 'sha1=' },
  ],
  // Events that come with an action are named as Octokit names them: pull_request.opened.
  event: ['{header:X-GitHub-Event}.{body:/action}', '{header:X-GitHub-Event}.{form:payload#/action}', 'header:X-GitHub-Event'],
  // A redelivery has the same one.
  eventId: 'header:X-GitHub-Delivery',
  idFormat: '{uuid}',
  headers: [
    ['Accept', '*/*'],
    ['X-GitHub-Event', '{event:head}'],
    ['X-GitHub-Hook-ID', '292430182'],
    ['X-GitHub-Hook-Installation-Target-ID', '{body:/repository/id}'],
    ['X-GitHub-Hook-Installation-Target-Type', 'repository'],
  ],
  userAgent: 'GitHub-Hookshot/044aadd',
  contentType: 'application/json',
  // "Your server should respond with a 2XX response within 10 seconds".
  timeout: '10s',
  success: '2xx',
  // "GitHub does not automatically redeliver failed deliveries".
  retries: [],
  events: {
    ping: 'A webhook was created',
    push: 'Commits or a tag were pushed',
    create: 'A branch or tag was created',
    delete: 'A branch or tag was deleted',
    fork: 'A repository was forked',
    'pull_request.opened': 'A pull request was opened',
    'pull_request.synchronize': 'Commits were pushed to the branch of a pull request',
    'pull_request.closed': 'A pull request was merged, or closed without',
    'pull_request_review.submitted': 'A review of a pull request was submitted',
    'issues.opened': 'An issue was opened',
    'issues.closed': 'An issue was closed',
    'issue_comment.created': 'Somebody commented on an issue or pull request',
    'workflow_run.completed': 'A run of a workflow of GitHub Actions finished',
    'check_run.completed': 'A check run finished',
    'deployment_status.created': 'A deployment has a new status',
    'release.published': 'A release was published',
    'star.created': 'Somebody starred a repository',
  },
  clues: {
    headers: ['X-GitHub-Event', 'X-GitHub-Delivery'],
    // Forges that send GitHub's headers beside their own, for receivers made for GitHub.
    absent: ['X-Gitea-Event', 'X-Forgejo-Event', 'X-Gogs-Event'],
    userAgent: 'GitHub-Hookshot/',
  },
  confidence: 'high',
  setup: 'Repository or organization → Settings → Webhooks → Add webhook',
});

export default provider;
