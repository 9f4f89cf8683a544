/** The public URL of a command that receives: opened, shown and looked after. */
import { WebhookError } from '../../../core/errors.js';
import { targetUrl } from '../../../core/forward.js';
import type { HttpRequest, HttpResponse } from '../../../core/http/message.js';
import type { Provider } from '../../../core/providers/model.js';
import { formatDuration, parseDuration } from '../../../core/units.js';
import type { TunnelKind, TunnelSettings } from '../../../io/tunnels/driver.js';
import type { TunnelEvent } from '../../../io/tunnels/supervisor.js';
import { chance } from '../chance.js';
import { pause } from '../pause.js';
import type { Session } from '../session.js';
import { createPublisher, type PublishFlags } from './publish.js';

export interface TunnelFlags extends PublishFlags {
  readonly tunnel?: string | boolean;
  readonly tunnelHost?: string;
  readonly subdomain?: string;
  readonly tunnelCommand?: string;
  readonly tunnelPattern?: string;
  readonly probe?: string;
  readonly publicUrl?: string;
  readonly qr?: boolean;
}

export interface PublicTunnel {
  /** The URL as it is now. */
  readonly url: string;
  /** As a QR code: its modules, dark ones true; null: it was not asked for. */
  readonly qr: ReadonlyArray<readonly boolean[]> | null;
  /** The answer to a look of our own through the tunnel; null for a delivery. */
  answer(request: HttpRequest): HttpResponse | null;
  /** Begins to tell what becomes of it. */
  watch(): void;
  /** Ends looking after it; requests under way still pass. */
  rest(): void;
  close(): Promise<void>;
}

const PROBE = '10s';
const START_MS = 15_000;

/** Which drivers take a flag; the others that could be asked for it say more themselves. */
const TAKEN_BY: ReadonlyArray<readonly [flag: keyof TunnelFlags, name: string, drivers: readonly string[]]> = [
  ['tunnelHost', '--tunnel-host', ['localtunnel', 'ngrok', 'ssh', 'smee']],
  ['subdomain', '--subdomain', ['localtunnel', 'ngrok', 'cloudflared', 'ssh', 'smee']],
  ['tunnelCommand', '--tunnel-command', ['command']],
  ['tunnelPattern', '--tunnel-pattern', ['command']],
];

/**
 * The driver that flags and config ask for; null: there is to be no tunnel.
 *
 * @throws WebhookError `usage` where there is none of that name, or a flag would mean nothing to it.
 */
export async function tunnelKind(session: Session, flags: TunnelFlags, byDefault: boolean): Promise<TunnelKind | null> {
  const kind = await kindOf(session, flags, byDefault);
  for (const [flag, name, drivers] of TAKEN_BY) {
    if (flags[flag] === undefined) continue;
    if (kind === null) throw new WebhookError('usage', `${name} is for a tunnel, and there is none.`, { hint: 'Add --tunnel.' });
    if (!drivers.includes(kind.name)) {
      throw new WebhookError('usage', `${name} means nothing to the tunnel driver ${kind.name}.`, {
        hint: 'What each of them takes: webhook tunnels',
      });
    }
  }
  return kind;
}

async function kindOf({ config }: Session, flags: TunnelFlags, byDefault: boolean): Promise<TunnelKind | null> {
  const { listen } = config;
  const wanted = flags.tunnel ?? listen.tunnel ?? byDefault;
  if (wanted === false) return null;
  const { findTunnel } = await import('../../../io/tunnels/list.js');
  if (typeof wanted === 'string') return findTunnel(wanted);
  const brought = flags.publicUrl ?? listen.publicUrl;
  if (flags.tunnelCommand !== undefined) return findTunnel('command');
  return findTunnel(flags.tunnel === undefined && brought !== null ? 'public-url' : 'localtunnel');
}

/**
 * Opens a public URL for a listener.
 *
 * @param local the listener's own URL.
 * @throws WebhookError `tunnel_unavailable`, or `usage`.
 */
