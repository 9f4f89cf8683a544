import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/folder.js';
import { invoke } from '../support/invoke.js';
import { ndjson } from '../support/running.js';

describe('keys', () => {
  it('prints a secret in the provider’s form, and what to do with it', async () => {
    const { code, stdout, stderr } = await invoke(['keys', 'standard-webhooks']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^# secret of v1: signs and verifies\nwhsec_\S+\n# private key of v1a: signs\nwhsk_\S+\n# public key of v1a: verifies\nwhpk_\S+\n$/,
    );
    expect(stderr).toContain('STANDARD_WEBHOOKS_WEBHOOK_SECRET');
  });

  it('is NDJSON with --json: one object a key', async () => {
    const { stdout, stderr } = await invoke(['keys', 'connect2print', '--json']);
    expect(ndjson(stdout)).toEqual([
      { provider: 'connect2print', scheme: null, kind: 'secret', secret: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    expect(stderr).toBe('');
  });

  it('writes files that only their owner reads, and that trigger and verify take', async () => {
    const cwd = temporaryFolder();
    const { code, stdout } = await invoke(['keys', 'sns', '-o', 'keys'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toBe(`${join('keys', 'sns.key')}  private key: signs\n${join('keys', 'sns.pub')}  public key: verifies\n`);
    for (const file of ['sns.key', 'sns.pub']) {
      const path = join(cwd, 'keys', file);
      if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(readFileSync(path, 'utf8')).toMatch(/^-----BEGIN [\s\S]*-----\n$/);
    }
    const signed = await invoke(['trigger', 'sns/Notification', '--secret-file', 'keys/sns.key', '--dry-run', '--json'], { cwd });
    writeFileSync(join(cwd, 'body.json'), String(ndjson(signed.stdout)[0]?.body));
    const verify = (...more: string[]) => invoke(['verify', 'body.json', '--provider', 'sns', ...more], { cwd });
    expect(await verify('--secret-file', 'keys/sns.pub')).toMatchObject({ code: 0 });
    const other = await invoke(['keys', 'sns', '-o', 'other'], { cwd });
    expect(other.code).toBe(0);
    expect(await verify('--secret-file', 'other/sns.pub')).toMatchObject({ code: 3 });
  });

  it('overwrites nothing without --force, and leaves no half of a pair', async () => {
    const cwd = temporaryFolder({ 'sns.pub': 'mine' });
    const refused = await invoke(['keys', 'sns', '-o', '.'], { cwd });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('--force');
    expect(readFileSync(join(cwd, 'sns.pub'), 'utf8')).toBe('mine');
    expect(() => statSync(join(cwd, 'sns.key'))).toThrow();
    const forced = await invoke(['keys', 'sns', '-o', '.', '--force', '--json'], { cwd });
    expect(ndjson(forced.stdout)).toEqual([
      { provider: 'sns', scheme: null, kind: 'rsa', files: { private: 'sns.key', public: 'sns.pub' } },
    ]);
    if (process.platform !== 'win32') expect(statSync(join(cwd, 'sns.pub')).mode & 0o777).toBe(0o600);
  });

  it('says who does not sign, and asks whose they are', async () => {
    expect(await invoke(['keys', 'gelato'])).toMatchObject({ code: 2, stderr: expect.stringContaining('does not sign') });
    expect(await invoke(['keys'])).toMatchObject({ code: 2, stderr: expect.stringContaining('webhook providers') });
  });
});
