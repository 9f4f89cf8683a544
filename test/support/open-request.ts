import type { OpenRequest } from '../../src/io/tunnels/driver.js';

/** What a driver is asked to open: a tunnel to a port of 127.0.0.1, with nothing else said. */
export function openRequest(port: number, over: Partial<OpenRequest> = {}): OpenRequest {
  return {
    local: { host: '127.0.0.1', port, authority: `127.0.0.1:${port}`, path: '/' },
    server: null,
    subdomain: null,
    command: null,
    pattern: null,
    publicUrl: null,
    env: {},
    cwd: '.',
    signal: new AbortController().signal,
    again: null,
    tell: () => {},
    ...over,
  };
}
