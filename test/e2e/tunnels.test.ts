/** What becomes of the programs behind a tunnel when ours ends, however it ends. */
import { describe, expect, it } from 'vitest';
import { programFolder, startBeacon } from '../support/fake-program.js';
import { start } from '../support/program.js';

describe.skipIf(process.platform === 'win32')('the program behind a tunnel', () => {
  it.each(['SIGINT', 'SIGKILL'] as const)('is gone after %s, and what it started', async (signal) => {
    const beacon = await startBeacon();
    const folder = programFolder({ helper: beacon.script, mytunnel: `${beacon.script} console.log('http://127.0.0.1:9')` });
    const line = `${folder}/helper & exec ${folder}/mytunnel`;
    const listener = start([
      'listen',
      '--json',
      '--port',
      '0',
      '--tunnel-command',
      line,
      '--tunnel',
      'command',
      '--tunnel-pattern',
      '.+',
    ]);
    await listener.record(({ type }) => type === 'ready');
    await beacon.alive(2);
    listener.send(signal);
    await beacon.gone();
    expect((await listener.ended).code).toBe(signal === 'SIGINT' ? 0 : null);
  });
});
