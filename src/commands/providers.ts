import { loadProvider } from '../core/providers/load.js';
import { openSession } from './shared/session.js';
import { type CommonFlags, examples, type Verb, verb } from './shared/verb.js';

export const providers: Verb = verb<CommonFlags>({
  define: (command) =>
    command
      .argument('[name]', 'one provider, in full')
      .addHelpText(
        'after',
        examples(
          ['webhook providers', 'all of them'],
          ['webhook providers connect2print', 'how one signs, waits and retries, with its documentation'],
        ),
      ),

  async run(context, flags, [name]) {
    const session = await openSession(context, flags);
    if (name === undefined) session.renderer.providers(await session.providers());
    else session.renderer.provider(await loadProvider(name, session.config.providers));
    await session.renderer.flush();
    return 0;
  },
});
