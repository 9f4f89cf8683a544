import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copySequence, copyText } from '../../src/io/clipboard.js';
import { programFolder } from '../support/fake-program.js';

const URL_ = 'https://shop.loca.lt/hooks?é=1';
/** Notes its arguments and its input beside itself. */
const TAKES = `
const { writeFileSync, readFileSync } = require('node:fs');
writeFileSync(__filename + '.got', JSON.stringify([process.argv.slice(2), readFileSync(0, 'utf8')]));`;
const REFUSES = 'process.exit(1)';

const got = (folder: string, name: string): unknown =>
  existsSync(join(folder, `${name}.got`)) ? JSON.parse(readFileSync(join(folder, `${name}.got`), 'utf8')) : null;

describe.skipIf(process.platform === 'win32')('the clipboard', () => {
  it.each([
    ['darwin', {}, 'pbcopy', []],
    ['win32', {}, 'clip.exe', []],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0', DISPLAY: ':0' }, 'wl-copy', []],
    ['linux', { DISPLAY: ':0' }, 'xclip', ['-selection', 'clipboard']],
    ['linux', { WSL_DISTRO_NAME: 'Debian' }, 'clip.exe', []],
  ] as const)('of %s with %j is filled by %s', async (platform, env, name, args) => {
    const folder = programFolder({ [name]: TAKES });
    expect(await copyText(URL_, { ...env, PATH: folder }, platform)).toBe(true);
    expect(got(folder, name)).toEqual([args, URL_]);
  });

  it('is filled by the next program where one is not there or does not', async () => {
    const folder = programFolder({ xclip: REFUSES, xsel: TAKES });
    const env = { WAYLAND_DISPLAY: 'wayland-0', DISPLAY: ':0', PATH: folder };
    expect(await copyText(URL_, env, 'linux')).toBe(true);
    expect(got(folder, 'xsel')).toEqual([['--clipboard', '--input'], URL_]);
  });

  it('is not there without a display, or a program', async () => {
    const folder = programFolder({ xclip: TAKES });
    expect(await copyText(URL_, { PATH: folder }, 'linux')).toBe(false);
    expect(await copyText(URL_, { DISPLAY: ':0', PATH: '' }, 'linux')).toBe(false);
    expect(got(folder, 'xclip')).toBe(null);
  });
});

it('a terminal is asked with OSC 52', () => {
  expect(copySequence('https://a.example')).toBe('\x1b]52;c;aHR0cHM6Ly9hLmV4YW1wbGU=\x07');
});
