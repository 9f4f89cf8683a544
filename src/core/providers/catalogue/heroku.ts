import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'heroku',
  title: 'Heroku',
  docs: ['https://devcenter.heroku.com/articles/app-webhooks', 'https://devcenter.heroku.com/articles/app-webhooks-schema'],
  signature: { header: 'Heroku-Webhook-Hmac-SHA256', encoding: 'base64' },
  event: '{body:/resource}.{body:/action}',
  eventId: ['body:/webhook_metadata/delivery/id', 'body:/id'],
  idFormat: '{uuid}',
  sentAt: 'body:/published_at',
  sentAtFormat: 'iso-s',
  contentType: 'application/json; charset=utf-8',
  // `retries` is absent: at the level sync until one succeeds or a limit is reached, at notify none.
  events: {
    'release.create': 'A release was made',
    'build.update': 'A build succeeded or failed',
    'dyno.update': 'A dyno started, crashed or stopped',
    'formation.update': 'An app was scaled',
  },
  confidence: 'medium',
  assumptions: ['Timeout, User-Agent and the times of retries are not published in a form that was checked.'],
  setup: 'heroku webhooks:add -i api:release -l notify -u https://… -s secret',
});

export default provider;
