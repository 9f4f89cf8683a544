import { expect, it } from 'vitest';
import { startApp } from '../support/app.js';
import { temporaryFolder } from '../support/folder.js';
import { invoke, startHere } from '../support/invoke.js';
import { startListener } from '../support/listener.js';

it('a provider of your own, from the config, is as good as a built-in one in every command', async () => {
  const app = await startApp();
  const cwd = temporaryFolder({
    'webhook.config.json': JSON.stringify({
      provider: 'acme',
      secret: 'its secret',
      to: app.url,
      fixtures: 'samples',
      providers: {
        acme: {
          signature: {
            header: 'X-Acme-Signature',
            prefix: 'v1=',
            content: '{timestamp}.{body}',
            timestampHeader: 'X-Acme-Time',
            tolerance: '5m',
          },
          event: 'body:/type',
          eventId: 'body:/id',
          events: { 'thing.made': 'A thing was made' },
        },
      },
    }),
    'samples/acme/thing.made.json': '{ "type": "thing.made", "id": "t_1", "total": 499.00 }',
  });
  const listener = await startListener(startHere, [], { cwd });
  expect(listener.ready.provider).toBe('acme');
  expect((await invoke(['trigger', 'thing.made', '--to', listener.url], { cwd })).code).toBe(0);
  const told = await listener.delivery();
  expect(told).toMatchObject({ provider: 'acme', event: 'thing.made', verdict: { status: 'valid' } });
  expect(told.request.body).toContain('499.00');
  expect(
    (await invoke(['trigger', 'thing.made', '--to', listener.url, '--corrupt', 'timestamp', '--expect', '401'], { cwd })).code,
  ).toBe(0);
  await listener.stop();
  const { stdout: signed } = await invoke(['sign', 'samples/acme/thing.made.json', '--json'], { cwd });
  expect(new Headers(JSON.parse(signed).headers).get('x-acme-signature')).toMatch(/^v1=[0-9a-f]{64}$/);
  expect((await invoke(['verify', told.id, '--at', 'received'], { cwd })).stdout).toContain('acme · thing.made');
  expect((await invoke(['list', '--provider', 'acme', '--status', 'valid'], { cwd })).stdout).toContain('thing.made');
  expect((await invoke(['replay', told.id], { cwd })).stderr).toContain('Signed anew');
  expect(app.requests).toHaveLength(1);
  expect((await invoke(['events'], { cwd })).stdout).toContain('A thing was made');
  expect((await invoke(['providers', 'acme'], { cwd })).stdout).toContain('from your config');
  expect((await invoke(['completion', 'bash'], { cwd })).stdout).toContain('listen');
});
