import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/io/config.js';
import { temporaryFolder } from '../support/folder.js';
import { invoke } from '../support/invoke.js';
import { ndjson } from '../support/running.js';

const FILE = 'webhook.config.json';

describe('init', () => {
  it('writes a config from flags and asks nothing', async () => {
    const cwd = temporaryFolder({ 'package.json': '{}' });
    const args = ['--provider', 'connect2print', '--secret-env', 'MY_SECRET', '--port', '5500', '--app', ':3000/hooks'];
    const { code, stdout, stderr } = await invoke(['init', ...args], { cwd });
    expect([code, stdout]).toEqual([0, `${join(cwd, FILE)}\n`]);
    expect(stderr).toContain('MY_SECRET');
    expect(JSON.parse(readFileSync(join(cwd, FILE), 'utf8'))).toEqual({
      provider: 'connect2print',
      secret: `\${MY_SECRET}`,
      to: 'http://localhost:3000/hooks',
      listen: { port: 5500, forwardTo: ['http://localhost:3000/hooks'] },
    });
    // A secret may be written into it later.
    if (process.platform !== 'win32') expect(statSync(join(cwd, FILE)).mode & 0o777).toBe(0o600);
    const config = await loadConfig({ cwd, env: { MY_SECRET: 'x' } });
    expect([config.provider, config.secrets(), config.listen.port]).toEqual(['connect2print', ['x'], 5500]);
  });

  it('puts it at the root of the project, and takes what is not said from the provider', async () => {
    const cwd = temporaryFolder({ 'package.json': '{}', 'src/deep/file': '' });
    const { stdout } = await invoke(['init', '--provider', 'printone', '--json'], { cwd: join(cwd, 'src', 'deep') });
    expect(ndjson(stdout)).toEqual([
      { path: join(cwd, FILE), config: { provider: 'printone', secret: `\${PRINTONE_WEBHOOK_SECRET}`, listen: { port: 4400 } } },
    ]);
    expect(existsSync(join(cwd, FILE))).toBe(true);
  });

  it('replaces nothing without --force', async () => {
    const cwd = temporaryFolder({ [FILE]: '{"provider":"printone"}' });
    const again = await invoke(['init', '--provider', 'connect2print'], { cwd });
    expect(again.code).toBe(2);
    expect(again.stderr).toMatch(/already[\s\S]*--force/);
    expect(readFileSync(join(cwd, FILE), 'utf8')).toBe('{"provider":"printone"}');
    expect((await invoke(['init', '--provider', 'connect2print', '--force'], { cwd })).code).toBe(0);
    expect(JSON.parse(readFileSync(join(cwd, FILE), 'utf8')).provider).toBe('connect2print');
    const elsewhere = temporaryFolder({ '.webhookrc': 'provider: printone\n' });
    const other = await invoke(['init', '--provider', 'connect2print'], { cwd: elsewhere });
    expect([other.code, other.stderr.includes('.webhookrc'), existsSync(join(elsewhere, FILE))]).toEqual([2, true, false]);
  });

  it.each([
    [[], /--provider <name>/],
    [['--provider', 'conect2print'], /Did you mean connect2print/],
    [['--provider', 'connect2print', '--port', '70000'], /--port/],
    [['--provider', 'connect2print', '--app', 'http://'], /not the URL/],
    [['--provider', 'connect2print', '--secret-env', 'whsec_a-secret'], /name of an environment variable/],
  ] as const)('%j: exit 2, a sentence, a next step, and no file', async (args, said) => {
    const cwd = temporaryFolder({ 'package.json': '{}' });
    const { code, stdout, stderr } = await invoke(['init', ...args], { cwd });
    expect([code, stdout, existsSync(join(cwd, FILE))]).toEqual([2, '', false]);
    expect(stderr).toMatch(/^error: .*[.?]\n( {7}\S.*\n)+$/);
    expect(stderr).toMatch(said);
  });
});
