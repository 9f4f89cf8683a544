import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { refuseLoop } from '../../../../src/commands/shared/receive/loop.js';

const refused = (target: string, local: string, publicUrl: string | null = null): boolean => {
  try {
    refuseLoop(['http://elsewhere.example/', target], local, publicUrl);
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining(target) });
    return true;
  }
};
const own = Object.values(networkInterfaces()).flatMap((all) => all ?? [])[0]?.address ?? '127.0.0.1';

describe('a target that leads back', () => {
  it.each([
    ['http://localhost:4400/', 'http://127.0.0.1:4400'],
    ['http://127.0.0.1:4400/webhooks', 'http://127.0.0.1:4400'],
    ['https://localhost:4400/', 'https://127.0.0.1:4400'],
    ['http://localhost:4400/', 'http://[::1]:4400'],
    ['http://[::1]:4400/', 'http://[::1]:4400'],
    ['http://localhost:4400/', 'http://0.0.0.0:4400'],
    [`http://${own.includes(':') ? `[${own}]` : own}:4400/`, 'http://0.0.0.0:4400'],
    ['http://localhost/', 'http://127.0.0.1:80'],
  ])('%s to the listener %s', (target, local) => {
    expect(refused(target, local)).toBe(true);
  });

  it('through the public URL, whatever its path', () => {
    expect(refused('https://hooks.example.com/other', 'http://127.0.0.1:4400', 'https://hooks.example.com/in')).toBe(true);
    expect(refused('https://hooks.example.com:8443/', 'http://127.0.0.1:4400', 'https://hooks.example.com')).toBe(false);
  });
});

describe('a target that does not', () => {
  it.each([
    ['http://localhost:3000/', 'http://127.0.0.1:4400'],
    ['http://[::1]:4400/', 'http://127.0.0.1:4400'],
    ['http://127.0.0.2:4400/', 'http://127.0.0.1:4400'],
    ['http://app:4400/', 'http://127.0.0.1:4400'],
    ['http://192.0.2.7:4400/', 'http://0.0.0.0:4400'],
  ])('%s with the listener %s', (target, local) => {
    expect(refused(target, local, 'https://hooks.example.com')).toBe(false);
  });
});
