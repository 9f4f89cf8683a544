import { WebhookError } from '../core/errors.js';
import { nearest, orList } from '../core/nearest.js';
import { captureFixture } from './shared/fixtures/capture.js';
import { ejectFixtures } from './shared/fixtures/eject.js';
import type { Action, FixtureFlags } from './shared/fixtures/flags.js';
import { listAllFixtures } from './shared/fixtures/list.js';
import { showFixture } from './shared/fixtures/show.js';
import { validateFixtures } from './shared/fixtures/validate.js';
import { openSession } from './shared/session.js';
import { collect, examples, type Verb, verb } from './shared/verb.js';

/** What each does, and which flags it takes. */
const ACTIONS: Readonly<Record<string, { readonly run: Action; readonly flags: ReadonlyArray<keyof FixtureFlags> }>> = {
  list: { run: listAllFixtures, flags: ['provider'] },
  show: { run: showFixture, flags: ['provider', 'signed', 'output', 'force', 'secret', 'secretFile', 'to'] },
  eject: { run: ejectFixtures, flags: ['provider', 'all', 'force'] },
  capture: { run: captureFixture, flags: ['provider', 'as', 'keep', 'force'] },
  validate: { run: validateFixtures, flags: [] },
};

const OWN_FLAGS = ['provider', 'all', 'signed', 'output', 'to', 'secret', 'secretFile', 'as', 'keep', 'force'] as const;

export const fixtures: Verb = verb<FixtureFlags>({
  define: (command) =>
    command
      .argument('<action>', 'list, show, eject, capture or validate')
      .argument('[name...]', 'a provider (list), events (show, eject), a delivery (capture), or files (validate)')
      .option('--provider <name>', 'whose events')
      .option('--signed', 'show: the whole request, with the headers it is signed with')
      .option('-t, --to <url>', 'show --signed: the URL it is made for')
      .option('-s, --secret <secret>', 'show --signed: the signing secret; the environment is safer (repeatable)', collect)
      .option('--secret-file <file>', 'show --signed: a file that holds the secret (repeatable)', collect)
      .option('-o, --output <file>', 'show: write it to a file')
      .option('--all', 'eject: every event of the provider')
      .option('--as <event>', 'capture: the event it is to be a sample of')
      .option('--keep <path>', 'capture: change nothing at this path: data.order.items[*].name (repeatable)', collect)
      .option('--force', 'overwrite files that are there')
      .addHelpText(
        'after',
        examples(
          ['webhook fixtures show order.created', 'a fresh payload, its bytes as they are sent'],
          ['webhook fixtures eject order.created', 'your own copy to change; it wins from then on'],
          ['webhook fixtures capture last --as order.created', 'of a real delivery, without secrets and personal data'],
          ['webhook fixtures validate', 'whether those of the project make deliveries of their events'],
        ),
      ),

  async run(context, flags, [action = '', ...names]) {
    const found = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (found === undefined) {
      const near = nearest(action, Object.keys(ACTIONS));
      throw new WebhookError('usage', `There is no 'webhook fixtures ${action}'.`, {
        hint: near.length > 0 ? `Did you mean ${orList(near)}?` : `There are ${orList(Object.keys(ACTIONS))}.`,
      });
    }
    const misplaced = OWN_FLAGS.find((flag) => flags[flag] !== undefined && !found.flags.includes(flag));
    if (misplaced !== undefined) {
      const users = Object.keys(ACTIONS).filter((name) => ACTIONS[name]?.flags.includes(misplaced));
      const flag = misplaced === 'secretFile' ? 'secret-file' : misplaced;
      throw new WebhookError('usage', `--${flag} says nothing to 'webhook fixtures ${action}'.`, {
        hint: `It is for ${orList(users)}.`,
      });
    }
    const session = await openSession(context, flags);
    try {
      return await found.run(session, flags, names);
    } finally {
      await session.renderer.flush();
    }
  },
});
