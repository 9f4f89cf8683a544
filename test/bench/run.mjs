/**
 * `npm run bench [section …]`: what DESIGN's budgets ask, as ratios of paired runs on this machine. Writes RESULTS.md. About
 * five minutes on two cores; `npm run bench -- memory --full` receives a million, `npm run bench -- store --full` keeps
 * one (ten minutes), and `npm run bench -- soak` goes on for ten
 * minutes (`--minutes=1`: for one).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { forwarding } from './forwarding.mjs';
import { kept } from './kept.mjs';
import { listening } from './listening.mjs';
import { memory } from './memory.mjs';
import { sending } from './sending.mjs';
import { soak } from './soak.mjs';
import { startup } from './startup.mjs';
import { here } from './tools.mjs';

const SECTIONS = { startup, listening, sending, forwarding, memory, store: kept, soak };
/** Take too long to be run unasked. */
const ASKED_FOR = new Set(['store', 'soak']);
const asked = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const full = process.argv.includes('--full');
const minutes = Number(process.argv.find((arg) => arg.startsWith('--minutes='))?.slice('--minutes='.length) ?? 10);
const unknown = asked.filter((name) => !(name in SECTIONS));
if (unknown.length > 0) {
  console.error(`There is no section ${unknown.join(', ')}; there is ${Object.keys(SECTIONS).join(', ')}.`);
  process.exit(2);
}

const began = Date.now();
const rows = [];
for (const [name, section] of Object.entries(SECTIONS)) {
  if (asked.length > 0 ? !asked.includes(name) : ASKED_FOR.has(name)) continue;
  console.error(`${name} …`);
  for await (const row of section({ full, minutes })) {
    rows.push(row);
    console.error(`  ${cells(row).join('  ')}`);
  }
}

function cells({ what, value, budget, spread = '', note = '' }) {
  return [what, value, spread, budget, note];
}

const table = [['What', 'Median', 'Least … most', 'Budget', ''], ['---', '---', '---', '---', '---'], ...rows.map(cells)].map(
  (row) => `| ${row.join(' | ')} |`,
);
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}, Node ${process.version}`;
const { version } = JSON.parse(readFileSync(here('../../package.json'), 'utf8'));
const text = [
  '# Benchmark',
  '',
  `webhook-cli ${version} on ${machine}; ${new Date(began).toISOString().slice(0, 10)}, ${Math.round((Date.now() - began) / 1_000)} s.`,
  '',
  'Ratios come from runs in pairs, one of ours and one of what it is measured against, in turn: they hold where the machine',
  'drifts. Absolute figures are this machine’s. `npm run bench` makes this page.',
  '',
  ...table,
  '',
].join('\n');
console.log(text);
if (asked.length === 0) writeFileSync(here('RESULTS.md'), text);
