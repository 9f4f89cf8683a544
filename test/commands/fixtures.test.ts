import { createHmac } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minifyJson } from '../../src/core/events/json-text.js';
import { startApp } from '../support/app.js';
import { temporaryFolder } from '../support/folder.js';
import { invoke } from '../support/invoke.js';
import { projectWith } from '../support/keep.js';
import { DRIVES_A_TERMINAL, ndjson, type Outcome } from '../support/running.js';

const SECRET = 'a secret that nobody guesses';
const ENV = { CONNECT2PRINT_WEBHOOK_SECRET: SECRET };
const BODY =
  '{"id":"wh_9","event":"order.created","timestamp":"2026-11-22T14:00:00Z","data":{"order":{"total":499.00,"customer":{"name":"Zo\\u00eb de Vries","email":"zoe@devries.nl"},"note":"for zoe@devries.nl"}}}';
const delivery = (body: string, type = 'application/json') => ({
  request: { method: 'POST', path: '/hooks?token=hush', headers: [['Content-Type', type]] as const, body: Buffer.from(body) },
});
const own = (cwd: string, path: string): string => join(cwd, 'webhook-fixtures', path);

const project = (files: Readonly<Record<string, string>> = {}): string =>
  temporaryFolder({ 'package.json': '{}', 'webhook.config.json': '{"provider":"connect2print"}', ...files });

const fixtures = (cwd: string, args: readonly string[], options: { columns?: number } = {}): Promise<Outcome> =>
  invoke(['fixtures', ...args, '--no-color'], { cwd, env: ENV, ...options });

describe('fixtures list', () => {
  it('tells the built-in ones from the project’s own, and which win', async () => {
    const cwd = project({
      'webhook-fixtures/connect2print/stock.low.json': '{}',
      'webhook-fixtures/connect2print/stock.gone.json': '{}',
    });
    const { stdout } = await fixtures(cwd, ['list']);
    expect(stdout).toMatch(/order\.created +built in\n/);
    expect(stdout).toMatch(/stock\.low +webhook-fixtures.connect2print.stock\.low\.json {2}in place of the built-in one\n/);
    expect(stdout).toMatch(/stock\.gone +webhook-fixtures.connect2print.stock\.gone\.json\n/);
    const rows = ndjson((await fixtures(cwd, ['list', 'connect2print', '--json'])).stdout);
    expect(rows).toContainEqual({
      provider: 'connect2print',
      event: 'stock.low',
      path: own(cwd, 'connect2print/stock.low.json'),
      builtin: false,
      replaces: true,
    });
  });

  it('lists those of every provider, by their events’ names', async () => {
    const rows = ndjson((await fixtures(temporaryFolder(), ['list', '--json'])).stdout);
    expect(rows.length).toBeGreaterThan(500);
    expect(rows).toContainEqual(expect.objectContaining({ provider: 'gitlab', event: 'Push Hook', builtin: true }));
  });
});

describe('fixtures show', () => {
  it('gives a fresh payload, its exact bytes to a pipe', async () => {
    const one = (await fixtures(project(), ['show', 'order.created'])).stdout;
    const other = (await fixtures(project(), ['show', 'connect2print/order.created'])).stdout;
    expect(one).toMatch(/^\{"id":"wh_\w+","event":"order\.created",.*"total":499\.00,.*\}$/);
    expect(JSON.parse(one).id).not.toBe(JSON.parse(other).id);
  });

  it('is laid out on a terminal, and a record for a program', async () => {
    const { stdout } = await fixtures(project(), ['show', 'order.created'], { columns: 80 });
    expect(stdout).toContain('\n  "event": "order.created",\n');
    const [record] = ndjson((await fixtures(project(), ['show', 'order.created', '--json'])).stdout);
    expect(record).toMatchObject({ type: 'payload', bodyEncoding: 'utf8', body: expect.stringContaining('499.00') });
  });

  it('with --signed is the whole request, signed over those bytes; -o writes it', async () => {
    const cwd = project();
    expect((await fixtures(cwd, ['show', 'order.created', '--signed', '-o', 'order.http'])).code).toBe(0);
    const [head = '', body = ''] = readFileSync(join(cwd, 'order.http'), 'utf8').split('\r\n\r\n');
    expect(head).toMatch(/^POST \/webhooks HTTP\/1\.1\r\n/);
    expect(head).toContain(`X-Webhook-Signature: ${createHmac('sha256', SECRET).update(body).digest('hex')}`);
    const app = await startApp();
    expect((await invoke(['replay', 'order.http', '--to', app.url], { cwd, env: ENV })).code).toBe(0);
    expect((await fixtures(cwd, ['show', 'order.created', '-o', 'order.http'])).code).toBe(2);
    expect((await fixtures(cwd, ['show', 'order.created', '-o', 'order.http', '--force'])).code).toBe(0);
  });
});

