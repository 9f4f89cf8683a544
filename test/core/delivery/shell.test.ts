import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellWord } from '../../../src/core/delivery/shell.js';

// The words are a shell's.
describe.skipIf(process.platform === 'win32')('a word of a command line', () => {
  it('says to a shell what it says', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string().filter((text) => !text.includes('\0')),
          { minLength: 1, maxLength: 8 },
        ),
        (words) => {
          const line = `printf '%s\\0' ${words.map(shellWord).join(' ')}`;
          const said = execFileSync('sh', ['-c', line]).toString('utf8').split('\0').slice(0, -1);
          expect(said).toEqual(words.map((word) => Buffer.from(word).toString('utf8')));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('stays readable where nothing in it means anything', () => {
    expect(['http://localhost:3000/x', 'order.*', "it's"].map(shellWord)).toEqual([
      'http://localhost:3000/x',
      "'order.*'",
      "'it'\\''s'",
    ]);
  });
});
