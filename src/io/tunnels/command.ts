import { messageOf, WebhookError } from '../../core/errors.js';
import type { TunnelDriver } from './driver.js';
import { openProgram, urlIn } from './program.js';

export const command: TunnelDriver = {
  async check() {
    return { ready: true, detail: 'takes --tunnel-command' };
  },

  async open(request) {
    if (request.command === null) {
      throw new WebhookError('usage', 'It is not said which command opens the tunnel.', {
        hint: "Add --tunnel-command 'mytunnel http {port}'.",
      });
    }
    const pattern = request.pattern === null ? null : compile(request.pattern);
    const local = `http://${request.local.authority}`;
    const port = String(request.local.port);
    return openProgram(
      {
        run: { line: request.command.replaceAll('{port}', port).replaceAll('{url}', local) },
        env: { PORT: port, WEBHOOK_URL: local },
        find: (line) => {
          if (pattern === null) return urlIn(line);
          const match = pattern.exec(line);
          const url = match?.[1] ?? match?.[0];
          return url === undefined ? null : urlIn(/^https?:\/\//.test(url) ? url : `https://${url}`, true);
        },
        name: 'The tunnel command',
        hint: 'Run it by itself to see what it prints; --tunnel-pattern says which part is the URL.',
      },
      request,
    );
  },
};

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch (error) {
    throw new WebhookError('usage', `--tunnel-pattern is not a regular expression: ${messageOf(error)}.`, { cause: error });
  }
}
