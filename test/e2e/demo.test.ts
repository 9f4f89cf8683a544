import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { run, startProgram } from '../support/program.js';

it('npm run demo’s script shows the main job and exits 0, in well under a minute', { timeout: 45_000 }, async () => {
  const script = fileURLToPath(new URL('../../docs/demo.mjs', import.meta.url));
  const { code, stdout, stderr } = await startProgram(process.execPath, [script], { timeout: 40_000 }).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('17 received: 16 valid, 1 not valid');
  expect(stdout).toMatch(/Cause +Numbers were rewritten: data\.order\.subtotal/);
  expect(stdout).toContain('Everything went as it should.');
  const { stdout: told } = await run(['events', 'connect2print', '--json']);
  for (const line of told.trim().split('\n')) expect(stdout).toContain(JSON.parse(line).event);
});
