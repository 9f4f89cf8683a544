import { describe, expect, it } from 'vitest';
import { programFolder } from '../support/fake-program.js';
import { temporaryFolder } from '../support/folder.js';
import { invoke } from '../support/invoke.js';
import { ndjson } from '../support/running.js';

describe.skipIf(process.platform === 'win32')('webhook tunnels', () => {
  it('says of every driver what it is like and whether it is ready here', async () => {
    // It would say so if it was run: looking at it is enough.
    const folder = programFolder({ cloudflared: 'process.exit(1)' });
    const { code, stdout, stderr } = await invoke(['tunnels', '--json'], { env: { PATH: folder } });
    expect([code, stderr]).toEqual([0, '']);
    const rows = ndjson(stdout);
    expect(rows.map(({ name }) => name)).toEqual(['localtunnel', 'cloudflared', 'ngrok', 'ssh', 'smee', 'command', 'public-url']);
    expect(rows[0].traits).toEqual({
      bytesExact: true,
      repliesPass: true,
      urlStable: 'asked',
      account: false,
      plaintextHop: true,
    });
    const readiness = Object.fromEntries(rows.map(({ name, ready, detail }) => [name, [ready, detail]]));
    expect(readiness).toMatchObject({
      localtunnel: [true, 'built in'],
      cloudflared: [true, `${folder}/cloudflared`],
      ssh: [false, 'ssh is not on the PATH'],
    });
  });

  it('is a list for people', async () => {
    const { code, stdout } = await invoke(['tunnels'], { env: { PATH: temporaryFolder() }, columns: 80 });
    expect(code).toBe(0);
    for (const text of ['cloudflared is not on the PATH', 'signatures can break', 'takes --public-url']) {
      expect(stdout.replace(/\n +/g, ' ')).toContain(text);
    }
  });
});
