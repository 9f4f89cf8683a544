/** Whether `listen` stays flat while it receives very many. */
import { readFileSync } from 'node:fs';
import { inFolder, listen, load } from './tools.mjs';

/** @param full a million, instead of what half a minute holds */
export async function* memory({ full }) {
  yield await inFolder(async (folder) => {
    const server = listen(folder);
    const port = await server.port;
    const resident = () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1_000;
    let received = 0;
    const round = async () => {
      received += (await load(port, { connections: 32, seconds: full ? 20 : 6, size: 400 })).count;
    };
    await round();
    const first = resident();
    const goal = full ? 1_000_000 : 0;
    do for (let i = 0; i < 4; i++) await round();
    while (received < goal);
    const last = resident();
    await server.stop();
    return {
      what: `memory after ${received.toLocaleString('en')} deliveries`,
      value: `${(last / first).toFixed(2)} × that after the first`,
      spread: '',
      budget: 'flat',
      note: `${first.toFixed(0)} → ${last.toFixed(0)} MB`,
    };
  });
}
