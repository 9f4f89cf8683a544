/** What the commands take where very many deliveries are kept: time over start-up, memory, and what receiving loses by it. */
import { cpSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeStore, RARE_EVENT, RARE_WORD } from './million.mjs';
import { inFolder, listen, load, paired, program, run, spread } from './tools.mjs';

const PAIRS = 5;
const FEW = 10_000;
const EXPORTED = 100_000;
/** Prints the most memory a program has had, in kilobytes, when it ends. */
const MEMORY_HOOK =
  "if (require('node:worker_threads').isMainThread) process.on('exit', () => " +
  "require('node:fs').writeSync(2, '\\nmost=' + process.resourceUsage().maxRSS + '\\n'));";

/** @param full a million, instead of a fifth of it */
export async function* kept({ full }) {
  const rows = await inFolder(async (folder) => {
    const count = full ? 1_000_000 : 200_000;
    const many = join(folder, 'many.db');
    const few = join(folder, 'few.db');
    const newest = await makeStore(many, count);
    await makeStore(few, FEW);
    const webhook = (args) => run([program, ...args], { cwd: folder });
    const day = new Date(newest - 86_400_000).toISOString();
    const [{ id }] = JSON.parse(`[${(await webhook(['list', '--json', 'last', '--store', many])).stdout}]`);
    const before = statSync(many).size;
    const indexing = (await webhook(['list', '--search', RARE_WORD, '--store', many])).ms;
    const rows = [
      {
        what: `search index of ${count.toLocaleString('en')}, made at once`,
        value: `${((indexing * 1_000) / count).toFixed(0)} µs each`,
        note: `${((100 * (statSync(many).size - before)) / before).toFixed(1)} % of the store`,
      },
    ];

    const commands = [
      ['list', ['list']],
      ['show last', ['show', 'last']],
      ['show <prefix>', ['show', id.slice(0, 20)]],
      ['list --event --since', ['list', '--event', RARE_EVENT, '--since', day]],
      ['list --search <rare>', ['list', '--search', RARE_WORD], '≤ 1,000 ms'],
      ['list --where <rare>', ['list', '--where', `data.order.reference=${RARE_WORD}`], '≤ 1,000 ms'],
      ['store', ['store'], '≤ 300 ms'],
    ];
    for (const [name, args, budget = '≤ 150 ms'] of commands) {
      const ours = async () => (await webhook([...args, '--store', many])).ms;
      const startup = async () => (await webhook(['--version'])).ms;
      await ours();
      const extra = spread((await paired(PAIRS, ours, startup)).runs.map(({ a, b }) => a - b));
      rows.push({
        what: `\`${name}\` of ${count.toLocaleString('en')}, over start-up`,
        value: `${extra.median.toFixed(0)} ms`,
        spread: `${extra.min.toFixed(0)} … ${extra.max.toFixed(0)}`,
        budget,
      });
    }

    const rates = [];
    for (let i = 0; i < 3; i++) {
      const { ms } = await webhook(['export', '--limit', String(EXPORTED), '-o', 'all.json', '--force', '--store', many]);
      rates.push((EXPORTED / ms) * 1_000);
    }
    rows.push({
      what: `\`export\` of ${EXPORTED.toLocaleString('en')}`,
      value: `${spread(rates).median.toFixed(0)}/s`,
      budget: '≥ 20,000/s',
    });

    writeFileSync(join(folder, 'hook.cjs'), MEMORY_HOOK);
    const most = async (args) => {
      const env = { NODE_OPTIONS: `--require ${join(folder, 'hook.cjs')}` };
      const { stderr, ms } = await run([program, ...args], { cwd: folder, env, discard: true });
      return { megabytes: Number(/most=(\d+)/.exec(stderr)?.[1]) / 1_000, ms };
    };
    const memory = (what, many, few) => ({
      what: `memory of ${what}`,
      value: `${(many.megabytes / few.megabytes).toFixed(2)} ×`,
      budget: 'flat',
      note: `${few.megabytes.toFixed(0)} → ${many.megabytes.toFixed(0)} MB`,
    });
    const prunable = (path) => {
      cpSync(path, join(folder, 'prune.db'));
      return join(folder, 'prune.db');
    };
    const flat = [
      ['list --json --all', (path) => ['list', '--json', '--all', '--store', path, '--quiet']],
      ['export', (path) => ['export', '-o', 'all.json', '--force', '--store', path]],
      [
        'replay --dry-run',
        (path) => ['replay', '--dry-run', '--since', '2020-01-01', '--to', 'http://127.0.0.1:9', '--json', '--store', path],
      ],
      ['store check', (path) => ['store', 'check', '--store', path]],
      ['prune', (path) => ['prune', '--keep', '1000', '--yes', '--store', prunable(path)]],
    ];
    for (const [name, args] of flat) {
      const [ours, theirs] = [await most(args(many)), await most(args(few))];
      rows.push(memory(`\`${name}\`, ${count.toLocaleString('en')} against ${FEW.toLocaleString('en')}`, ours, theirs));
      if (name === 'store check') {
        rows.push({
          what: `\`store check\` of ${count.toLocaleString('en')}`,
          value: `${((ours.ms * 1_000) / count).toFixed(0)} µs each`,
        });
      }
    }
    const imported = async (size) => {
      const file = `${size}.json`;
      await webhook(['export', '--limit', String(size), '-o', file, '--store', many]);
      return most(['import', file, '--store', join(folder, `${size}.db`), '--quiet']);
    };
    const [larger, smaller] = [await imported(EXPORTED), await imported(FEW)];
    rows.push(memory(`\`import\` of ${EXPORTED.toLocaleString('en')} against ${FEW.toLocaleString('en')}`, larger, smaller));

    const rate = async (store) => {
      const server = listen(folder, ['--store', store]);
      const port = await server.port;
      await load(port, { connections: 32, seconds: 1, size: 400 });
      const result = await load(port, { connections: 32, seconds: 3, size: 400 });
      await server.stop();
      return result.rate;
    };
    let fresh = 0;
    const result = await paired(
      3,
      () => rate(many),
      () => rate(join(folder, `fresh-${fresh++}.db`)),
    );
    rows.push({
      what: `receiving with ${count.toLocaleString('en')} kept`,
      value: `${(100 * result.median).toFixed(0)} % of that with none`,
      spread: `${(100 * result.min).toFixed(0)} … ${(100 * result.max).toFixed(0)} %`,
      budget: 'no slower',
    });
    return rows;
  });
  yield* rows;
}
