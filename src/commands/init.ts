import { join } from 'node:path';
import type { Context } from '../context.js';
import type { WebhookConfig } from '../core/config.js';
import { WebhookError } from '../core/errors.js';
import { loadProvider, loadProviders } from '../core/providers/load.js';
import type { Provider } from '../core/providers/model.js';
import { secretVariable } from '../core/providers/variable.js';
import { writeOutput } from '../io/files.js';
import { findConfigFile, findProjectRoot } from '../io/project.js';
import { parseTarget } from '../io/target.js';
import { createRenderer } from '../render/create.js';
import { answered, ask, terminalOf } from './shared/ask.js';
import { wholeNumber } from './shared/session.js';
import { type CommonFlags, examples, type Verb, verb } from './shared/verb.js';

interface InitFlags extends CommonFlags {
  readonly provider?: string;
  readonly secretEnv?: string;
  readonly port?: string;
  readonly app?: string;
  readonly force?: boolean;
}

const FILE = 'webhook.config.json';

export const init: Verb = verb<InitFlags>({
  define: (command) =>
    command
      .option('--provider <name>', 'who sends')
      .option('--secret-env <name>', 'the environment variable that holds the secret')
      .option('-p, --port <n>', 'port to listen on (4400)')
      .option('--app <url>', 'your app: where listen hands deliveries on, and trigger and replay send to')
      .option('--force', `replace a ${FILE} that is there`)
      .addHelpText(
        'after',
        examples(
          ['webhook init', 'asks, and writes webhook.config.json'],
          ['webhook init --provider connect2print --app http://localhost:3000/webhooks', 'asks nothing'],
        ),
      ),

  async run(context, flags) {
    const renderer = await createRenderer({
      stdout: context.stdout,
      stderr: context.stderr,
      env: context.env,
      json: flags.json ?? false,
      color: flags.color ? null : false,
      quiet: flags.quiet ?? false,
      showSecrets: false,
      now: context.now,
    });
    const folder = findProjectRoot(context.cwd) ?? context.cwd;
    const path = flags.config ?? join(folder, FILE);
    const existing = flags.config === undefined ? findConfigFile(folder) : null;
    if (existing !== null && existing !== path && !flags.force) {
      throw new WebhookError('output_exists', `There is a config already: ${existing}.`, {
        hint: 'Edit it, or write another with --force.',
      });
    }
    const config = await configOf(context, flags);
    await writeOutput(path, Buffer.from(`${JSON.stringify(config, null, 2)}\n`), {
      force: flags.force ?? false,
      cwd: context.cwd,
      // Secrets may be put into it later.
      mode: 0o600,
    });
    if (flags.json) context.stdout.write(`${JSON.stringify({ path, config })}\n`);
    else {
      context.stdout.write(`${path}\n`);
      const variable = /\$\{(\w+)\}/.exec(String(config.secret))?.[1];
      if (variable !== undefined)
        renderer.info(`Put the signing secret into the environment as ${variable}; then: webhook listen`);
    }
    await renderer.flush();
    return 0;
  },
});

/** What flags leave open is asked for on a terminal, and left out (or at its default) without one. */
async function configOf(context: Context, flags: InitFlags): Promise<WebhookConfig> {
  const asks = flags.provider === undefined && terminalOf(context) !== null;
  const provider: Provider | null =
    flags.provider !== undefined ? await loadProvider(flags.provider) : asks ? await askProvider(context) : null;
  if (provider === null) {
    throw new WebhookError('usage', 'It is not said who sends.', { hint: 'Add --provider <name>. The names: webhook providers' });
  }
  const variable =
    flags.secretEnv ??
    (asks
      ? await askText(context, 'Variable that holds the secret', secretVariable(provider.name))
      : secretVariable(provider.name));
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable)) {
    throw new WebhookError('usage', `'${variable}' cannot be the name of an environment variable.`, {
      hint: 'It is the variable’s name that goes into the config, never the secret itself.',
    });
  }
  const port = flags.port ?? (asks ? await askText(context, 'Port to listen on', '4400') : '4400');
  const app = flags.app ?? (asks ? await askText(context, 'Your app’s webhook URL (empty: none)', '') : '');
  const url = app === '' ? null : parseTarget(app).shown;
  return {
    provider: provider.name,
    ...(provider.schemes.length === 0 ? {} : { secret: `\${${variable}}` }),
    ...(url === null ? {} : { to: url }),
    listen: { port: wholeNumber(port, '--port', 0, 65_535), ...(url === null ? {} : { forwardTo: [url] }) },
  };
}

async function askProvider(context: Context): Promise<Provider> {
  const choices = (await loadProviders()).map((provider) => ({
    name: provider.name,
    description: provider.title,
    value: provider,
  }));
  return ask(context, 'Who sends the webhooks?', choices, 'It is not said who sends.', 'Add --provider <name>.');
}

async function askText(context: Context, message: string, standard: string): Promise<string> {
  const { input } = await import('@inquirer/prompts');
  return answered(() => input({ message, default: standard }, terminalOf(context) ?? {}));
}
