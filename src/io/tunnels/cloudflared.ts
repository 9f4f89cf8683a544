/**
 * Cloudflare's quick tunnels, through the cloudflared program; it is used where it is installed, and never downloaded.
 * https://developers.cloudflare.com/cloudflare-one/connections/connect-networks/do-more-with-tunnels/trycloudflare/
 */
import { WebhookError } from '../../core/errors.js';
import type { TunnelDriver } from './driver.js';
import { checkProgram, needProgram, openProgram } from './program.js';

const QUICK_TUNNEL_URL = /https:\/\/[a-z0-9-]+\.trycloudflare\.com/;

export const cloudflared: TunnelDriver = {
  check: ({ env }) => checkProgram('cloudflared', env),

  async open(request) {
    const file = await needProgram('cloudflared', request.env, 'Install it from https://github.com/cloudflare/cloudflared');
    if (request.subdomain !== null) {
      throw new WebhookError('usage', 'A quick tunnel of cloudflared has no name of your choice.', {
        hint: 'Leave --subdomain out.',
      });
    }
    return openProgram(
      {
        run: { file, args: ['tunnel', '--no-autoupdate', '--url', `http://${request.local.authority}`] },
        // It also prints https://api.trycloudflare.com where that does not answer.
        find: (line) => {
          const url = QUICK_TUNNEL_URL.exec(line)?.[0] ?? null;
          return url === 'https://api.trycloudflare.com' ? null : url;
        },
        skip: (line) => / INF /.test(line),
        explain: (line) =>
          /429 Too Many Requests|error code: 1015/.test(line)
            ? new WebhookError(
                'tunnel_unavailable',
                'Cloudflare gives this address no more quick tunnels for now (429 Too Many Requests).',
                {
                  hint: 'Wait some minutes, or take another driver: webhook tunnels',
                },
              )
            : null,
        name: 'cloudflared',
        hint: 'Is the network up? cloudflared needs port 7844 to go out. Other drivers: webhook tunnels',
      },
      request,
    );
  },
};