describe('fixtures eject', () => {
  it('copies built-in ones byte for byte; they win from then on, without any config', async () => {
    const cwd = project();
    expect((await fixtures(cwd, ['eject', 'order.created', 'slack/slash_command'])).code).toBe(0);
    const path = own(cwd, 'connect2print/order.created.json');
    const builtin = new URL('../../fixtures/connect2print/order.created.json', import.meta.url);
    expect(readFileSync(path)).toEqual(readFileSync(builtin));
    expect(existsSync(own(cwd, 'slack/slash_command.form'))).toBe(true);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"pending"', '"mine"'));
    const app = await startApp();
    await invoke(['trigger', 'order.created', '--to', app.url], { cwd, env: ENV });
    expect(app.requests[0]?.body.toString()).toContain('"status":"mine"');
  });

  it('overwrites nothing without --force, and writes nothing where one is there', async () => {
    const cwd = project({ 'webhook-fixtures/connect2print/stock.low.json': 'mine' });
    const refused = await fixtures(cwd, ['eject', 'order.created', 'stock.low']);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('Add --force')]);
    expect(readdirSync(own(cwd, 'connect2print'))).toEqual(['stock.low.json']);
    expect((await fixtures(cwd, ['eject', 'stock.low', '--force'])).code).toBe(0);
    expect(readFileSync(own(cwd, 'connect2print/stock.low.json'), 'utf8')).toContain('stock.low');
  });

  it('--all takes every event and challenge of the provider', async () => {
    const cwd = project();
    expect((await fixtures(cwd, ['eject', '--all', '--provider', 'slack'])).code).toBe(0);
    const builtin = readdirSync(new URL('../../fixtures/slack', import.meta.url));
    expect(readdirSync(own(cwd, 'slack')).sort()).toEqual(builtin.sort());
  });

  it('goes to the folder that the config names', async () => {
    const cwd = project({ 'webhook.config.json': '{"provider":"connect2print","fixtures":"./test/samples"}' });
    expect((await fixtures(cwd, ['eject', 'stock.low'])).code).toBe(0);
    expect(existsSync(join(cwd, 'test/samples/connect2print/stock.low.json'))).toBe(true);
  });
});

