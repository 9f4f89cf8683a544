import { describe, expect, it } from 'vitest';
import { canUnicode, createTheme, loadPainter, statusStyle, wantsColor } from '../../src/render/theme.js';

describe('wantsColor', () => {
  const tty = { isTTY: true };
  it.each([
    ['a terminal', null, { TERM: 'xterm-256color' }, tty, true],
    ['a pipe', null, { TERM: 'xterm-256color' }, {}, false],
    ['NO_COLOR', null, { NO_COLOR: '1' }, tty, false],
    ['an empty NO_COLOR', null, { NO_COLOR: '' }, tty, true],
    ['a dumb terminal', null, { TERM: 'dumb' }, tty, false],
    ['FORCE_COLOR in a pipe', null, { FORCE_COLOR: '1' }, {}, true],
    ['FORCE_COLOR=0', null, { FORCE_COLOR: '0' }, tty, false],
    ['FORCE_COLOR over NO_COLOR', null, { FORCE_COLOR: '', NO_COLOR: '1' }, tty, true],
    ['--no-color over FORCE_COLOR', false, { FORCE_COLOR: '1' }, tty, false],
    ['a flag in a pipe', true, { NO_COLOR: '1' }, {}, true],
  ] as const)('%s', (_name, flag, env, stream, expected) => {
    expect(wantsColor(flag, env, stream)).toBe(expected);
  });
});

describe('canUnicode', () => {
  it.each([
    [{ LANG: 'en_US.UTF-8' }, 'linux', true],
    [{ LANG: 'nl_NL.utf8' }, 'darwin', true],
    [{}, 'linux', true],
    [{ LANG: 'C' }, 'linux', false],
    [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, 'linux', false],
    [{ LANG: 'en_US.UTF-8', TERM: 'linux' }, 'linux', false],
    [{ TERM: 'dumb' }, 'linux', false],
    [{}, 'win32', false],
    [{ WT_SESSION: 'x' }, 'win32', true],
    [{ TERM_PROGRAM: 'vscode' }, 'win32', true],
  ] as const)('%j on %s: %s', (env, platform, expected) => {
    expect(canUnicode(env, platform)).toBe(expected);
  });
});

describe('createTheme', () => {
  it('paints with a painter and not without one', async () => {
    expect(createTheme({ painter: null, unicode: true }).paint('x', 'bad')).toBe('x');
    const colored = createTheme({ painter: await loadPainter(), unicode: true });
    expect(colored.paint('x', 'bad')).toBe('\x1b[31mx\x1b[39m');
    expect(colored.paint('x')).toBe('x');
  });

  it('has marks of ASCII only where Unicode cannot be shown', () => {
    for (const mark of Object.values(createTheme({ painter: null, unicode: false }).marks))
      expect(mark).toMatch(/^[\x20-\x7e]+$/);
  });
});

it('colours a status by its class', () => {
  expect([204, 302, 404, 500, 100].map(statusStyle)).toEqual(['good', 'redirect', 'warn', 'bad', 'bad']);
});
