import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { OpenRequest, Tunnel } from '../../../src/io/tunnels/driver.js';
import { localtunnel } from '../../../src/io/tunnels/localtunnel.js';
import { openRequest } from '../../support/open-request.js';
import { freePort, startTunnelServer } from '../../support/tunnel-server.js';

/** A listener that only counts who connects to it. */
async function startCounter(): Promise<{ port: number; connections(): number; connected: Promise<unknown> }> {
  const server = createServer();
  const sockets = new Set<Socket>();
  let count = 0;
  server.on('connection', (socket) => {
    count++;
    sockets.add(socket.on('error', () => {}));
  });
  const connected = once(server, 'connection');
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, connections: () => count, connected };
}

async function open(server: string, port: number, over: Partial<OpenRequest> = {}): Promise<{ tunnel: Tunnel; told: string[] }> {
  const told: string[] = [];
  const tunnel = await localtunnel.open(openRequest(port, { server, tell: (message) => told.push(message), ...over }));
  onTestFinished(tunnel.close);
  return { tunnel, told };
}

describe('the client', () => {
  it('connects to the listener when there is a request; the npm package does so at once, and its time runs out', async () => {
    const server = await startTunnelServer();
    const own = await startCounter();
    await open(server.host, own.port);
    const stock = await startCounter();
    const stockClient = createRequire(import.meta.url)('localtunnel');
    // It looks names up by itself, and not every machine knows those under .localhost.
    const host = `http://127.0.0.1:${server.port}`;
    const tunnel = await stockClient({ port: stock.port, host, subdomain: 'stock', local_host: undefined });
    tunnel.on('error', () => {});
    onTestFinished(() => tunnel.close());
    await stock.connected;
    expect(own.connections()).toBe(0);
  });

  it('gets the name it asks for, and says so where that is taken', { timeout: 20_000 }, async () => {
    const server = await startTunnelServer();
    const { port } = await startCounter();
    const first = await open(server.host, port, { subdomain: 'my-shop' });
    expect([first.tunnel.url, first.told]).toEqual([`http://my-shop.lt.localhost:${server.port}`, []]);
    const second = await open(server.host, port, { subdomain: 'my-shop' });
    expect(second.tunnel.url).not.toBe(first.tunnel.url);
    expect(second.told).toEqual(["The subdomain 'my-shop' is taken: the URL is another one."]);
    // Once the first is gone, its name can be had again.
    await first.tunnel.close();
    const again = await open(server.host, port, { again: first.tunnel });
    expect(again.tunnel.url).toBe(first.tunnel.url);
  });

  it('notices that the server is gone', async () => {
    const server = await startTunnelServer();
    const { tunnel } = await open(server.host, (await startCounter()).port);
    await server.kill();
    expect(await tunnel.lost).toMatch(/^The tunnel server (is gone|has hung up)\./);
  });

  it.each(['abc', 'Shop', '-shop', 'my_shop', 'a-b', 'x'.repeat(64)])('refuses the subdomain %s', async (subdomain) => {
    await expect(open('http://lt.localhost:1', 1, { subdomain })).rejects.toMatchObject({ code: 'usage' });
  });

  it('ends with a clear error where nobody answers, or somebody else', async () => {
    const nobody = open(`http://127.0.0.1:${await freePort()}`, 1);
    await expect(nobody).rejects.toMatchObject({
      code: 'tunnel_unavailable',
      message: expect.stringContaining('connection refused'),
    });
    const given = new AbortController();
    given.abort();
    await expect(open('http://127.0.0.1:9', 1, { signal: given.signal })).rejects.toMatchObject({ code: 'tunnel_unavailable' });
  });
});
