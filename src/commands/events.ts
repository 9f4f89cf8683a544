import { openSession } from './shared/session.js';
import { type CommonFlags, examples, type Verb, verb } from './shared/verb.js';

export const events: Verb = verb<CommonFlags>({
  define: (command) =>
    command
      .argument('[provider]', 'whose events; without it, those of the configured provider, or of all')
      .addHelpText(
        'after',
        examples(
          ['webhook events connect2print', 'every event type with a line each'],
          ['webhook events --json', 'of every provider, one JSON object a line'],
        ),
      ),

  async run(context, flags, [name]) {
    const session = await openSession(context, flags);
    const one = await session.provider(name);
    const all = one === null ? await session.providers() : [one];
    session.renderer.events(
      all.flatMap((provider) =>
        [...Object.entries(provider.events), ...provider.challenges.map(({ name, summary }) => [name, summary] as const)].map(
          ([event, summary]) => ({ provider: provider.name, event, summary }),
        ),
      ),
    );
    if (one !== null && Object.keys(one.events).length === 0) {
      session.renderer.info(`No events of ${one.title} are known; trigger takes any name with --data.`);
    }
    await session.renderer.flush();
    return 0;
  },
});
