/** The program: finds the command, parses, runs it, and turns whatever it throws into a message and an exit code. */
import { Command, CommanderError } from 'commander';
import { verbs } from './commands/index.js';
import { commonOptions, type Verb } from './commands/shared/verb.js';
import type { Context } from './context.js';
import { type ErrorCode, messageOf, WebhookError } from './core/errors.js';
import { nearest, orList } from './core/nearest.js';
import { createSpeaker } from './render/create.js';
import type { Problem } from './render/renderer.js';

/** 0 done, 1 a bug in the tool, 2 usage, config or input, 3 signature not valid, 4 a target, 130 interrupted. */
export function exitCodeOf(code: ErrorCode): number {
  if (code === 'target_unreachable' || code === 'expectation_failed') return 4;
  return code === 'interrupted' ? 130 : 2;
}

/** Runs the program with these arguments (without node and script). Resolves with the exit code and never rejects. */
export async function run(argv: readonly string[], context: Context): Promise<number> {
  try {
    const name = verbName(argv);
    if (name === null || (name === 'help' && verbName(argv.slice(argv.indexOf('help') + 1)) === null))
      return overview(argv, context);
    const asksHelp = name === 'help';
    const rest = [...argv];
    rest.splice(rest.indexOf(name), 1);
    const wanted = asksHelp ? (verbName(rest) as string) : name;
    const entry = verbs.find((verb) => verb.name === wanted);
    if (entry === undefined) throw unknownCommand(wanted);
    return await runVerb(entry.name, entry.summary, await entry.load(), asksHelp ? ['--help'] : rest, context);
  } catch (error) {
    return report(error, argv, context);
  }
}

async function runVerb(name: string, summary: string, verb: Verb, argv: string[], context: Context): Promise<number> {
  const command = verb.define(new Command(`webhook ${name}`).description(`${summary}.`));
  common(command, context);
  let code = 0;
  const dashes = argv.indexOf('--');
  const after = dashes < 0 ? [] : argv.slice(dashes + 1);
  command.action(async () => {
    code = await verb.run(context, command.opts(), command.args, { command: after, verbs });
  });
  await command.parseAsync(argv, { from: 'user' });
  return code;
}

/** How every command parses, and where its help goes. */
function common(command: Command, context: Context): void {
  commonOptions(command)
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureHelp({
      helpWidth: Math.min(context.stdout.columns ?? 100, 110),
      optionDescription: ({ description, defaultValue }) =>
        typeof defaultValue === 'string' ? `${description} (${defaultValue})` : description,
    })
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      // Usage errors are reported like every other, from the CommanderError.
      writeErr: () => {},
    });
  for (const nested of command.commands) {
    nested.exitOverride().copyInheritedSettings(command).exitOverride();
    nested.configureOutput({ writeOut: (text) => context.stdout.write(text), writeErr: () => {} });
  }
}

/** The first argument that is neither an option nor the value of one that may stand before the command. */
function verbName(argv: readonly string[]): string | null {
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === '--') return null;
    if (word === '--config' || word === '--store') i++;
    else if (!word.startsWith('-')) return word;
  }
  return null;
}

function overview(argv: readonly string[], context: Context): number {
  const unknown = argv.find(
    (word) => word.startsWith('-') && !['-h', '--help', '-V', '--version', '--no-color', '--json'].includes(word),
  );
  if (unknown !== undefined) {
    throw new WebhookError('usage', `'${unknown}' needs a command.`, { hint: 'See them all with: webhook --help' });
  }
  if (argv.some((word) => word === '-V' || word === '--version')) {
    context.stdout.write(`${WEBHOOK_VERSION}\n`);
    return 0;
  }
  const width = Math.max(...verbs.map(({ name }) => name.length)) + 3;
  const lines = [
    'webhook receives, verifies, shows, keeps, sends and replays webhooks of any',
    'provider, on your own machine.',
    '',
    'Usage: webhook <command> [options]',
    '',
    ...verbs.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`),
    '',
    'To begin:',
    '  # receive on http://127.0.0.1:4400, show and keep',
    '  webhook listen',
    '',
    '  # send it a sample delivery, from another terminal',
    '  webhook trigger connect2print/order.created --to localhost:4400',
    '',
    '  # send your app the same bytes again',
    '  webhook replay last --to http://localhost:3000/webhooks',
    '',
    'Every command has --help with examples. Secrets come from the environment:',
    '<PROVIDER>_WEBHOOK_SECRET or WEBHOOK_SECRET.',
    '',
  ];
  context.stdout.write(lines.join('\n'));
  return 0;
}

function unknownCommand(name: string): WebhookError {
  const near = nearest(
    name,
    verbs.map((verb) => verb.name),
  );
  return new WebhookError('usage', `There is no command '${name}'.`, {
    hint: near.length > 0 ? `Did you mean ${orList(near)}?` : 'See them all with: webhook --help',
  });
}

async function report(error: unknown, argv: readonly string[], context: Context): Promise<number> {
  // Help and version were printed; they arrive here with the exit code 0.
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const debug = own.includes('--debug');
  const renderer = await createSpeaker({
    stdout: context.stdout,
    stderr: context.stderr,
    env: context.env,
    json: own.includes('--json'),
    color: own.includes('--no-color') ? false : null,
    quiet: false,
    showSecrets: false,
    now: context.now,
  });
  const [problem, exitCode] = explain(error, argv, debug);
  renderer.error(problem);
  await renderer.flush();
  if (debug && error instanceof Error && error.stack !== undefined) context.stderr.write(`${error.stack}\n`);
  return exitCode;
}

function explain(error: unknown, argv: readonly string[], debug: boolean): [Problem, number] {
  if (error instanceof CommanderError) {
    // A value that was given to a mistyped option may be a secret.
    const told = error.message.replace(/^error: /, '').replace(/^(unknown option '[^=']*)=.*'/s, "$1'");
    const [message = '', ...more] = told.split('\n');
    return [{ code: 'usage', message: sentence(message), hint: more.join(' ').trim() || seeHelp(argv) }, 2];
  }
  if (error instanceof WebhookError) {
    const { code, message } = error;
    return [{ code, message, hint: error.hint ?? (code === 'usage' ? seeHelp(argv) : null) }, exitCodeOf(code)];
  }
  const message = `This is a bug in webhook ${WEBHOOK_VERSION}: ${messageOf(error)}`;
  return [
    {
      code: 'bug',
      message,
      hint: debug ? 'Please report it with the lines below.' : 'Run it again with --debug and report what it prints.',
    },
    1,
  ];
}

function seeHelp(argv: readonly string[]): string {
  return `See: webhook ${verbName(argv) ?? ''} --help`;
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(capital) ? capital : `${capital}.`;
}
