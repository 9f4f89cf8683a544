import { describe, expect, it } from 'vitest';
import { builtinProviders } from '../../src/core/providers/list.js';
import { temporaryFolder } from '../support/folder.js';
import { invoke } from '../support/invoke.js';
import { ndjson } from '../support/running.js';

describe('providers', () => {
  it('lists every one, built in and your own', async () => {
    const cwd = temporaryFolder({ 'webhook.config.json': '{"providers":{"acme":{"signature":{"header":"X-Acme"}}}}' });
    const { code, stdout } = await invoke(['providers'], { cwd });
    expect(code).toBe(0);
    for (const { name } of builtinProviders) expect(stdout).toContain(name);
    expect(stdout).toMatch(/acme .*HMAC-SHA256.*X-Acme/);
    const records = ndjson((await invoke(['providers', '--json'], { cwd })).stdout);
    expect(records.map(({ name }) => name).sort()).toEqual([...builtinProviders.map(({ name }) => name), 'acme'].sort());
  });

  it('shows one in full: how it signs, waits and retries, where that is written, and what is assumed', async () => {
    const { stdout } = await invoke(['providers', 'connect2print']);
    for (const fact of [
      /HMAC-SHA256/i,
      /X-Webhook-Signature/,
      /10 s/,
      /https:\/\/connect2print\.com\//,
      /CONNECT2PRINT_WEBHOOK_SECRET/,
    ]) {
      expect(stdout).toMatch(fact);
    }
    const [record] = ndjson((await invoke(['providers', 'connect2print', '--json'])).stdout);
    expect(record).toMatchObject({
      name: 'connect2print',
      timeoutMs: 10_000,
      docs: expect.arrayContaining([expect.stringMatching(/^https:/)]),
    });
  });

  it('an unknown one: exit 2 and the nearest', async () => {
    const { code, stderr } = await invoke(['providers', 'printon']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('Did you mean printone')]);
  });
});
