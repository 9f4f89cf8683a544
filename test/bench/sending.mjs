/** `trigger --count` and `replay --speed max` against autocannon, to the same server. */
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { here, inFolder, listen, load, paired, program, run, SECRET, start } from './tools.mjs';

const CONNECTIONS = 32;
/** As long as autocannon runs, or nearly: of a second, a good part would be V8's warming up. */
const COUNT = 40_000;
const KEPT = 20_000;
const PAIRS = 3;

export async function* sending() {
  yield* await inFolder(async (folder) => {
    const bare = start([here('bare.mjs')]);
    const url = `http://127.0.0.1:${await bare.port}/`;
    const kept = listen(folder);
    await load(await kept.port, { connections: 32, seconds: 6, size: 1_000 });
    await kept.stop();
    const env = { CONNECT2PRINT_WEBHOOK_SECRET: SECRET };
    /** What it says of itself: start-up is measured elsewhere. */
    const rateOf = async (args) => {
      // Each replay adds an attempt to what is kept, which the next one would read and print.
      for (const end of ['', '-wal', '-shm']) rmSync(join(folder, `once.db${end}`), { force: true });
      copyFileSync(join(folder, 'd.db'), join(folder, 'once.db'));
      const { stdout } = await run([program, ...args, '--to', url, '--json', '--concurrency', String(CONNECTIONS)], {
        cwd: folder,
        env,
        into: join(folder, 'lines.ndjson'),
      });
      const { sent, durationMs } = JSON.parse(stdout.trim().split('\n').at(-1));
      return (sent / durationMs) * 1_000;
    };
    const autocannon = async () => {
      const args = [
        here('../../node_modules/autocannon/autocannon.js'),
        '-c',
        CONNECTIONS,
        '-d',
        3,
        '-m',
        'POST',
        '-b',
        'x'.repeat(1_000),
        '--json',
        url,
      ];
      return JSON.parse((await run(args.map(String), { cwd: folder })).stdout).requests.average;
    };
    const rows = [];
    for (const [name, args] of [
      ['trigger --count', ['trigger', 'order.created', '--provider', 'connect2print', '--count', String(COUNT)]],
      ['replay --speed max', ['replay', '--provider', 'connect2print', '--limit', String(KEPT), '--store', 'once.db']],
    ]) {
      const { median, min, max, runs } = await paired(PAIRS, () => rateOf(args), autocannon);
      rows.push({
        what: `\`${name}\`, ${CONNECTIONS} connections`,
        value: `${(median * 100).toFixed(0)} % of autocannon`,
        spread: `${(min * 100).toFixed(0)} … ${(max * 100).toFixed(0)} %`,
        budget: '≥ 70 %',
        note: `${runs[0].a.toFixed(0)}/s`,
      });
    }
    await bare.stop();
    return rows;
  });
}