describe('fixtures capture', () => {
  it('makes a fixture of a kept delivery, without secrets and personal data, and says what it changed', async () => {
    const { cwd } = await projectWith(delivery(BODY));
    const { stdout, stderr, code } = await fixtures(cwd, ['capture', 'last', '--as', 'order.created']);
    expect(code).toBe(0);
    const made = readFileSync(own(cwd, 'connect2print/order.created.json'), 'utf8');
    const redacted = BODY.replaceAll('zoe@devries.nl', 'person1@example.com').replace('Zo\\u00eb de Vries', 'Alex Sample');
    expect(Buffer.from(minifyJson(Buffer.from(made))).toString()).toBe(Buffer.from(minifyJson(Buffer.from(redacted))).toString());
    // To be read before it is committed: a member a line.
    expect(made).toMatch(/^\{\n {2}"id": .*\n[\s\S]*\n {8}"email": "person1@example\.com"[\s\S]*\n\}\n$/);
    expect(stdout).toContain('data.order.customer.name');
    expect(stdout).toMatch(/data\.order\.note +e-mail address → person1@example\.com\n/);
    expect(stdout + stderr).not.toMatch(/zoe|Vries|hush/);
    expect(stderr).toContain('Read it before you commit it');
    const app = await startApp();
    await invoke(['trigger', 'order.created', '--provider', 'connect2print', '--to', app.url], { cwd, env: ENV });
    expect(app.requests[0]?.body.toString()).toContain('"email":"person1@example.com"');
    expect((await invoke(['diff', 'last', '--fixture', '--exit-code'], { cwd })).code).toBe(0);
    expect((await fixtures(cwd, ['validate'])).code).toBe(0);
  });

  it('keeps what it is told to, and refuses to overwrite', async () => {
    const { cwd } = await projectWith(delivery(BODY));
    const args = ['capture', 'last', '--as', 'order.created', '--keep', 'data.order.customer.name'];
    const { stdout } = await fixtures(cwd, [...args, '--json']);
    expect(ndjson(stdout)).toEqual([
      { type: 'redaction', path: 'data.order.customer.email', kind: 'e-mail address', standIn: 'person1@example.com' },
      { type: 'redaction', path: 'data.order.note', kind: 'e-mail address', standIn: 'person1@example.com' },
      expect.objectContaining({ type: 'captured', provider: 'connect2print', event: 'order.created', redactions: 2 }),
    ]);
    expect(readFileSync(own(cwd, 'connect2print/order.created.json'), 'utf8')).toContain('Zo\\u00eb de Vries');
    expect((await fixtures(cwd, args)).code).toBe(2);
    expect((await fixtures(cwd, [...args, '--force'])).code).toBe(0);
  });

  it('makes of a form a form, and of anything else a message; one of another form does not stay in the way', async () => {
    const form = await projectWith({
      ...delivery('token=abcdefgh12&user_name=anna', 'application/x-www-form-urlencoded'),
      provider: 'slack',
    });
    expect((await fixtures(form.cwd, ['capture', 'last', '--as', 'slash_command'])).code).toBe(0);
    expect(readFileSync(own(form.cwd, 'slack/slash_command.form'), 'utf8')).toBe('token=redacted1&user_name=Alex');
    const { cwd } = await projectWith(delivery('<order mail="zoe@x.nl"/>', 'application/xml'), delivery(BODY));
    await fixtures(cwd, ['capture', 'last', '--as', 'stock.low']);
    const text = await fixtures(cwd, ['capture', (await projectIds(cwd))[0] ?? '', '--as', 'stock.low', '--force']);
    expect(text.stderr).toContain('neither JSON nor a form');
    expect(readdirSync(own(cwd, 'connect2print'))).toEqual(['stock.low.http']);
    expect(readFileSync(own(cwd, 'connect2print/stock.low.http'), 'utf8')).toBe(
      'POST / HTTP/1.1\r\nContent-Type: application/xml\r\n\r\n<order mail="person1@example.com"/>',
    );
  });

  it('makes an event that the provider does not list one that can be triggered', async () => {
    const { cwd } = await projectWith(delivery(BODY.replace('order.created', 'order.split')));
    expect((await fixtures(cwd, ['capture', 'last', '--as', 'order.split'])).code).toBe(0);
    expect((await fixtures(cwd, ['validate'])).code).toBe(0);
    const app = await startApp();
    const { code } = await invoke(['trigger', 'connect2print/order.split', '--to', app.url], { cwd, env: ENV });
    expect([code, app.requests.length]).toEqual([0, 1]);
  });

  it('says so where the payload is another event than it is called', async () => {
    const { cwd } = await projectWith(delivery(BODY));
    const { code, stderr } = await fixtures(cwd, ['capture', 'last', '--as', 'stock.low']);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^warning: It says that it is order\.created, and is called after stock\.low\.\n {9}Give it the name/m,
    );
    expect((await fixtures(cwd, ['capture', 'last', '--as', 'order.created'])).stderr).not.toContain('warning');
  });

  it('never leaves its folder, whatever the event is called', async () => {
    const { cwd } = await projectWith(delivery(BODY));
    const names = ['../../evil', '..', '.', '/etc/passwd', 'a\\..\\b', 'x\u0000y', 'CON', '%2e%2e%2f'];
    for (const name of [...names, ...fc.sample(fc.string({ minLength: 1, maxLength: 12 }), 10)]) {
      const { stdout } = await fixtures(cwd, ['capture', 'last', `--as=${name}`, '--force']);
      expect(stdout).not.toMatch(DRIVES_A_TERMINAL);
    }
    expect(readdirSync(dirname(cwd)).filter((name) => name.includes('evil'))).toEqual([]);
    expect(readdirSync(cwd).sort()).toEqual(['.webhook', 'package.json', 'webhook-fixtures']);
    expect(readdirSync(join(cwd, 'webhook-fixtures'))).toEqual(['connect2print']);
    for (const file of readdirSync(own(cwd, 'connect2print'))) expect(file).toMatch(/^[\w.-]+\.json$/);
  });
});

