import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Tunnel } from '../../../src/io/tunnels/driver.js';
import { ngrokWith } from '../../../src/io/tunnels/ngrok.js';
import { type App, startApp } from '../../support/app.js';
import { temporaryFolder } from '../../support/folder.js';
import { openRequest } from '../../support/open-request.js';
import { freePort } from '../../support/tunnel-server.js';

/** The agent's local API (https://ngrok.com/docs/agent/api/), with a domain that is somebody else's. */
async function startAgent(): Promise<App & { open(): readonly string[] }> {
  const open = new Map<string, string>();
  const app = await startApp(({ method, path, body }, response) => {
    const json = (status: number, value: unknown): void =>
      void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
    const [, name] = /^\/api\/tunnels\/(.+)$/.exec(path) ?? [];
    if (name !== undefined && method === 'DELETE') {
      if (open.delete(name)) response.writeHead(204).end();
      else json(404, { error_code: 100, status_code: 404, msg: 'tunnel not found' });
    } else if (method === 'GET') {
      json(200, { tunnels: [...open].map(([one, url]) => ({ name: one, public_url: url })), uri: '/api/tunnels' });
    } else {
      const asked = JSON.parse(body.toString());
      if (asked.domain === 'taken.example.com') {
        const err = 'failed to start tunnel: The domain is reserved for another account.\nERR_NGROK_320\n';
        json(502, { error_code: 103, status_code: 502, msg: 'failed to start tunnel', details: { err } });
        return;
      }
      open.set(asked.name, `https://${asked.domain ?? `free-${open.size}.ngrok-free.app`}`);
      json(201, { name: asked.name, public_url: open.get(asked.name), proto: 'https', config: { addr: asked.addr } });
    }
  });
  return { ...app, open: () => [...open.values()] };
}

const agentAt = (url: string): ReturnType<typeof ngrokWith> => ngrokWith(url);
const nobody = async (): Promise<string> => `http://127.0.0.1:${await freePort()}`;

describe('an ngrok agent that runs', () => {
  it('is asked for a tunnel to the listener, which it ends when it is closed', async () => {
    const agent = await startAgent();
    const driver = agentAt(agent.url);
    expect(await driver.check({ env: {}, cwd: '.' })).toEqual({ ready: true, detail: `an agent runs at ${agent.url}` });
    const tunnel = await driver.open(openRequest(4400));
    expect(tunnel.url).toBe('https://free-0.ngrok-free.app');
    const asked = agent.requests.find(({ method }) => method === 'POST');
    expect(JSON.parse(asked?.body.toString() ?? '')).toEqual({
      name: 'webhook-4400',
      proto: 'http',
      addr: '127.0.0.1:4400',
      schemes: ['https'],
    });
    await tunnel.close();
    await tunnel.close();
    expect(agent.open()).toEqual([]);
  });

  it('can be anywhere: --tunnel-host', async () => {
    const agent = await startAgent();
    const tunnel = await agentAt(await nobody()).open(openRequest(4400, { server: agent.url }));
    await tunnel.close();
    const server = await nobody();
    await expect(agentAt(agent.url).open(openRequest(4400, { server }))).rejects.toMatchObject({
      code: 'tunnel_unavailable',
      message: `No ngrok agent answers at ${server}.`,
    });
  });

  it('is asked for the domain that was chosen, or that it had, and for any where that one is gone', async () => {
    const agent = await startAgent();
    const driver = agentAt(agent.url);
    const urls: string[] = [];
    for (const over of [
      { subdomain: 'my-shop' },
      { subdomain: 'hooks.example.com' },
      { again: { url: 'https://free-7.ngrok-free.app' } as Tunnel },
      { again: { url: 'https://taken.example.com' } as Tunnel },
    ]) {
      const tunnel = await driver.open(openRequest(4400, over));
      urls.push(tunnel.url);
      await tunnel.close();
    }
    expect(urls).toEqual([
      'https://my-shop.ngrok-free.app',
      'https://hooks.example.com',
      'https://free-7.ngrok-free.app',
      'https://free-0.ngrok-free.app',
    ]);
  });

  it('that refuses is quoted', async () => {
    const agent = await startAgent();
    await expect(agentAt(agent.url).open(openRequest(4400, { subdomain: 'taken.example.com' }))).rejects.toMatchObject({
      code: 'tunnel_unavailable',
      message: 'The ngrok agent gave no URL (failed to start tunnel: The domain is reserved for another account.).',
      hint: expect.stringContaining(agent.url),
    });
  });
});

