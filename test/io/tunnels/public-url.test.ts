import { describe, expect, it } from 'vitest';
import { publicUrl } from '../../../src/io/tunnels/public-url.js';
import { openRequest } from '../../support/open-request.js';

describe('a URL of one’s own', () => {
  it.each([
    ['https://hooks.example.com', 'https://hooks.example.com'],
    ['https://hooks.example.com/', 'https://hooks.example.com'],
    ['https://example.com/base/', 'https://example.com/base'],
    ['http://example.com:8080', 'http://example.com:8080'],
  ])('%s', async (given, url) => {
    const tunnel = await publicUrl.open(openRequest(4400, { publicUrl: given }));
    expect(tunnel.url).toBe(url);
    await tunnel.close();
  });

  it('has to be said, and to be one', async () => {
    expect(await publicUrl.check({ env: {}, cwd: '.' })).toEqual({ ready: true, detail: 'takes --public-url' });
    await expect(publicUrl.open(openRequest(4400))).rejects.toMatchObject({ code: 'usage' });
    await expect(publicUrl.open(openRequest(4400, { publicUrl: 'ftp://x' }))).rejects.toMatchObject({ code: 'usage' });
  });
});
