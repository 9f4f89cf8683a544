/**
 * ngrok, through an agent that runs already (its local API: https://ngrok.com/docs/agent/api/) or through the npm package
 * `@ngrok/ngrok` where the user has installed it (https://github.com/ngrok/ngrok-javascript). Both need the user's account.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, WebhookError } from '../../core/errors.js';
import { createSender, type Sender } from '../sender.js';
import { parseTarget } from '../target.js';
import type { OpenRequest, Tunnel, TunnelDriver } from './driver.js';

const AGENT_TIMEOUT_MS = 10_000;
const CHECK_TIMEOUT_MS = 500;
const HINT = `Install it with npm install @ngrok/ngrok and set NGROK_AUTHTOKEN, or start the agent of your account with: ngrok start --none`;

/** @param usualAgent where an agent's local API is, where nothing says otherwise. */
export function ngrokWith(usualAgent: string): TunnelDriver {
  return {
    async check({ env, cwd }) {
      const sender = createSender({ connections: 1 });
      const running = await listTunnels(sender, usualAgent, CHECK_TIMEOUT_MS);
      await sender.close();
      if (running !== null) return { ready: true, detail: `an agent runs at ${usualAgent}` };
      const path = findPackage(cwd);
      if (path === null) return { ready: false, detail: '@ngrok/ngrok is not installed here, and no agent runs' };
      if ((env.NGROK_AUTHTOKEN ?? '') === '') return { ready: false, detail: 'NGROK_AUTHTOKEN is not set' };
      return { ready: true, detail: path };
    },

    async open(request) {
      const agent = request.server === null ? usualAgent : parseTarget(request.server).origin;
      const sender = createSender({ connections: 2 });
      const running = await listTunnels(sender, agent, CHECK_TIMEOUT_MS, request.signal);
      if (running !== null) return openInAgent(sender, agent, request);
      await sender.close();
      if (request.server !== null) {
        throw new WebhookError('tunnel_unavailable', `No ngrok agent answers at ${agent}.`, {
          hint: 'Start it with: ngrok start --none',
        });
      }
      return openInProcess(request);
    },
  };
}

export const ngrok: TunnelDriver = ngrokWith('http://127.0.0.1:4040');

/** The domain to ask for: the user's choice, else the one it had. A plain name is one of ngrok's free domains. */
function domainOf({ subdomain, again }: OpenRequest): string | null {
  if (subdomain !== null) return subdomain.includes('.') ? subdomain : `${subdomain}.ngrok-free.app`;
  return again === null ? null : new URL(again.url).hostname;
}

async function openInAgent(sender: Sender, agent: string, request: OpenRequest): Promise<Tunnel> {
  const name = `webhook-${request.local.port}`;
  const domain = domainOf(request);
  const asked = {
    name,
    proto: 'http',
    addr: request.local.authority,
    schemes: ['https'],
    ...(domain === null ? {} : { domain }),
  };
  // One of ours that its program did not live to end.
  await call(sender, 'DELETE', `${agent}/api/tunnels/${name}`, null, request.signal);
  let made = await call(sender, 'POST', `${agent}/api/tunnels`, asked, request.signal);
  if (made.status !== 201 && domain !== null && request.subdomain === null) {
    const { domain: _, ...anyDomain } = asked as typeof asked & { domain?: string };
    made = await call(sender, 'POST', `${agent}/api/tunnels`, anyDomain, request.signal);
  }
  const url = made.value?.public_url;
  if (made.status !== 201 || typeof url !== 'string') {
    await sender.close();
    const said = made.value?.details?.err ?? made.value?.msg;
    throw new WebhookError(
      'tunnel_unavailable',
      `The ngrok agent gave no URL (${typeof said === 'string' ? said.split('\n')[0] : made.status}).`,
      {
        hint: `See what it says at its own page, ${agent}, or take another driver: webhook tunnels`,
      },
    );
  }
  let closed = false;
  return {
    url: url.replace(/\/$/, ''),
    lost: new Promise(() => {}),
    async close() {
      if (closed) return;
      closed = true;
      await call(sender, 'DELETE', `${agent}/api/tunnels/${name}`, null);
      await sender.close();
    },
  };
}

interface AgentAnswer {
  readonly public_url?: unknown;
  readonly msg?: unknown;
  readonly details?: { readonly err?: unknown };
  readonly tunnels?: unknown;
}

async function call(
  sender: Sender,
  method: string,
  url: string,
  value: unknown,
  signal?: AbortSignal,
  timeoutMs = AGENT_TIMEOUT_MS,
): Promise<{ readonly status: number | null; readonly value: AgentAnswer | null }> {
  const body = value === null ? new Uint8Array() : Buffer.from(JSON.stringify(value));
  const headers = value === null ? [] : ([['Content-Type', 'application/json']] as const);
  const result = await sender.send({ method, url, headers, body }, { timeoutMs, ...(signal === undefined ? {} : { signal }) });
  if (result.outcome === 'failed') return { status: null, value: null };
  try {
    return { status: result.status, value: JSON.parse(Buffer.from(result.body).toString('utf8')) as AgentAnswer | null };
  } catch {
    return { status: result.status, value: null };
  }
}

/** What an agent has open; null where none answers. */
async function listTunnels(sender: Sender, agent: string, timeoutMs: number, signal?: AbortSignal): Promise<unknown[] | null> {
  const { value } = await call(sender, 'GET', `${agent}/api/tunnels`, null, signal, timeoutMs);
  return Array.isArray(value?.tunnels) ? value.tunnels : null;
}

/** What is used of the package. */
interface NgrokPackage {
  forward(options: Record<string, unknown>): Promise<{ url(): string | null; close(): Promise<void> }>;
}

/** Installed in the user's project, or beside this program. */
function findPackage(cwd: string): string | null {
  for (const from of [pathToFileURL(join(cwd, 'package.json')).href, import.meta.url]) {
    try {
      return createRequire(from).resolve('@ngrok/ngrok');
    } catch {
      // Not there: the next place.
    }
  }
  return null;
}

async function openInProcess(request: OpenRequest): Promise<Tunnel> {
  const path = findPackage(request.cwd);
  const token = request.env.NGROK_AUTHTOKEN ?? '';
  if (path === null || token === '') {
    const missing = path === null ? '@ngrok/ngrok is not installed, and no ngrok agent runs.' : 'NGROK_AUTHTOKEN is not set.';
    throw new WebhookError('tunnel_unavailable', missing, { hint: HINT });
  }
  const loaded = createRequire(import.meta.url)(path) as NgrokPackage & { readonly default?: NgrokPackage };
  const sdk = typeof loaded.forward === 'function' ? loaded : (loaded.default ?? loaded);
  const domain = domainOf(request);
  const forward = (options: Record<string, unknown>): ReturnType<NgrokPackage['forward']> =>
    sdk.forward({ addr: request.local.authority, authtoken: token, ...options });
  try {
    const opened =
      domain === null
        ? await forward({})
        : await forward({ domain }).catch((error: unknown) => {
            if (request.subdomain !== null) throw error;
            return forward({});
          });
    const url = opened.url();
    if (url === null) throw new Error('it has no URL');
    return { url: url.replace(/\/$/, ''), lost: new Promise(() => {}), close: () => opened.close().catch(() => {}) };
  } catch (error) {
    throw new WebhookError('tunnel_unavailable', `ngrok gave no URL: ${messageOf(error)}.`, {
      hint: 'Is NGROK_AUTHTOKEN right? It is at https://dashboard.ngrok.com/get-started/your-authtoken',
      cause: error,
    });
  }
}