describe('fixtures validate', () => {
  it('tells file, line and column of what is wrong, and exits 2', async () => {
    const cwd = project({
      'webhook-fixtures/connect2print/stock.low.json': '{\n  "event" "stock.low"\n}',
      'webhook-fixtures/connect2print/order.craeted.json': '{"event":"order.created"}',
      'webhook-fixtures/connect2print/order.created.json': '{"id":"wh_1","event":"order.created"}',
      'webhook-fixtures/conect2print/stock.low.json': '{}',
    });
    const { code, stdout, stderr } = await fixtures(cwd, ['validate']);
    expect(code).toBe(2);
    expect(stdout.replaceAll('\\', '/').trimEnd().split('\n')).toEqual([
      "webhook-fixtures/conect2print/stock.low.json:1:1: There is no provider 'conect2print', which its folder is called after. Did you mean connect2print?",
      expect.stringContaining(
        "webhook-fixtures/connect2print/order.craeted.json:1:1: Connect2Print has no event 'order.craeted'",
      ),
      'webhook-fixtures/connect2print/stock.low.json:2:11: This is not JSON: a colon should stand there.',
    ]);
    expect(stderr).toContain('Of 4 fixtures, not all are as they should be: 3 faults.');
    const [record] = ndjson(
      (await fixtures(cwd, ['validate', '--json', 'webhook-fixtures/connect2print/stock.low.json'])).stdout,
    );
    expect(record).toMatchObject({ type: 'fault', line: 2, column: 11 });
  });

  it('is content with good ones, named or all', async () => {
    const cwd = project();
    await fixtures(cwd, ['eject', '--all']);
    expect((await fixtures(cwd, ['validate'])).stderr).toContain('16 fixtures: all good.');
    expect((await fixtures(cwd, ['validate', own(cwd, 'connect2print/stock.low.json')])).code).toBe(0);
    expect((await fixtures(project(), ['validate'])).code).toBe(0);
  });
});

describe('what it is told wrong', () => {
  it.each([
    [['lst'], /Did you mean list\?/],
    [['list', '--as', 'x'], /It is for capture\./],
    [['show'], /none was named/],
    [['show', 'order.craeted'], /Did you mean order\.created/],
    [['show', 'order.created', '--to', 'localhost:1'], /--signed/],
    [['eject', '--all', 'order.created'], /says two things/],
    [['capture', 'last'], /--as order\.created/],
    [['capture', '--as', 'order.created'], /Name one/],
    [['capture', 'nope.json', '--as', 'order.created'], /There is no file/],
    [['validate', 'nope.json'], /There is no file/],
  ] as const)('%j: exit 2, a sentence and a next step', async (args, said) => {
    const cwd = project();
    const { code, stdout, stderr } = await fixtures(cwd, args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(said);
    expect(stderr).toMatch(/^error: .*[.?]\n( {7}\S.*\n)+$/);
  });
});

async function projectIds(cwd: string): Promise<string[]> {
  return ndjson((await invoke(['list', '--json'], { cwd })).stdout).map(({ id }) => id);
}
