/** Words of command lines that are printed to be run: for a POSIX shell, without secrets. */
import { redactUrl } from '../../core/delivery/redact.js';
import { shellWord } from '../../core/delivery/shell.js';
import type { CommonFlags } from './verb.js';

/** A target. One that holds a secret is left to be filled in: the shell refuses the line until it is. */
export function targetWords(url: string): string[] {
  return ['--to', redactUrl(url) === url ? shellWord(url) : '<url>'];
}

/** Where deliveries are kept, as the command that runs was told. */
export function placeWords({ config, store }: CommonFlags): string[] {
  return [
    ...(config === undefined ? [] : ['--config', shellWord(config)]),
    ...(store === undefined ? [] : ['--store', shellWord(store)]),
  ];
}
