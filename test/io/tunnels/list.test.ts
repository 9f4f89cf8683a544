import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findTunnel, TUNNELS } from '../../../src/io/tunnels/list.js';

describe('the drivers', () => {
  it.each(TUNNELS)('$name: its module is loaded when it is asked for, and is a driver', async ({ load }) => {
    expect(await load()).toEqual({ check: expect.any(Function), open: expect.any(Function) });
  });

  it('are all listed, each once', () => {
    const folder = fileURLToPath(new URL('../../../src/io/tunnels', import.meta.url));
    const files = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''));
    const shared = ['aborted', 'driver', 'event-stream', 'list', 'probe', 'program', 'supervisor'];
    expect(TUNNELS.map(({ name }) => name).sort()).toEqual(files.filter((file) => !shared.includes(file)).sort());
  });

  it('are found by name, and a name that is near is offered', () => {
    expect(findTunnel('ssh').name).toBe('ssh');
    expect(() => findTunnel('cloudflare')).toThrow(
      expect.objectContaining({ code: 'usage', hint: 'Did you mean cloudflared?' }) as Error,
    );
    expect(() => findTunnel('zzz')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('webhook tunnels') }) as Error,
    );
  });
});
