import { WebhookError } from '../core/errors.js';
import { type ReceiveFlags, receiveOptions } from './shared/receive/flags.js';
import { receive } from './shared/receive/receive.js';
import { openSession } from './shared/session.js';
import { examples, type Verb, verb } from './shared/verb.js';

export const forward: Verb = verb<ReceiveFlags>({
  define: (command) =>
    receiveOptions(
      command
        .argument('[target]', 'the URL of your app (else what the config forwards to)')
        .argument('[command...]', 'after --: a command to run with WEBHOOK_URL and WEBHOOK_PUBLIC_URL in its environment'),
    ).addHelpText(
      'after',
      examples(
        ['webhook forward http://localhost:3000/webhooks', 'a public URL for your app, through localtunnel'],
        [
          'webhook forward 3000 --queue --retry 3',
          'lose nothing while the app restarts, and try again what it answers with an error',
        ],
        ['webhook forward 3000 --tunnel ssh --tunnel-host srv.us --copy', 'through SSH; the URL is in the clipboard'],
      ),
    ),

  async run(context, flags, args, { command }) {
    const [target, ...others] = args.slice(0, args.length - command.length);
    if (others.length > 0) {
      throw new WebhookError('usage', `forward takes one target, not '${others[0]}' too.`, {
        hint: 'More targets: --forward-to <url>. To run a command: -- <command>.',
      });
    }
    const session = await openSession(context, flags);
    const { forwardTo, routes } = session.config.listen;
    const given = [...(target === undefined ? [] : [target]), ...(flags.forwardTo ?? [])];
    if (given.length === 0 && flags.route === undefined && forwardTo.length === 0 && routes.length === 0) {
      throw new WebhookError('usage', 'It is not said where to forward to.', {
        hint: 'webhook forward http://localhost:3000/webhooks',
      });
    }
    return receive(session, given.length === 0 ? flags : { ...flags, forwardTo: given }, command, { publicByDefault: true });
  },
});
