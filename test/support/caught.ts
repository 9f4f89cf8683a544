import { WebhookError } from '../../src/core/errors.js';

/** The error of ours that a call throws. */
export function caught(call: () => unknown): WebhookError {
  try {
    call();
  } catch (error) {
    if (error instanceof WebhookError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