/** A project that has `@ngrok/ngrok` installed, which notes what it is asked for. */
function installed(): { cwd: string; asked(): unknown[] } {
  const cwd = temporaryFolder({
    'package.json': '{}',
    'node_modules/@ngrok/ngrok/package.json': '{"name":"@ngrok/ngrok","main":"index.js"}',
    'node_modules/@ngrok/ngrok/index.js': `
exports.asked = [];
exports.forward = async (options) => {
  exports.asked.push(options);
  if (options.authtoken === 'wrong') throw new Error('authentication failed: ERR_NGROK_107');
  if (options.domain === 'gone.ngrok-free.app') throw new Error('this domain is not yours');
  return { url: () => 'https://' + (options.domain ?? 'abc.ngrok-free.app'), close: async () => { exports.asked.push('closed'); } };
};`,
  });
  return { cwd, asked: () => createRequire(join(cwd, 'x.js'))('@ngrok/ngrok').asked };
}

describe('the package of ngrok', () => {
  it('is used where it is installed in the project and there is a token', async () => {
    const driver = agentAt(await nobody());
    const { cwd, asked } = installed();
    expect(await driver.check({ env: {}, cwd: temporaryFolder() })).toMatchObject({ ready: false });
    expect(await driver.check({ env: {}, cwd })).toEqual({ ready: false, detail: 'NGROK_AUTHTOKEN is not set' });
    const env = { NGROK_AUTHTOKEN: 'token' };
    expect(await driver.check({ env, cwd })).toEqual({ ready: true, detail: expect.stringContaining('@ngrok') });
    // Looking has not loaded it.
    expect(Object.keys(createRequire(join(cwd, 'x.js')).cache).filter((path) => path.startsWith(cwd))).toEqual([]);
    const tunnel = await driver.open(openRequest(4400, { env, cwd }));
    onTestFinished(tunnel.close);
    expect(tunnel.url).toBe('https://abc.ngrok-free.app');
    await tunnel.close();
    expect(asked()).toEqual([{ addr: '127.0.0.1:4400', authtoken: 'token' }, 'closed']);
  });

  it('is asked for the same domain again, and takes another only where none was chosen', async () => {
    const driver = agentAt(await nobody());
    const { cwd } = installed();
    const env = { NGROK_AUTHTOKEN: 'token' };
    const again = { url: 'https://gone.ngrok-free.app' } as Tunnel;
    expect((await driver.open(openRequest(4400, { env, cwd, again }))).url).toBe('https://abc.ngrok-free.app');
    await expect(driver.open(openRequest(4400, { env, cwd, subdomain: 'gone' }))).rejects.toMatchObject({
      code: 'tunnel_unavailable',
      message: 'ngrok gave no URL: this domain is not yours.',
    });
  });

  it('that is missing, without a token or with a wrong one: what to do', async () => {
    const driver = agentAt(await nobody());
    const { cwd } = installed();
    const refused = (env: Record<string, string>, folder: string): Promise<unknown> =>
      driver.open(openRequest(4400, { env, cwd: folder })).catch(({ message, hint }) => [message, hint]);
    expect(await refused({}, temporaryFolder())).toEqual([
      '@ngrok/ngrok is not installed, and no ngrok agent runs.',
      expect.stringContaining('npm install @ngrok/ngrok'),
    ]);
    expect(await refused({}, cwd)).toEqual(['NGROK_AUTHTOKEN is not set.', expect.stringContaining('NGROK_AUTHTOKEN')]);
    expect(await refused({ NGROK_AUTHTOKEN: 'wrong' }, cwd)).toEqual([
      'ngrok gave no URL: authentication failed: ERR_NGROK_107.',
      expect.stringContaining('dashboard.ngrok.com'),
    ]);
  });
});
