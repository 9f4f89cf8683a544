/** The testing library as it is published: under the runners it is for, and as the compiler sees it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { packedProject, startProgram } from '../support/program.js';

const root: string = fileURLToPath(new URL('../..', import.meta.url));

/** A test as people write it, of an app that forwards what it gets; it closes nothing, and must end all the same. */
const TEST = `
let receiver, sender;
before(async () => {
  receiver = await createReceiver({ provider: 'connect2print', secret: 'a secret' });
  sender = createSender({ provider: 'connect2print', secret: 'a secret', to: receiver.url });
});
test('an order', async () => {
  receiver.respond(503, { times: 1 });
  const answer = await sender.send('order.created', { set: { 'data.order.total': 12.5 }, duplicate: 1 });
  assert.deepEqual([answer.status, answer.duplicates[0].json], [503, { received: true }]);
  const { verdict, json } = await receiver.next({ event: 'order.created' });
  assert.deepEqual([verdict.status, json.data.order.total], ['valid', 12.5]);
});
test('a forgery', async () => {
  const { status } = await sender.send('order.shipped', { corrupt: 'body' });
  assert.equal(status, 401);
  const { diagnosis } = (await receiver.next({ event: 'order.shipped' })).verdict;
  assert.deepEqual(diagnosis, []);
});
test('what does not come', async () => {
  await assert.rejects(receiver.next({ event: 'stock.low', timeout: 10 }), { name: 'WebhookError', message: /What did: order.created/ });
  await sender.close();
  await assert.rejects(createSender({ provider: 'stripe', to: 'http://127.0.0.1:1' }).send('invoice.paid'), /connection refused/);
});
`;

/** Runs a program in a folder of its own beside the installed package. */
function runIn(name: string, files: Readonly<Record<string, string>>, args: readonly string[]) {
  const cwd = join(packedProject(), name);
  mkdirSync(cwd, { recursive: true });
  for (const [file, content] of Object.entries(files)) writeFileSync(join(cwd, file), content);
  return startProgram(process.execPath, args, { cwd }).ended;
}

describe('the testing library runs', () => {
  it('under node:test, as an ES module', async () => {
    const file = `import assert from 'node:assert/strict'; import { before, test } from 'node:test';
      import { createReceiver, createSender } from 'webhook-cli/testing';${TEST}`;
    const { code, stdout } = await runIn('node-test', { 'a.test.mjs': file }, ['--test']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/pass 3\n.*fail 0\n/s) });
  });

  it('under node:test, required by CommonJS', async () => {
    const file = `const assert = require('node:assert/strict'), { before, test } = require('node:test');
      const { createReceiver, createSender } = require('webhook-cli/testing');${TEST}`;
    const { code, stdout } = await runIn('node-require', { 'a.test.cjs': file }, ['--test']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/pass 3\n.*fail 0\n/s) });
  });

  it('under vitest', async () => {
    const file = `import assert from 'node:assert/strict'; import { createReceiver, createSender } from 'webhook-cli/testing';
      const before = beforeAll;${TEST}`;
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const { code, stdout, stderr } = await runIn('vitest', { 'a.test.mjs': file }, [vitest, 'run', '--root', '.', '--globals']);
    expect({ code, stderr, stdout }).toEqual({ code: 0, stderr: '', stdout: expect.stringContaining('3 passed') });
  });

  it('as jest runs it: CommonJS in a realm of its own, whose errors are not Node’s', async () => {
    const runner = `const vm = require('node:vm'), { createRequire } = require('node:module'), fs = require('node:fs');
      const tests = [], hooks = [];
      // What jest-environment-node does: a realm of its own, all else that Node has, and these two from outside.
      const realm = vm.createContext();
      const inner = vm.runInContext('globalThis', realm);
      for (const name of Object.getOwnPropertyNames(globalThis)) if (!(name in inner)) realm[name] = globalThis[name];
      Object.assign(realm, { ArrayBuffer, Uint8Array, before: (hook) => hooks.push(hook), test: (name, run) => tests.push([name, run]) });
      const load = (path) => {
        const module = { exports: {} };
        const own = createRequire(path);
        const inside = (name) => (name === 'webhook-cli/testing' ? load(own.resolve(name)) : own(name));
        const wrapped = \`(function (exports, require, module, __filename, __dirname) {\${fs.readFileSync(path, 'utf8')}\\n})\`;
        vm.runInContext(wrapped, realm)(module.exports, inside, module, path, require('node:path').dirname(path));
        return module.exports;
      };
      load(require('node:path').resolve('a.test.cjs'));
      (async () => {
        for (const hook of hooks) await hook();
        for (const [name, run] of tests) { await run(); console.log('passed', name); }
      })();`;
    const file = `const assert = require('node:assert'), { createReceiver, createSender } = require('webhook-cli/testing');${TEST}`;
    const outcome = await runIn('jest', { 'a.test.cjs': file, 'runner.cjs': runner }, ['runner.cjs']);
    expect(outcome).toMatchObject({
      code: 0,
      stderr: '',
      stdout: 'passed an order\npassed a forgery\npassed what does not come\n',
    });
  });
});
