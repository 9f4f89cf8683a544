import { expect, it } from 'vitest';
import { identify } from '../../../../src/core/providers/batch.js';
import gocardless from '../../../../src/core/providers/catalogue/gocardless.js';
import { RequestReader } from '../../../../src/core/providers/read.js';
import { bytes, verdictOf } from '../../signature/schemes.js';

// gocardless-nodejs, src/fixtures/webhook_body.json and __tests__/webhooks.test
const body = bytes(
  '{"events":[{"id":"EV00BD05S5VM2T","created_at":"2018-07-05T09:13:51.404Z","resource_type":"subscriptions","action":"created",' +
    '"links":{"subscription":"SB0003JJQ2MR06"},"details":{"origin":"api","cause":"subscription_created","description":"Subscription created via the API."},"metadata":{}},' +
    '{"id":"EV00BD05TB8K63","created_at":"2018-07-05T09:13:56.893Z","resource_type":"mandates","action":"created","links":{"mandate":"MD000AMA19XGEC"},' +
    '"details":{"origin":"api","cause":"mandate_created","description":"Mandate created via the API."},"metadata":{}}]}',
);
const headers = [['Webhook-Signature', '2693754819d3e32d7e8fcb13c729631f316c6de8dc1cf634d6527f1c07276e7e']] as const;

it('verifies the published signature, and lists every event of the request', () => {
  expect(verdictOf(gocardless, { headers, body, secrets: ['ED7D658C-D8EB-4941-948B-3973214F2D49'] }).status).toBe('valid');
  expect(verdictOf(gocardless, { headers, body, secrets: ['ED7D658C-D8EB-4941-948B-3973214F2D48'] }).reason).toBe('mismatch');
  expect(identify(gocardless, new RequestReader({ headers, body, path: '/' }))).toMatchObject({
    event: 'subscriptions.created, mandates.created',
    eventId: 'EV00BD05S5VM2T, EV00BD05TB8K63',
  });
});
