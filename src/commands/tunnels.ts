import { openSession } from './shared/session.js';
import { type CommonFlags, examples, type Verb, verb } from './shared/verb.js';

export const tunnels: Verb = verb<CommonFlags>({
  define: (command) =>
    command.addHelpText(
      'after',
      examples(
        ['webhook tunnels', 'every way to a public URL: what it needs, and whether it is ready here'],
        ['webhook tunnels --json', 'the same for a program'],
      ),
    ),

  async run(context, flags) {
    const { renderer } = await openSession(context, flags);
    const { TUNNELS } = await import('../io/tunnels/list.js');
    const rows = TUNNELS.map(async ({ name, summary, needs, traits, load }) => {
      const { ready, detail } = await (await load()).check(context);
      return { name, summary, needs, traits, ready, detail };
    });
    renderer.tunnels(await Promise.all(rows));
    await renderer.flush();
    return 0;
  },
});