export async function openTunnel(
  session: Session,
  flags: TunnelFlags,
  {
    kind,
    local,
    path,
    provider,
    signal,
  }: { kind: TunnelKind; local: string; path: string | null; provider: Provider | null; signal: AbortSignal },
): Promise<PublicTunnel> {
  const { context, renderer, config } = session;
  const { random, env, cwd } = context;
  const warn = (code: string, message: string, hint: string | null = null): void => renderer.warning({ code, message, hint });
  const probeMs = parseDuration(flags.probe ?? PROBE, 'duration for --probe');
  if (probeMs < 100) throw new WebhookError('usage', `--probe takes 100ms or more, not ${formatDuration(probeMs)}.`);
  const [driver, { createProbe }, { superviseTunnel }] = await Promise.all([
    kind.load(),
    import('../../../io/tunnels/probe.js'),
    import('../../../io/tunnels/supervisor.js'),
  ]);
  const settings: TunnelSettings = {
    local: localEnd(local, path),
    server: flags.tunnelHost ?? config.listen.tunnelHost,
    subdomain: flags.subdomain ?? config.listen.subdomain,
    command: flags.tunnelCommand ?? null,
    pattern: flags.tunnelPattern ?? null,
    publicUrl: flags.publicUrl ?? config.listen.publicUrl,
    env,
    cwd,
  };
  const probe = createProbe(random);
  const progress = renderer.progress(`opening a tunnel: ${kind.name}`);
  const supervised = await superviseTunnel({
    name: kind.name,
    open: (request) => driver.open({ ...settings, ...request, tell: (message) => warn('tunnel', message) }),
    reach: probe.reach,
    keepsUrl: kind.traits.urlStable !== 'never',
    probeMs,
    startMs: START_MS,
    elapsed: context.elapsed,
    sleep: pause,
    signal,
    random: () => chance(context),
    on: tell,
  }).finally(() => progress.done());
  const given = (url: string): string => urlToGive(url, path);
  const publisher = createPublisher(session, flags);
  let reconnecting: ReturnType<typeof renderer.progress> | null = null;

  function tell(event: TunnelEvent): void {
    if (event.type === 'retry') {
      reconnecting?.update(`opening the tunnel again in ${formatDuration(event.waitMs)}: ${event.reason}`);
      return;
    }
    if (event.type === 'unproven') {
      const hint = 'A request from here did not come through; one from elsewhere may. Try it from outside.';
      warn('tunnel_unproven', `Nothing has come through ${event.url} yet. ${event.reason}`, hint);
      return;
    }
    reconnecting?.done();
    reconnecting = null;
    const url = given(event.url);
    if (event.type === 'down') {
      renderer.tunnel({ state: 'down', url, reason: event.reason });
      reconnecting = renderer.progress('opening the tunnel again');
    } else if (event.type === 'up') {
      renderer.tunnel({ state: 'up', url, reason: null });
    } else {
      renderer.tunnel({ state: 'changed', url, reason: whereToPaste(provider) });
      publisher.publish(url, given(event.before));
    }
  }

  if (kind.traits.bytesExact === false) {
    warn(
      'tunnel_bytes',
      `${kind.name} writes JSON bodies anew, so that signatures may not hold.`,
      'For exact bytes take another driver: webhook tunnels',
    );
  }
  if (kind.traits.repliesPass === false) warn('tunnel_replies', `Through ${kind.name} the sender never gets your app's answer.`);
  const encode = flags.qr === true ? (await import('uqr')).encode : null;
  return {
    get url() {
      return supervised.url;
    },
    qr: encode === null ? null : encode(given(supervised.url), { border: 2 }).data,
    answer: probe.answer,
    watch() {
      supervised.watch();
      publisher.publish(given(supervised.url), null);
    },
    rest: supervised.rest,
    async close() {
      reconnecting?.done();
      await supervised.close();
      await publisher.close();
      await probe.close();
    },
  };
}

/** Where a tunnel connects to: a listener on every address is one on loopback too. */
function localEnd(url: string, path: string | null): TunnelSettings['local'] {
  const { hostname, port } = new URL(url);
  const named = hostname === '0.0.0.0' ? '127.0.0.1' : hostname === '[::]' ? '[::1]' : hostname;
  return {
    host: named.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port || 80),
    authority: `${named}:${port || 80}`,
    path: path ?? '/',
  };
}

/** The URL for the provider: one with a path of its own is whole; else the path that is listened on belongs to it. */
export function urlToGive(url: string, path: string | null): string {
  return path === null ? url : targetUrl(url, path);
}

/** @param provider null: whose it is shows only with the first delivery. */
export function whereToPaste(provider: Provider | null): string {
  if (provider === null) return 'Paste it where your provider asks for the webhook URL; --provider says where that is.';
  const { title, setup } = provider;
  return setup === null ? `Give it to ${title} as the webhook URL.` : `Paste it into ${title}: ${setup}`;
}
