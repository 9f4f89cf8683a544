import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Notifications of runs in HCP Terraform (Terraform Cloud) and Terraform Enterprise.
const provider: Provider = defineProvider({
  name: 'terraform',
  title: 'HCP Terraform',
  docs: [
    'https://developer.hashicorp.com/terraform/cloud-docs/api-docs/notification-configurations',
    'https://developer.hashicorp.com/terraform/cloud-docs/workspaces/settings/notifications',
  ],
  signature: { header: 'X-TFE-Notification-Signature', algorithm: 'sha512' },
  event: 'body:/notifications/0/trigger',
  // A run has each of its states once.
  eventId: ['{body:/run_id}:{body:/notifications/0/trigger}:{body:/notifications/0/run_updated_at}', 'body:/run_id'],
  idFormat: 'run-{base62:16}',
  sentAt: 'body:/notifications/0/run_updated_at',
  // Any 2xx status; others are not tried again.
  events: {
    verification: 'A notification was set up',
    'run:created': 'A run was made',
    'run:needs_attention': 'A run waits for somebody to decide',
    'run:completed': 'A run was applied, or had nothing to do',
    'run:errored': 'A run failed or was cancelled',
  },
  confidence: 'medium',
  assumptions: ['The timeout and the User-Agent are not published.'],
  setup: 'Workspace → Settings → Notifications',
});

export default provider;
