import { slackUrlVerification } from '../challenges/slack.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// The signature is as the official SDK (bolt-js, `verifySlackRequest`) has it.
const provider: Provider = defineProvider({
  name: 'slack',
  title: 'Slack',
  docs: [
    'https://docs.slack.dev/authentication/verifying-requests-from-slack',
    'https://docs.slack.dev/apis/events-api/',
    'https://docs.slack.dev/interactivity/',
  ],
  signature: {
    header: 'X-Slack-Signature',
    prefix: 'v0=',
    timestampHeader: 'X-Slack-Request-Timestamp',
    content: 'v0:{timestamp}:{body}',
    // Bolt refuses what is older than five minutes, and minds no future timestamp.
    tolerance: { past: '5m', future: null },
  },
  // Events are JSON; interactions are a form with JSON in `payload`; slash commands are a form.
  event: ['body:/event/type', 'body:/type', 'form:payload#/type', 'slash_command{?form:command}'],
  // What is not an event has no id; the trigger is new for each.
  eventId: ['body:/event_id', '{form:trigger_id}', '{form:payload#/trigger_id}'],
  idFormat: 'Ev0{digits:9}',
  sentAt: 'body:/event_time',
  sentAtFormat: 's',
  fresh: {
    'body:/event/ts': '{unix}.000200',
    'body:/event/event_ts': '{unix}.000200',
    'form:trigger_id': '{digits:13}.{digits:11}.{hex:32}',
    'form:payload#/trigger_id': '{digits:13}.{digits:11}.{hex:32}',
  },
  headers: [['Accept', '*/*']],
  userAgent: 'Slackbot 1.0 (+https://api.slack.com/robots)',
  contentType: 'application/json',
  timeout: '3s',
  success: '2xx',
  // Of events; what is interactive is not sent again. x-slack-retry-num and x-slack-retry-reason come with each.
  retries: ['0', '1m', '5m'],
  events: {
    app_mention: 'Somebody mentioned the app',
    message: 'A message was posted where the app is',
    reaction_added: 'Somebody reacted to a message',
    reaction_removed: 'Somebody took a reaction back',
    channel_created: 'A channel was created',
    member_joined_channel: 'Somebody joined a channel',
    team_join: 'Somebody joined the workspace',
    app_home_opened: 'Somebody opened the app’s home',
    file_shared: 'A file was shared',
    link_shared: 'A link of a domain of the app was posted',
    app_uninstalled: 'The app was uninstalled',
    tokens_revoked: 'Tokens of the app were revoked',
    slash_command: 'Somebody used a slash command (a form)',
    block_actions: 'Somebody used a button or menu of a message (a form with JSON in it)',
    view_submission: 'Somebody submitted a modal (a form with JSON in it)',
  },
  clues: { userAgent: 'Slackbot ' },
  challenges: [slackUrlVerification],
  // The token that signatures replaced, and addresses that let anybody answer for the app.
  hidden: ['body:/token', 'form:token', 'form:payload#/token', 'form:response_url', 'form:payload#/response_url'],
  confidence: 'high',
  assumptions: [
    'The times of the retries (at once, after one minute, after five) are quoted by others; the page they stand on was not read.',
    'The User-Agent is what deliveries are seen with.',
  ],
  setup: 'api.slack.com/apps → the app → Event Subscriptions, Interactivity & Shortcuts, Slash Commands',
});

export default provider;
