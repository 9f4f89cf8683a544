import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { OpenRequest } from '../../../src/io/tunnels/driver.js';
import { ssh } from '../../../src/io/tunnels/ssh.js';
import { startApp } from '../../support/app.js';
import { temporaryFolder } from '../../support/folder.js';
import { openRequest } from '../../support/open-request.js';
import { send } from '../../support/send.js';
import { freePort } from '../../support/tunnel-server.js';

const SSHD = '/usr/sbin/sshd';
const hasSshd = ['/usr/bin/ssh', '/usr/bin/ssh-keygen', SSHD].every((path) => existsSync(path)) && existsSync('/run/sshd');
if (!hasSshd) console.warn('Skipped: there is no sshd here, so the ssh driver is not tried on a real one.');

/** A real sshd on loopback, in a folder of its own, and an `ssh` that knows it as `scratch`. */
async function startSshd(): Promise<{ env: Record<string, string>; restart(): Promise<void> }> {
  const folder = temporaryFolder();
  const path = (name: string): string => join(folder, name);
  for (const name of ['host', 'user']) {
    execFileSync('/usr/bin/ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path(name)]);
  }
  writeFileSync(path('authorized'), readFileSync(path('user.pub')), { mode: 0o600 });
  const port = await freePort();
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${path('host')}`,
    `AuthorizedKeysFile ${path('authorized')}`,
    `PidFile ${path('pid')}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'PermitRootLogin prohibit-password',
  ];
  writeFileSync(path('sshd_config'), `${lines.join('\n')}\n`);
  const known = [
    'Host scratch',
    'HostName 127.0.0.1',
    `Port ${port}`,
    `User ${userInfo().username}`,
    `IdentityFile ${path('user')}`,
    'IdentitiesOnly yes',
    `UserKnownHostsFile ${path('known')}`,
  ];
  writeFileSync(path('ssh_config'), `${known.join('\n')}\n`);
  writeFileSync(path('ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${path('ssh_config')} "$@"\n`);
  chmodSync(path('ssh'), 0o755);
  let child: ChildProcess;
  const begin = async (): Promise<void> => {
    child = spawn(SSHD, ['-D', '-e', '-f', path('sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    await new Promise<void>((resolve, reject) => {
      child.stderr?.on('data', (chunk: Buffer) => chunk.toString().includes('Server listening') && resolve());
      child.once('exit', (code) => reject(new Error(`sshd ended with ${code}`)));
    });
  };
  const kill = async (): Promise<void> => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    // What served its connections lives on in sessions of its own.
    execFileSync('sh', ['-c', `ss -Htnp "sport = :${port}" | grep -o 'pid=[0-9]*' | cut -d= -f2 | sort -u | xargs -r kill -9`]);
  };
  await begin();
  onTestFinished(kill);
  return {
    env: { PATH: `${folder}:/usr/bin:/bin` },
    async restart() {
      await kill();
      await begin();
    },
  };
}

const request = (env: Record<string, string>, port: number, over: Partial<OpenRequest> = {}): OpenRequest =>
  openRequest(port, { server: 'scratch', env, ...over });

describe.skipIf(!hasSshd)('the ssh driver and a real sshd', () => {
  it('forwards a port, notices that the server is gone, and gets the same port again', { timeout: 30_000 }, async () => {
    const sshd = await startSshd();
    const app = await startApp();
    const port = Number(new URL(app.url).port);
    const first = await ssh.open(request(sshd.env, port));
    onTestFinished(first.close);
    expect(first.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const body = Buffer.from('{"a":499.00}\r\n');
    expect((await send(`${first.url}/hooks?x=1`, { body })).status).toBe(200);
    expect([app.requests[0]?.path, app.requests[0]?.body]).toEqual(['/hooks?x=1', body]);
    await sshd.restart();
    expect(await first.lost).toContain('ssh to scratch ended');
    const second = await ssh.open(request(sshd.env, port, { again: first }));
    onTestFinished(second.close);
    expect(second.url).toBe(first.url);
    expect((await send(second.url, { body })).status).toBe(200);
  });
});

describe('the ssh driver', () => {
  it.each(['a host', '-oProxyCommand=x', ''])('takes no %j for a host', async (server) => {
    const folder = temporaryFolder({ ssh: '#!/bin/sh\nexit 1\n' });
    chmodSync(join(folder, 'ssh'), 0o755);
    await expect(ssh.open(request({ PATH: folder }, 1, { server }))).rejects.toMatchObject({ code: 'usage' });
  });
});
