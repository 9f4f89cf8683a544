import { WebhookError } from '../../core/errors.js';
import { nearest, orList } from '../../core/nearest.js';
import type { TunnelKind } from './driver.js';

/** Every driver, in the order of `webhook tunnels`; the first is the default. */
export const TUNNELS: readonly TunnelKind[] = [
  {
    name: 'localtunnel',
    summary: 'a URL from localtunnel.me or a localtunnel server of your own',
    needs: 'nothing; --tunnel-host for another server, --subdomain for a name of your choice',
    traits: { bytesExact: true, repliesPass: true, urlStable: 'asked', account: false, plaintextHop: true },
    load: async () => (await import('./localtunnel.js')).localtunnel,
  },
  {
    name: 'cloudflared',
    summary: 'a Cloudflare quick tunnel (trycloudflare.com)',
    needs: 'the cloudflared program on the PATH',
    traits: { bytesExact: true, repliesPass: true, urlStable: 'never', account: false, plaintextHop: false },
    load: async () => (await import('./cloudflared.js')).cloudflared,
  },
  {
    name: 'ngrok',
    summary: 'an ngrok endpoint',
    needs: 'npm package @ngrok/ngrok and NGROK_AUTHTOKEN, or an ngrok agent that runs; --subdomain for a domain of yours',
    traits: { bytesExact: true, repliesPass: true, urlStable: 'asked', account: true, plaintextHop: false },
    load: async () => (await import('./ngrok.js')).ngrok,
  },
  {
    name: 'ssh',
    summary: 'remote forwarding over SSH: localhost.run, srv.us, pinggy, or a host of your own',
    needs: 'the ssh program; --tunnel-host for another host than localhost.run (srv.us wants a key of yours)',
    traits: { bytesExact: true, repliesPass: true, urlStable: 'asked', account: false, plaintextHop: false },
    load: async () => (await import('./ssh.js')).ssh,
  },
  {
    name: 'smee',
    summary: 'a channel on smee.io or a server like it; the body is written anew there, so signatures can break',
    needs: 'nothing; --tunnel-host for a channel or server of your own',
    traits: { bytesExact: false, repliesPass: false, urlStable: 'always', account: false, plaintextHop: false },
    load: async () => (await import('./smee.js')).smee,
  },
  {
    name: 'command',
    summary: 'any program that prints a public URL',
    needs: '--tunnel-command; --tunnel-pattern where the first https URL it prints is not the one',
    traits: { bytesExact: null, repliesPass: null, urlStable: null, account: null, plaintextHop: null },
    load: async () => (await import('./command.js')).command,
  },
  {
    name: 'public-url',
    summary: 'a URL that leads here already: a reverse proxy, a port opened in a router',
    needs: '--public-url',
    traits: { bytesExact: null, repliesPass: null, urlStable: 'always', account: null, plaintextHop: null },
    load: async () => (await import('./public-url.js')).publicUrl,
  },
];

/** @throws WebhookError `usage`, with the nearest names. */
export function findTunnel(name: string): TunnelKind {
  const kind = TUNNELS.find((one) => one.name === name);
  if (kind !== undefined) return kind;
  const names = TUNNELS.map((one) => one.name);
  const near = nearest(name, names);
  throw new WebhookError('usage', `There is no tunnel driver '${name}'.`, {
    hint: near.length > 0 ? `Did you mean ${orList(near)}?` : `There are ${names.join(', ')}. See: webhook tunnels`,
  });
}
