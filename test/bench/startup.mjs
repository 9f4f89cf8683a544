/** How long a command takes to start, against bare node on an empty file. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inFolder, listen, load, paired, program, run } from './tools.mjs';

const PAIRS = 11;

export async function* startup() {
  const rows = await inFolder(async (folder) => {
    writeFileSync(join(folder, 'empty.mjs'), '');
    writeFileSync(join(folder, 'body.json'), '{"id":"wh_1","event":"order.created","total":499.00}');
    // Something to list.
    const server = listen(folder);
    await load(await server.port, { connections: 4, seconds: 1, size: 400 });
    await server.stop();
    const env = { CONNECT2PRINT_WEBHOOK_SECRET: 'secret' };
    const { stdout } = await run([program, 'sign', 'body.json', '--provider', 'connect2print', '--json'], { cwd: folder, env });
    const signature = JSON.parse(stdout).headers[0][1];
    const commands = [
      ['--version', ['--version'], '≤ 1.25'],
      ['verify', ['verify', 'body.json', '--provider', 'connect2print', '--signature', signature], '≤ 1.25'],
      ['sign', ['sign', 'body.json', '--provider', 'connect2print'], '≤ 1.25'],
      ['trigger --dry-run', ['trigger', 'order.created', '--provider', 'connect2print', '--dry-run'], ''],
      ['list', ['list', '--store', 'd.db'], ''],
    ];
    const rows = [];
    for (const [name, args, budget] of commands) {
      const ours = async () => (await run([program, ...args], { cwd: folder, env })).ms;
      const bare = async () => (await run(['empty.mjs'], { cwd: folder })).ms;
      await ours();
      const { median, min, max, runs } = await paired(PAIRS, ours, bare);
      const extra = runs.map(({ a, b }) => a - b).sort((x, y) => x - y)[PAIRS >> 1];
      rows.push({
        what: `start-up of \`${name}\``,
        value: `${median.toFixed(2)} × node`,
        spread: `${min.toFixed(2)} … ${max.toFixed(2)}`,
        budget,
        note: `${extra < 0 ? '' : '+'}${extra.toFixed(0)} ms`,
      });
    }
    return rows;
  });
  yield* rows;
}
