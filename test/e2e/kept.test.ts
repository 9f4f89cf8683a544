/** Kept deliveries, edited, compared and sent again by the packed program: what only a process, a shell and a signal can show. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prettyJson } from '../../src/core/events/json-pretty.js';
import { startApp } from '../support/app.js';
import { projectWith } from '../support/keep.js';
import { run, shell, start } from '../support/program.js';

const order = (total: string) => ({
  request: {
    method: 'POST',
    path: '/hooks',
    headers: [['Content-Type', 'application/json']] as const,
    body: Buffer.from(`{"event":"order.created","data":{"total":${total},"customer":{"email":"zoe@devries.nl"}}}`),
  },
});
const totals = (requests: ReadonlyArray<{ readonly body: Buffer }>): number[] =>
  requests.map(({ body }) => JSON.parse(body.toString()).data.total);

// The command that goes on, and an editor's, are a shell's.
describe.skipIf(process.platform === 'win32')('kept deliveries', () => {
  it('a replay that is interrupted prints the command that does the rest', async () => {
    const { cwd } = await projectWith(...Array.from({ length: 30 }, (_, index) => order(String(index))));
    const waiting: Array<() => void> = [];
    let isOpen = false;
    const app = await startApp((_request, response) => {
      if (isOpen || app.requests.length < 5) response.end();
      else waiting.push(() => response.end());
    });
    const replay = start(['replay', '--event', 'order.*', '--to', app.url], { cwd });
    await app.received(5);
    replay.send('SIGINT');
    isOpen = true;
    for (const answer of waiting) answer();
    const { code, stderr } = await replay.ended;
    expect(code).toBe(130);
    const [line] = /^ {2}webhook replay .*$/m.exec(stderr) ?? [];
    expect(await shell(line ?? 'false', { cwd }).ended).toMatchObject({ code: 0 });
    expect(totals(app.requests)).toEqual(Array.from({ length: 30 }, (_, index) => index));
  });

  it('an editor with a path and words of its own changes what it changes, and no other byte', async () => {
    const { cwd } = await projectWith(order('499.00'));
    writeFileSync(join(cwd, 'my editor.sh'), 'sed -i.bak "s/499.00/$1/" "$2" && echo "" >> "$2" && echo drawn');
    const app = await startApp();
    const line = `EDITOR="sh 'my editor.sh' 12.50" webhook replay last --edit --json --to ${app.url}`;
    const { code, stdout } = await shell(line, { cwd }).ended;
    expect(code).toBe(0);
    // What the editor draws is not among the records.
    expect(stdout).not.toContain('drawn');
    expect(app.requests[0]?.body.toString()).toBe(
      '{"event":"order.created","data":{"total":12.50,"customer":{"email":"zoe@devries.nl"}}}',
    );
  });

  it('diff goes with a pipe that closes, and says by its exit code whether they differ', async () => {
    const { cwd } = await projectWith(order('1'), order('2'), order('2.0'));
    expect(await shell('webhook diff last:2 --exit-code', { cwd }).ended).toMatchObject({ code: 0 });
    const [first] = (await run(['list', '--json'], { cwd })).stdout.split('\n');
    const { id } = JSON.parse(first ?? '');
    expect((await run(['diff', id, 'last', '--exit-code'], { cwd })).code).toBe(4);
    const piped = await shell(`webhook diff ${id} last | head -1`, { cwd }).ended;
    expect(piped).toMatchObject({ code: 0, stderr: '' });
  });

  it('a captured delivery is a sample that can be sent, and holds nothing private', async () => {
    const { cwd } = await projectWith(order('499.00'));
    const args = ['fixtures', 'capture', 'last', '--as', 'order.created'];
    expect((await run(args, { cwd })).code).toBe(0);
    const made = readFileSync(join(cwd, 'webhook-fixtures', 'connect2print', 'order.created.json'), 'utf8');
    const sent = '{"event":"order.created","data":{"total":499.00,"customer":{"email":"person1@example.com"}}}';
    expect(made).toBe(`${prettyJson(Buffer.from(sent))?.join('\n')}\n`);
    const app = await startApp();
    expect((await run(['trigger', 'connect2print/order.created', '--to', app.url], { cwd })).code).toBe(0);
    expect(app.requests[0]?.body.toString()).toBe(sent);
  });
});
