import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verbs } from '../../src/commands/index.js';
import { temporaryFolder } from '../support/folder.js';
import { invoke } from '../support/invoke.js';

const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish'])('%s: every command, its flags and what it takes', async (shell) => {
    const { code, stdout } = await invoke(['completion', shell]);
    expect(code).toBe(0);
    for (const { name } of verbs) expect(stdout).toContain(name);
    for (const word of ['forward-to', 'order.created', 'connect2print', 'no-color']) expect(stdout).toContain(word);
  });

  // A shell reads the whole script without a complaint, where this machine has that shell.
  it.each(['bash', 'zsh', 'fish'])('%s reads it', async (shell) => {
    if (!has(shell)) return;
    const { stdout } = await invoke(['completion', shell]);
    const file = join(temporaryFolder(), 'script');
    writeFileSync(file, stdout);
    const { status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it.skipIf(!has('bash'))('bash completes with it', async () => {
    const { stdout } = await invoke(['completion', 'bash']);
    const complete = (words: string): string[] => {
      const line = `COMP_WORDS=(${words}); COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 )); _webhook; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return spawnSync('bash', ['--norc', '-c', `${stdout}\n${line}`], { encoding: 'utf8' })
        .stdout.trim()
        .split('\n');
    };
    expect(complete('webhook li')).toEqual(['listen', 'list']);
    expect(complete('webhook listen --fo')).toContain('--forward-to');
    expect(complete('webhook trigger order.cr')).toContain('order.created');
    expect(complete('webhook events con')).toContain('connect2print');
    expect(complete('webhook completion z')).toEqual(['zsh']);
  });

  it('another shell: exit 2, and which there are', async () => {
    const { code, stderr } = await invoke(['completion', 'tcsh']);
    expect([code, stderr]).toEqual([2, "error: There is no completion for 'tcsh'.\n       There is for bash, zsh and fish.\n"]);
  });
});
