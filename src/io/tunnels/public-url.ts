import { WebhookError } from '../../core/errors.js';
import { parseTarget } from '../target.js';
import type { TunnelDriver } from './driver.js';

/** Nothing is opened: the user has seen to it that the URL leads here. */
export const publicUrl: TunnelDriver = {
  async check() {
    return { ready: true, detail: 'takes --public-url' };
  },

  async open(request) {
    if (request.publicUrl === null) {
      throw new WebhookError('usage', 'It is not said which URL leads here.', { hint: 'Add --public-url https://…' });
    }
    return {
      url: parseTarget(request.publicUrl).url.replace(/\/$/, ''),
      lost: new Promise(() => {}),
      close: async () => {},
    };
  },
};
