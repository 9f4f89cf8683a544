import { describe, expect, it, onTestFinished } from 'vitest';
import { cloudflared } from '../../../src/io/tunnels/cloudflared.js';
import type { OpenRequest } from '../../../src/io/tunnels/driver.js';
import { programFolder, startBeacon } from '../../support/fake-program.js';
import { openRequest } from '../../support/open-request.js';

const LOG = `
const log = (text) => process.stderr.write(\`\${new Date().toISOString().slice(0, 19)}Z \${text}\\n\`);
log('INF Thank you for trying Cloudflare Tunnel. Doing so, without a Cloudflare account, is a quick way to experiment and try it out. However, be aware that these account-less Tunnels have no uptime guarantee. If you intend to use Tunnels in production you should use a pre-created named tunnel by following: https://developers.cloudflare.com/cloudflare-one/connections/connect-apps');
log('INF Requesting new quick Tunnel on trycloudflare.com...');`;

/** What the real program prints, as its issue tracker shows it (cloudflare/cloudflared#972, #632, #555). */
const GIVES = `${LOG}
const line = '+' + '-'.repeat(92) + '+';
log('INF ' + line);
log('INF |  Your quick Tunnel has been created! Visit it at (it may take some time to be reachable):  |');
log('INF |  https://seasonal-deck-organisms-sf.trycloudflare.com                                      |');
log('INF ' + line);
log('INF Settings: map[ha-connections:1 no-autoupdate:true protocol:quic url:' + process.argv[5] + ']');`;

const LIMITED = `${LOG}
log('ERR Error unmarshaling QuickTunnel response: error code: 1015 error="invalid character \\'e\\' looking for beginning of value" status_code="429 Too Many Requests"');
process.stderr.write("failed to unmarshal quick Tunnel: invalid character 'e' looking for beginning of value\\n");
process.exit(1);`;

const OFFLINE = `${LOG}
process.stderr.write('failed to request quick Tunnel: Post "https://api.trycloudflare.com/tunnel": dial tcp: lookup api.trycloudflare.com on 127.0.0.11:53: no such host\\n');
process.exit(1);`;

const request = (script: string, over: Partial<OpenRequest> = {}): OpenRequest =>
  openRequest(4400, { env: { PATH: programFolder({ cloudflared: script }) }, ...over });

describe.skipIf(process.platform === 'win32')('cloudflared', () => {
  it('is ready where it is on the PATH, and only there', async () => {
    const { env } = request(GIVES);
    expect(await cloudflared.check({ env, cwd: '.' })).toEqual({ ready: true, detail: `${env.PATH}/cloudflared` });
    expect(await cloudflared.check({ env: { PATH: '' }, cwd: '.' })).toEqual({
      ready: false,
      detail: 'cloudflared is not on the PATH',
    });
    await expect(cloudflared.open(openRequest(4400, { env: { PATH: '' } }))).rejects.toMatchObject({
      code: 'tunnel_unavailable',
      message: 'cloudflared is not on the PATH.',
    });
  });

  it('gives the URL it prints, and ends with the tunnel', async () => {
    const beacon = await startBeacon();
    const tunnel = await cloudflared.open(request(`${GIVES} ${beacon.script}`));
    onTestFinished(tunnel.close);
    expect(tunnel.url).toBe('https://seasonal-deck-organisms-sf.trycloudflare.com');
    await beacon.alive();
    await tunnel.close();
    await beacon.gone();
  });

  it('is told where the listener is, an IPv6 address too, and not to update itself', async () => {
    const script = "console.error(process.argv.slice(2).join(' '));";
    const said: string[] = [];
    for (const authority of ['127.0.0.1:4400', '[::1]:4400']) {
      const local = { host: '', port: 4400, authority, path: '/' };
      said.push(await cloudflared.open(request(script, { local })).then(String, ({ message }) => message));
    }
    expect(said).toEqual([
      'cloudflared ended (0). It said: tunnel --no-autoupdate --url http://127.0.0.1:4400',
      'cloudflared ended (0). It said: tunnel --no-autoupdate --url http://[::1]:4400',
    ]);
  });

  it('that dies later is a lost tunnel', async () => {
    const tunnel = await cloudflared.open(
      request(`${GIVES} log('ERR Serve tunnel error error="timeout"'); process.exitCode = 1;`),
    );
    expect(await tunnel.lost).toMatch(/^cloudflared ended \(1\)\. It said: .*Serve tunnel error/);
  });

  it('that gets no more tunnels says so in words', async () => {
    await expect(cloudflared.open(request(LIMITED))).rejects.toMatchObject({
      code: 'tunnel_unavailable',
      message: 'Cloudflare gives this address no more quick tunnels for now (429 Too Many Requests).',
      hint: expect.stringContaining('Wait some minutes'),
    });
  });

  it('that cannot go out says what it said, and takes the address of the service for no URL', async () => {
    await expect(cloudflared.open(request(OFFLINE))).rejects.toMatchObject({
      code: 'tunnel_unavailable',
      message: expect.stringMatching(/^cloudflared ended \(1\)\. It said: failed to request quick Tunnel: .*no such host$/),
    });
  });

  it('has no subdomain to ask for', async () => {
    await expect(cloudflared.open(request(GIVES, { subdomain: 'my-shop' }))).rejects.toMatchObject({ code: 'usage' });
  });
});
