/** `trigger --count` and `replay --speed max` against autocannon, to the same server. */
import { here, inFolder, listen, load, paired, program, run, SECRET, start } from './tools.mjs';

const CONNECTIONS = 32;
const COUNT = 5_000;
const PAIRS = 3;

export async function* sending() {
  yield* await inFolder(async (folder) => {
    const bare = start([here('bare.mjs')]);
    const url = `http://127.0.0.1:${await bare.port}/`;
    const kept = listen(folder);
    await load(await kept.port, { connections: 8, seconds: 2, size: 1_000 });
    await kept.stop();
    const env = { CONNECT2PRINT_WEBHOOK_SECRET: SECRET };
    /** What it says of itself: start-up is measured elsewhere. */
    const rateOf = async (args) => {
      const { stdout } = await run([program, ...args, '--to', url, '--json', '--concurrency', String(CONNECTIONS)], {
        cwd: folder,
        env,
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
      ['replay --speed max', ['replay', '--provider', 'connect2print', '--limit', String(COUNT), '--store', 'd.db']],
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
