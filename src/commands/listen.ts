import { WebhookError } from '../core/errors.js';
import { type ReceiveFlags, receiveOptions } from './shared/receive/flags.js';
import { receive } from './shared/receive/receive.js';
import { openSession } from './shared/session.js';
import { examples, type Verb, verb } from './shared/verb.js';

export const listen: Verb = verb<ReceiveFlags>({
  define: (command) =>
    receiveOptions(
      command.argument(
        '[command...]',
        'after --: a command to run with WEBHOOK_URL (and WEBHOOK_SECRET) in its environment; its exit code is ours',
      ),
    ).addHelpText(
      'after',
      examples(
        ['webhook listen', 'receive on http://127.0.0.1:4400, show and keep; verify with the secret in the environment'],
        ['webhook listen --forward-to http://localhost:3000/webhooks', 'hand each on to your app and pass its answer back'],
        ['webhook listen --port 0 --exit-after 3 -- npm test', 'around a test run; the URL is in WEBHOOK_URL'],
      ),
    ),

  async run(context, flags, args, { command }) {
    if (args.length > command.length) {
      throw new WebhookError('usage', `'${args[0]}' is nothing that listen takes.`, {
        hint: 'To hand deliveries on: --forward-to <url>. To run a command: -- <command>.',
      });
    }
    return receive(await openSession(context, flags), flags, command);
  },
});
