import { describe, expect, it } from 'vitest';
import connect2print from '../../src/core/providers/catalogue/connect2print.js';
import { temporaryFolder } from '../support/folder.js';
import { invoke } from '../support/invoke.js';
import { ndjson } from '../support/running.js';

const OWN = JSON.stringify({
  provider: 'acme',
  providers: { acme: { signature: { header: 'X-Acme' }, events: { 'thing.made': 'A thing was made' } }, silent: {} },
});

describe('events', () => {
  it('lists those of a provider with a line each', async () => {
    const { code, stdout } = await invoke(['events', 'connect2print']);
    expect(code).toBe(0);
    for (const [event, summary] of Object.entries(connect2print.events))
      expect(stdout).toMatch(new RegExp(`${event} +${summary}`));
  });

  it('gives a program one object a line, of every provider where none is named', async () => {
    const records = ndjson((await invoke(['events', '--json'])).stdout);
    expect(records.filter(({ provider }) => provider === 'connect2print')).toEqual(
      Object.entries(connect2print.events).map(([event, summary]) => ({ provider: 'connect2print', event, summary })),
    );
    expect(new Set(records.map(({ provider }) => provider)).size).toBeGreaterThan(2);
  });

  it('lists those of the configured provider, also one of your own', async () => {
    const cwd = temporaryFolder({ 'webhook.config.json': OWN });
    expect((await invoke(['events'], { cwd })).stdout).toMatch(/^ *thing\.made +A thing was made\n$/);
    const silent = await invoke(['events', 'silent'], { cwd });
    expect(silent).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('--data') });
  });

  it('an unknown provider: exit 2 and the nearest', async () => {
    const { code, stderr } = await invoke(['events', 'conect2print']);
    expect([code, stderr]).toEqual([2, "error: There is no provider 'conect2print'.\n       Did you mean connect2print?\n"]);
  });
});
