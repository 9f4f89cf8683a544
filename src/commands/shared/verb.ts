import type { Command } from 'commander';
import type { Context } from '../../context.js';

/** What every command is asked with. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly config?: string;
  readonly store?: string;
  readonly color: boolean;
  readonly showSecrets?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

/** A command: what it takes, and what it does. Its module is loaded only when it is the one that was asked for. */
export interface Verb<Flags extends CommonFlags = CommonFlags & Record<string, unknown>> {
  /** Adds arguments, options and examples. */
  define(command: Command): Command;
  /** Resolves with the exit code; what it throws becomes a message. */
  run(context: Context, flags: Flags, args: readonly string[], invocation: Invocation): Promise<number>;
}

/** A command as the overview lists it. */
export interface Entry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<Verb>;
}

export interface Invocation {
  /** What stood after `--`; it is among the arguments too, at their end. */
  readonly command: readonly string[];
  /** Every command there is. */
  readonly verbs: readonly Entry[];
}

/** What every command has. */
export function commonOptions(command: Command): Command {
  return command
    .optionsGroup('In every command:')
    .option('--json', 'machine-readable: NDJSON on stdout, nothing else there')
    .option('--config <file>', 'a config file, in place of the nearest one')
    .option('--store <path>', 'the file deliveries are kept in')
    .option('--no-color', 'plain text (NO_COLOR does the same)')
    .option('--show-secrets', 'do not hide secrets, cookies and signatures')
    .option('--quiet', 'results only: no banner, hints or progress')
    .option('--debug', 'stack traces')
    .helpOption('-h, --help', 'this page');
}

/** A command's own flags are checked by its definition; this is where the two meet. */
export function verb<Flags extends CommonFlags>(definition: Verb<Flags>): Verb {
  return definition as unknown as Verb;
}

/** For `option(..., collect, [])`: a flag that may be given several times. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

type RepeatableOption = readonly [flags: string, description: string, read: typeof collect];

/** The secrets, in every command that signs or verifies: `option(...SECRET).option(...SECRET_FILE)`. */
export const SECRET: RepeatableOption = [
  '-s, --secret <secret>',
  'signing secret; seen in process lists, the environment is safer (repeatable)',
  collect,
];
export const SECRET_FILE: RepeatableOption = ['--secret-file <file>', 'a file that holds the secret (repeatable)', collect];

/** The examples at the foot of a command's help. */
export function examples(...lines: ReadonlyArray<readonly [command: string, why: string]>): string {
  return `\nExamples:\n${lines.map(([command, why]) => `  # ${why}\n  ${command}\n`).join('\n')}`;
}
