import { describe, expect, it, onTestFinished } from 'vitest';
import { command } from '../../../src/io/tunnels/command.js';
import type { OpenRequest } from '../../../src/io/tunnels/driver.js';
import { programFolder, startBeacon } from '../../support/fake-program.js';
import { openRequest } from '../../support/open-request.js';

const request = (line: string | null, over: Partial<OpenRequest> = {}): OpenRequest =>
  openRequest(4400, { command: line, env: { PATH: process.env.PATH }, ...over });

const urlOf = async (line: string, pattern: string | null = null): Promise<string> => {
  const tunnel = await command.open(request(line, { pattern }));
  await tunnel.close();
  return tunnel.url;
};

describe.skipIf(process.platform === 'win32')('a command of the user’s', () => {
  it('is ready: what it needs is said with it', async () => {
    expect(await command.check({ env: {}, cwd: '.' })).toEqual({ ready: true, detail: 'takes --tunnel-command' });
    await expect(command.open(request(null))).rejects.toMatchObject({
      code: 'usage',
      hint: "Add --tunnel-command 'mytunnel http {port}'.",
    });
  });

  it('is told the listener in its line and its environment', async () => {
    expect(await urlOf('echo https://a.example/{port}-$PORT')).toBe('https://a.example/4400-4400');
    expect(await urlOf('echo https://a.example/?of={url}+$WEBHOOK_URL', 'https://\\S+')).toBe(
      'https://a.example/?of=http://127.0.0.1:4400+http://127.0.0.1:4400',
    );
  });

  it.each([
    ['echo see http://docs.example; echo https://a.example/', null, 'https://a.example'],
    ['echo https://docs.example; echo url=https://a.example', 'url=(\\S+)', 'https://a.example'],
    ['echo https://docs.example; echo https://x.mine.example', 'https://\\w+\\.mine\\.example', 'https://x.mine.example'],
    ['echo Forwarding: a.example:8080', 'Forwarding: (\\S+)', 'https://a.example:8080'],
    ['echo url=http://a.example', 'url=(\\S+)', 'http://a.example'],
  ])('%s, found with %s', async (line, pattern, url) => {
    expect(await urlOf(line, pattern)).toBe(url);
  });

  it('takes no pattern that is none', async () => {
    await expect(command.open(request('echo', { pattern: '(' }))).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('--tunnel-pattern is not a regular expression'),
    });
  });

  it('that prints no URL says how it ended', async () => {
    await expect(command.open(request('echo hello; exit 7'))).rejects.toMatchObject({
      code: 'tunnel_unavailable',
      message: 'The tunnel command ended (7). It said: hello',
    });
  });

  it('is lost when it ends, and gone when it is closed', async () => {
    const beacon = await startBeacon();
    const folder = programFolder({ mytunnel: `${beacon.script} console.log('https://a.example')` });
    const open = async (line: string): ReturnType<typeof command.open> => {
      const tunnel = await command.open(request(line));
      onTestFinished(tunnel.close);
      return tunnel;
    };
    expect(await (await open('echo https://a.example')).lost).toMatch(/^The tunnel command ended \(0\)\./);
    const tunnel = await open(`echo starting; ${folder}/mytunnel | cat`);
    await beacon.alive();
    await tunnel.close();
    await beacon.gone();
  });
});
