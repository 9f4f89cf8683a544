import { snsSignature } from '../../signature/custom/sns.js';
import { snsSubscriptionConfirmation } from '../challenges/sns.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// HTTP and HTTPS endpoints with an envelope; raw message delivery carries no signature.
const provider: Provider = defineProvider({
  name: 'sns',
  title: 'Amazon SNS',
  docs: [
    'https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html',
    'https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html',
    'https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html',
  ],
  // To verify, the secret is the certificate at SigningCertURL (PEM).
  signature: { at: 'body:/Signature', custom: snsSignature },
  event: ['header:x-amz-sns-message-type', 'body:/Type'],
  eventId: 'body:/MessageId',
  idFormat: '{uuid}',
  sentAt: 'body:/Timestamp',
  headers: [
    ['x-amz-sns-message-type', '{body:/Type}'],
    ['x-amz-sns-message-id', '{body:/MessageId}'],
    ['x-amz-sns-topic-arn', '{body:/TopicArn}'],
  ],
  userAgent: 'Amazon Simple Notification Service Agent',
  contentType: 'text/plain; charset=UTF-8',
  timeout: '15s',
  // `retries` is absent: 50 tries over four phases of 23 days for AWS’s own endpoints; for HTTP, what the delivery policy of the
  // subscription says, which by default is 3 tries 20 s apart.
  events: {
    Notification: 'A message was published to the topic',
    UnsubscribeConfirmation: 'The subscription was ended',
  },
  allEvents: 'https://docs.aws.amazon.com/sns/latest/dg/http-subscription-confirmation-json.html',
  clues: { userAgent: 'Amazon Simple Notification Service Agent', values: { 'body:/TopicArn': '^arn:aws[a-z-]*:sns:' } },
  challenges: [snsSubscriptionConfirmation],
  confidence: 'high',
  assumptions: ['Any 2xx status counts as delivered.'],
  setup: 'Create a subscription of protocol HTTPS for the topic',
});

export default provider;
