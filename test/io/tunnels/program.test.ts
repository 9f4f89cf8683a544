import { delimiter } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Tunnel } from '../../../src/io/tunnels/driver.js';
import { checkProgram, needProgram, openProgram, type ProgramOptions, urlIn } from '../../../src/io/tunnels/program.js';
import { programFolder, startBeacon } from '../../support/fake-program.js';
import { temporaryFolder } from '../../support/folder.js';

async function open(run: ProgramOptions['run'], over: Partial<ProgramOptions> = {}, signal?: AbortSignal): Promise<Tunnel> {
  const options = { run, find: (line: string) => urlIn(line), name: 'it', hint: 'Look.', ...over };
  const tunnel = await openProgram(options, {
    env: { PATH: process.env.PATH },
    cwd: temporaryFolder(),
    signal: signal ?? new AbortController().signal,
  });
  onTestFinished(tunnel.close);
  return tunnel;
}

const node = (script: string): ProgramOptions['run'] => ({ file: process.execPath, args: ['-e', script] });

describe('a program that opens a tunnel', () => {
  it('is open once it says its URL, in any stream, colour and piece of a line', async () => {
    const said =
      "process.stderr.write('\\x1b[32mat htt'); setTimeout(() => process.stderr.write('ps://a.example/\\x1b[0m\\r\\n'), 1);";
    expect((await open(node(`${said} setInterval(() => {}, 1e6)`))).url).toBe('https://a.example');
  });

  it('is lost when it ends, with what it said last', async () => {
    const tunnel = await open(node("console.log('https://a.example'); console.error('edge hung up'); process.exitCode = 3;"));
    expect(await tunnel.lost).toMatch(/^it ended \(3\)\. It said: .*edge hung up/);
  });

  it('that ends without a URL is an error that says what it said', async () => {
    await expect(open(node("console.error('no account'); process.exit(1)"))).rejects.toMatchObject({
      code: 'tunnel_unavailable',
      message: 'it ended (1). It said: no account',
      hint: 'Look.',
    });
    const long = "console.error('x'.repeat(600)); console.error('the cause'); process.exit(1)";
    await expect(open(node(long))).rejects.toMatchObject({
      message: expect.stringMatching(/^it ended \(1\)\. It said: …x+ \/ the cause$/),
    });
    await expect(open({ file: '/nowhere/at-all', args: [] })).rejects.toMatchObject({
      code: 'tunnel_unavailable',
      message: expect.stringMatching(/^it could not be run: .*ENOENT/),
    });
  });
});

describe.skipIf(process.platform === 'win32')('its processes', () => {
  it('are gone when it is closed, those it has started too', async () => {
    const beacon = await startBeacon();
    const folder = programFolder({ child: beacon.script });
    const tunnel = await open({ line: `${folder}/child & ${folder}/child & echo https://a.example; wait` });
    await beacon.alive(2);
    await tunnel.close();
    await beacon.gone();
    await tunnel.close();
  });

  it('are gone when it is closed, though the shell that started them has ended', async () => {
    const beacon = await startBeacon();
    const folder = programFolder({ child: `${beacon.script} console.log('https://a.example')` });
    const tunnel = await open({ line: `${folder}/child &` });
    await beacon.alive();
    await tunnel.close();
    await beacon.gone();
  });

  it('are gone where one does not listen to SIGTERM', async () => {
    const beacon = await startBeacon();
    const tunnel = await open(node(`process.on('SIGTERM', () => {}); ${beacon.script} console.log('https://a.example')`));
    await beacon.alive();
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const closed = tunnel.close();
    vi.advanceTimersByTime(2_000);
    await closed;
    await beacon.gone();
  });

  it('are gone where opening was given up, before or after they began', async () => {
    const beacon = await startBeacon();
    const given = new AbortController();
    const opening = open(node(`${beacon.script} console.log('hm')`), {}, given.signal);
    await beacon.alive();
    given.abort();
    await expect(opening).rejects.toMatchObject({ code: 'tunnel_unavailable', hint: 'Look.' });
    await beacon.gone();
    await expect(open(node('setInterval(() => {}, 1e6)'), {}, given.signal)).rejects.toMatchObject({
      code: 'tunnel_unavailable',
    });
  });
});

describe.skipIf(process.platform === 'win32')('on the PATH', () => {
  it('the first that can be run is found', async () => {
    const folder = programFolder({ tool: '' });
    const env = { PATH: [temporaryFolder({ tool: 'not to be run' }), '', folder].join(delimiter) };
    expect(await checkProgram('tool', env)).toEqual({ ready: true, detail: `${folder}/tool` });
    expect(await needProgram('tool', env, 'Get it')).toBe(`${folder}/tool`);
  });

  it('what is not there is said so', async () => {
    expect(await checkProgram('tool', {})).toEqual({ ready: false, detail: 'tool is not on the PATH' });
    await expect(needProgram('tool', { PATH: '' }, 'Get it')).rejects.toMatchObject({
      code: 'tunnel_unavailable',
      message: 'tool is not on the PATH.',
      hint: 'Get it, or take another driver: webhook tunnels',
    });
  });
});

describe('urlIn', () => {
  it.each([
    ['go to https://a.example/x?y=1, now', false, 'https://a.example/x?y=1'],
    ['<https://a.example>', false, 'https://a.example'],
    ['http://a.example', false, null],
    ['http://a.example', true, 'http://a.example'],
    ['xhttps://a.example', false, null],
  ])('%j', (line, plain, url) => {
    expect(urlIn(line, plain)).toBe(url);
  });
});
