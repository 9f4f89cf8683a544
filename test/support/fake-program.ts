/** Programs that stand in for real ones on the PATH, and a way to see that a process is gone. */
import { chmodSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './folder.js';

/** A folder with Node programs in it, by name: what to put first on a PATH. Not for Windows, which knows no such scripts. */
export function programFolder(programs: Readonly<Record<string, string>>): string {
  const files = Object.entries(programs).map(([name, script]) => [name, `#!${process.execPath}\n${script}\n`] as const);
  const folder = temporaryFolder(Object.fromEntries(files));
  for (const [name] of files) chmodSync(join(folder, name), 0o755);
  return folder;
}

/** Processes connect to it when they start; their connections end when they do, however they end. */
export interface Beacon {
  readonly port: number;
  /** JavaScript that connects, and keeps the process alive. */
  readonly script: string;
  /** Resolves once so many processes have connected. */
  alive(count?: number): Promise<void>;
  /** Resolves once none of them lives any more. */
  gone(): Promise<void>;
  /** Ends them. */
  end(): void;
}

export async function startBeacon(): Promise<Beacon> {
  const sockets = new Set<Socket>();
  let connected = 0;
  let checks: Array<() => boolean> = [];
  const look = (): void => {
    checks = checks.filter((check) => !check());
  };
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      checks.push(() => {
        if (!holds()) return false;
        resolve();
        return true;
      });
      look();
    });
  const server = createServer((socket) => {
    connected++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      look();
    });
    socket.resume();
    look();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    script: `require('node:net').connect(${port}, '127.0.0.1').on('close', () => process.exit());`,
    alive: (count = 1) => until(() => connected >= count),
    gone: () => until(() => connected > 0 && sockets.size === 0),
    end() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
