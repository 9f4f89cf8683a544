import { Command } from 'commander';
import { WebhookError } from '../core/errors.js';
import { providerOutlines } from '../core/providers/load.js';
import { type CommonFlags, commonOptions, type Entry, examples, type Verb, verb } from './shared/verb.js';

/** What a shell is told of one command. */
interface Words {
  readonly name: string;
  readonly summary: string;
  readonly flags: ReadonlyArray<{ readonly flag: string; readonly about: string }>;
  /** What may stand as its argument. */
  readonly values: readonly string[];
}

export const completion: Verb = verb<CommonFlags>({
  define: (command) =>
    command
      .argument('<shell>', 'bash, zsh or fish')
      .addHelpText(
        'after',
        examples(
          ['source <(webhook completion bash)', 'bash, in this shell; put it into ~/.bashrc for every one'],
          ['webhook completion zsh > ~/.zfunc/_webhook', 'zsh, where ~/.zfunc is on its fpath'],
          ['webhook completion fish > ~/.config/fish/completions/webhook.fish', 'fish'],
        ),
      ),

  async run(context, _flags, [shell], { verbs }) {
    const write = shell === 'bash' ? bash : shell === 'zsh' ? zsh : shell === 'fish' ? fish : null;
    if (write === null)
      throw new WebhookError('usage', `There is no completion for '${shell}'.`, { hint: 'There is for bash, zsh and fish.' });
    context.stdout.write(write(await collectWords(verbs)));
    return 0;
  },
});

async function collectWords(verbs: readonly Entry[]): Promise<Words[]> {
  const all = await providerOutlines();
  const names = all.map((provider) => provider.name);
  const events = [...new Set(all.flatMap((provider) => provider.events))];
  const common = [...commonOptions(new Command()).options.map(({ long, flags }) => long ?? flags), '--help'];
  return Promise.all(
    verbs.map(async ({ name, summary, load }) => {
      const command = (await load()).define(new Command(name));
      const own = command.options.map((option) => ({ flag: option.long ?? option.flags, about: option.description }));
      const values =
        name === 'trigger'
          ? events
          : name === 'events' || name === 'providers'
            ? names
            : name === 'completion'
              ? ['bash', 'zsh', 'fish']
              : name === 'fixtures'
                ? ['list', 'show', 'eject', 'capture', 'validate']
                : name === 'store'
                  ? ['check']
                  : [];
      const kept = ['show', 'replay', 'list', 'verify', 'diff', 'export', 'prune'].includes(name) ? ['last'] : [];
      return { name, summary, flags: [...own, ...common.map((flag) => ({ flag, about: '' }))], values: [...values, ...kept] };
    }),
  );
}

function bash(words: readonly Words[]): string {
  const cases = words.map(
    ({ name, flags, values }) => `    ${name}) words="${[...flags.map(({ flag }) => flag), ...values].join(' ')}" ;;`,
  );
  return `# webhook completion for bash
_webhook() {
  local current="\${COMP_WORDS[COMP_CWORD]}" command="" word words
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) command="$word"; break ;; esac
  done
  case "$command" in
    "") words="${words.map(({ name }) => name).join(' ')} --help --version" ;;
${cases.join('\n')}
    *) words="" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _webhook webhook webhook-cli
`;
}

function zsh(words: readonly Words[]): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''").replaceAll(':', '\\:')}'`;
  const cases = words.map(
    ({ name, flags, values }) => `    ${name}) compadd -- ${[...flags.map(({ flag }) => flag), ...values].join(' ')}; _files ;;`,
  );
  return `#compdef webhook webhook-cli
# webhook completion for zsh
_webhook() {
  local -a commands
  commands=(${words.map(({ name, summary }) => `${quoted(name).slice(0, -1)}:${quoted(summary).slice(1)}`).join(' ')})
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  case "\${words[2]}" in
${cases.join('\n')}
  esac
}
compdef _webhook webhook webhook-cli
`;
}

function fish(words: readonly Words[]): string {
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = ['# webhook completion for fish', 'complete -c webhook -n __fish_use_subcommand -f'];
  for (const { name, summary, flags, values } of words) {
    lines.push(`complete -c webhook -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`);
    const here = `complete -c webhook -n '__fish_seen_subcommand_from ${name}'`;
    for (const { flag, about } of flags)
      lines.push(`${here} -l ${flag.replace(/^--/, '')}${about === '' ? '' : ` -d ${quoted(about)}`}`);
    if (values.length > 0) lines.push(`${here} -a ${quoted(values.join(' '))}`);
  }
  return `${lines.join('\n')}\n`;
}
