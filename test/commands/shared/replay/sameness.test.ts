import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../../../src/core/delivery/delivery.js';
import { refused, responded } from '../../../io/store/samples.js';
import { startApp } from '../../../support/app.js';
import { invoke } from '../../../support/invoke.js';
import { type Project, projectWith } from '../../../support/keep.js';
import { ndjson, type Outcome } from '../../../support/running.js';

const JSON_TYPE = [['Content-Type', 'application/json; charset=utf-8']] as const;
const answered = (body: string, status = 200): Attempt => ({ ...responded(status, body), headers: JSON_TYPE }) as Attempt;

/** Replays the newest delivery to an app that gives this answer. */
async function replayed({ cwd }: Project, status: number, body: string, args: readonly string[] = []): Promise<Outcome> {
  const app = await startApp((_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(body),
  );
  return invoke(['replay', 'last', '--to', app.url, '--expect-same', ...args], { cwd });
}

describe('--expect-same', () => {
  it('is content with an answer that means the same, whatever its status', async () => {
    const project = await projectWith({ attempts: [answered('{"ok":true,"total":499.00}', 409)] });
    expect((await replayed(project, 409, '{"total":499, "ok":true}')).code).toBe(0);
  });

  it('tells what has changed, and exits 4', async () => {
    const project = await projectWith({ attempts: [answered('{"order":{"id":1,"total":499.00},"ok":true}')] });
    const { code, stdout, stderr } = await replayed(project, 500, '{"order":{"id":2,"total":499},"error":"boom"}');
    expect(code).toBe(4);
    expect(stdout).toMatch(/the answer is not the kept one: 4 differences/);
    for (const line of ['~ status  200 → 500', '~ order.id  1 → 2', '- ok  true', '+ error  "boom"'])
      expect(stdout).toContain(line);
    expect(stderr).toContain('Sent with the signature it came with.');
    const [record] = ndjson((await replayed(project, 200, '{"ok":true}', ['--json'])).stdout);
    expect(record.differences).toMatchObject([{ kind: 'removed', path: 'order', before: '{"id":1,"total":499.00}' }]);
  });

  it('leaves out what --ignore names', async () => {
    const project = await projectWith({ attempts: [answered('{"at":1,"items":[{"id":1,"n":1}]}')] });
    expect(
      (await replayed(project, 200, '{"at":2,"items":[{"id":5,"n":1}]}', ['--ignore', 'at', '--ignore', 'items[*].id'])).code,
    ).toBe(0);
    expect(
      (await replayed(project, 200, '{"at":2,"items":[{"id":5,"n":2}]}', ['--ignore', 'at', '--ignore', 'items[*].id'])).code,
    ).toBe(4);
  });

  it('holds beside --expect', async () => {
    const project = await projectWith({ attempts: [answered('{}', 500)] });
    expect((await replayed(project, 500, '{}')).code).toBe(0);
    const { code, stdout } = await replayed(project, 500, '{}', ['--expect', '200']);
    expect([code, stdout]).toEqual([4, expect.stringContaining('expected 200, got 500')]);
  });

  it('compares with the last answer of a target, replays aside, else with what the sender got', async () => {
    const replay = { ...answered('"a replay"'), replay: true };
    const attempts = [answered('"first"'), answered('"second"'), { ...refused(), replay: false }, replay];
    const project = await projectWith({ attempts });
    expect((await replayed(project, 200, '"second"')).code).toBe(0);
    expect((await replayed(project, 200, '"a replay"')).code).toBe(4);
    const response = { status: 200, headers: JSON_TYPE, body: Buffer.from('"theirs"'), durationMs: 1 };
    expect((await replayed(await projectWith({ response, attempts: [replay] }), 200, '"theirs"')).code).toBe(0);
  });

  it('fails where no answer was kept', async () => {
    const response = { status: 502, headers: [], body: Buffer.from('ours'), durationMs: 1 };
    const project = await projectWith({ response, attempts: [{ ...refused(), replay: false }] });
    const { code, stdout } = await replayed(project, 502, 'ours');
    expect([code, stdout]).toEqual([4, expect.stringContaining('no answer was kept to compare this one with')]);
  });

  it('takes recorded deliveries from files: a regression test without a store', async () => {
    const { cwd } = await projectWith({ attempts: [answered('{"n":1}')] });
    writeFileSync(join(cwd, 'recorded.json'), (await invoke(['export', 'last'], { cwd })).bytes);
    const app = await startApp((_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"n":2}'),
    );
    const { code } = await invoke(['replay', 'recorded.json', '--to', app.url, '--expect-same'], { cwd });
    expect(code).toBe(4);
  });

  it('--ignore alone is a mistake', async () => {
    const { cwd } = await projectWith({});
    const { code, stderr } = await invoke(['replay', 'last', '--to', 'localhost:1', '--ignore', 'a'], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringContaining('Add --expect-same.')]);
  });
});
