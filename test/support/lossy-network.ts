/** A network between a localtunnel client and its server that can be lost: nothing passes any more, and nothing is closed. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { TunnelServer } from './tunnel-server.js';

export interface LossyNetwork {
  /** What `--tunnel-host` takes: the server, through this network. */
  readonly host: string;
  /** From now on nothing passes. */
  lose(): void;
  /** New connections pass again; those of before are closed. */
  restore(): void;
}

export async function startLossyNetwork(server: Pick<TunnelServer, 'port'>): Promise<LossyNetwork> {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  let lost = false;

  /** Passes connections on to a port; `change` sees what comes back. */
  async function pass(port: number, change: (bytes: Buffer) => Promise<Buffer>): Promise<number> {
    const proxy = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(from);
        from.on('error', () => {});
        from.on('data', async (bytes: Buffer) => {
          const passed = from === far ? await change(bytes) : bytes;
          if (!lost) to.write(passed);
        });
        from.on('close', () => {
          if (lost) return;
          sockets.delete(from);
          to.destroy();
        });
      }
    });
    servers.push(proxy);
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    return (proxy.address() as AddressInfo).port;
  }

  /** The server's answer to a claim names a port of its own; the client is to come through here. */
  const throughHere = async (bytes: Buffer): Promise<Buffer> => {
    const text = bytes.toString('latin1');
    const [named, port] = /"port":(\d+)/.exec(text) ?? [];
    if (named === undefined) return bytes;
    const own = await pass(Number(port), async (unchanged) => unchanged);
    // Of the same length, as its Content-Length says: another white space does no harm in JSON.
    return Buffer.from(text.replace(named, `"port":${String(own).padStart(String(port).length)}`), 'latin1');
  };
  const port = await pass(server.port, throughHere);
  const closeAll = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  onTestFinished(() => {
    for (const one of servers) one.close();
    closeAll();
  });
  return {
    host: `http://lt.localhost:${port}`,
    lose() {
      lost = true;
    },
    restore() {
      lost = false;
      closeAll();
    },
  };
}
