import { expect, it } from 'vitest';
import { githubAnnotations } from '../../../src/render/reports/github.js';
import { REPORT } from './sample.js';

it('annotates what failed and warned, and lets no answer be a command', () => {
  const lines = githubAnnotations(REPORT);
  expect(lines).toEqual([
    '::notice title=What it means::It fails over what it should refuse: garbage. Compare the lengths first.%0AThen answer 401.',
    expect.stringMatching(/^::error title=rejects\.garbage%3A a signature of "garbage"::It answered 500 /),
    '::warning title=hygiene.rubbish%3A rubbish%3A refused%2C at once::It took up to 1200 ms to refuse it. Mend it.',
  ]);
  for (const line of lines) expect(line).not.toMatch(/[\r\n]/);
});
