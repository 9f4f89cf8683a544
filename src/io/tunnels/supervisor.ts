/** Keeps one tunnel open: notices that it is gone, opens it again, and tells where its URL is another one. */
import { type Backoff, backoff } from '../../core/backoff.js';
import { messageOf, WebhookError } from '../../core/errors.js';
import { formatDuration } from '../../core/units.js';
import type { Tunnel } from './driver.js';

export type TunnelEvent =
  /** Requests to the URL come out here. After `unproven` and `down`: it is open again, and as well as it was before. */
  | { readonly type: 'up'; readonly url: string }
  | { readonly type: 'down'; readonly url: string; readonly reason: string }
  /** It is up again, with another URL than before. */
  | { readonly type: 'changed'; readonly url: string; readonly before: string }
  /** It could not be opened again, or did not stand for long; the next try comes after so many milliseconds. */
  | { readonly type: 'retry'; readonly reason: string; readonly waitMs: number }
  /** It is open, but no request from here has come through yet: that may be this network, or the tunnel. Told once of each URL. */
  | { readonly type: 'unproven'; readonly url: string; readonly reason: string };

export interface SupervisorOptions {
  /** The driver's name, for messages. */
  readonly name: string;
  /** Opens the tunnel; `again` is the one that was lost. */
  open(request: { readonly signal: AbortSignal; readonly again: Tunnel | null }): Promise<Tunnel>;
  /** Null where a request to the URL came through, else what happened instead, a sentence. */
  reach(url: string, timeoutMs: number, signal: AbortSignal): Promise<string | null>;
  /** False where opening it again gives another URL: then it gets more time to recover by itself. */
  readonly keepsUrl: boolean;
  /** Within so many milliseconds it is noticed that no request gets an answer any more; under 4 s, up to 2 s later. */
  readonly probeMs: number;
  /** Milliseconds that opening may take. */
  readonly startMs: number;
  /** Aborted where the program is to end: opening is given up, and it is looked after no more. */
  readonly signal: AbortSignal;
  /** Milliseconds since some moment. */
  elapsed(): number;
  /** Resolves after so many milliseconds, or at once when the signal is aborted; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** From 0 to 1. */
  random(): number;
  on(event: TunnelEvent): void;
}

export interface Supervised {
  /** The public URL; another one after `changed`. */
  readonly url: string;
  /** Begins to look after it; until then nothing is told. */
  watch(): void;
  /** Ends looking after it; the tunnel itself stays open. */
  rest(): void;
  /** Ends the tunnel and everything about it. */
  close(): Promise<void>;
}

const REOPEN: Backoff = { firstMs: 200, mostMs: 10_000 };
const LOOK_AGAIN: Backoff = { firstMs: 200, mostMs: 2_000 };
/** How long one look may take: half the interval within these, the other half being the pause before it. */
const SHORTEST_LOOK_MS = 2_000;
const LONGEST_LOOK_MS = 5_000;
/** How long looks may fail before a tunnel that worked counts as gone. */
const DOUBT_MS = 1_000;
/** How long an opened tunnel may take until requests come through. */
const PROOF_MS = 5_000;
/** The same where giving up costs the URL: a program that reconnects by itself, a name that is not known everywhere yet. */
const PATIENCE_MS = 60_000;
const CLOSE_MS = 3_000;

/** A tunnel, and whether it has said that it is gone. */
interface Opened {
  readonly tunnel: Tunnel;
  /** Aborted, with the reason, once it is gone. */
  readonly gone: AbortSignal;
  /** Aborted once it is gone, or everything is to end. */
  readonly over: AbortSignal;
}

/**
 * Opens a tunnel and keeps it open.
 *
 * @throws WebhookError `tunnel_unavailable` where it cannot be opened the first time, or takes too long; later it is tried
 *   again for as long as it takes.
 */
export async function superviseTunnel(options: SupervisorOptions): Promise<Supervised> {
  const closing = new AbortController();
  const signal = AbortSignal.any([closing.signal, options.signal]);
  const roomy = options.probeMs >= 2 * SHORTEST_LOOK_MS;
  const lookMs = roomy ? Math.min(LONGEST_LOOK_MS, options.probeMs / 2) : SHORTEST_LOOK_MS;
  const pauseMs = roomy ? options.probeMs - lookMs : options.probeMs;
  let current = await open(null);
  let state: 'new' | 'up' | 'down' = 'new';
  /** A request has come through once: where none does any more, that is the tunnel's doing, not this network's. */
  let proven = false;
  /** The URL of which it was told that nothing has come through. */
  let doubted: string | null = null;
  /** How often it was opened again, or that was tried, since it last stood for a while. */
  let reopened = 0;
  let watching: Promise<void> = Promise.resolve();

  async function open(again: Tunnel | null): Promise<Opened> {
    const late = new AbortController();
    const settled = new AbortController();
    const opening = options.open({ signal: AbortSignal.any([late.signal, signal]), again });
    const timeout = options.sleep(options.startMs, AbortSignal.any([settled.signal, signal])).then(() => null);
    const tunnel = await Promise.race([opening, timeout]).finally(() => settled.abort());
    if (tunnel === null) {
      late.abort();
      // What opens in spite of it is nobody's.
      opening.then(closeQuietly, () => {});
      const message = `${options.name} gave no URL within ${formatDuration(options.startMs)}.`;
      const hint = 'Is the network up? Try again, or take another driver: webhook tunnels';
      throw new WebhookError('tunnel_unavailable', message, { hint });
    }
    const gone = new AbortController();
    void tunnel.lost.then((reason) => gone.abort(reason));
    return { tunnel, gone: gone.signal, over: AbortSignal.any([gone.signal, signal]) };
  }

  /** Looks until a request comes through: null; else, when the time is over or the tunnel gone, what happened instead. */
  async function prove({ tunnel, gone, over }: Opened, withinMs: number): Promise<string | null> {
    const deadline = options.elapsed() + withinMs;
    for (let tries = 0; !over.aborted; tries++) {
      const problem = tunnel.selfWatching === true ? null : await options.reach(tunnel.url, lookMs, over);
      if (problem === null) return null;
      if (options.elapsed() >= deadline) return problem;
      await options.sleep(backoff(LOOK_AGAIN, tries, options.random()), over);
    }
    return gone.aborted ? String(gone.reason) : 'It was closed.';
  }

  /** Resolves with why it counts as gone. */
  async function untilGone(opened: Opened): Promise<string> {
    const { over } = opened;
    const { url } = opened.tunnel;
    while (!over.aborted) {
      let problem = await prove(opened, proven ? DOUBT_MS : PROOF_MS);
      if (problem !== null && proven) {
        if (over.aborted || options.keepsUrl) return problem;
        down(problem);
        problem = await prove(opened, PATIENCE_MS);
        if (problem !== null) return problem;
      }
      if (over.aborted) break;
      if (problem === null) {
        proven = true;
        up();
      } else if (doubted !== url) {
        doubted = url;
        options.on({ type: 'unproven', url, reason: problem });
      } else if (state === 'down') {
        // It stands again, and as well as before.
        up();
      }
      await options.sleep(pauseMs, over);
    }
    return opened.gone.aborted ? String(opened.gone.reason) : '';
  }

  /** @param lost Why it has to be. */
  async function reopen(lost: string): Promise<Opened | null> {
    let reason: string | null = lost;
    for (;;) {
      const waitMs = backoff(REOPEN, reopened, options.random());
      if (reopened > 0) options.on({ type: 'retry', reason, waitMs });
      reopened++;
      await options.sleep(waitMs, signal);
      if (signal.aborted) return null;
      try {
        const opened = await open(current.tunnel);
        reason = proven ? await prove(opened, options.keepsUrl ? PROOF_MS : PATIENCE_MS) : null;
        if (reason === null) return opened;
        await closeQuietly(opened.tunnel);
      } catch (error) {
        reason = messageOf(error);
      }
      if (signal.aborted) return null;
    }
  }

  async function keepOpen(): Promise<void> {
    while (!signal.aborted) {
      const since = options.elapsed();
      const reason = await untilGone(current);
      if (signal.aborted) return;
      if (options.elapsed() - since >= PROOF_MS) reopened = 0;
      down(reason);
      await closeQuietly(current.tunnel);
      const opened = await reopen(reason);
      if (opened === null) return;
      const before = current.tunnel.url;
      const { url } = opened.tunnel;
      current = opened;
      if (url !== before) {
        state = 'up';
        options.on({ type: 'changed', url, before });
      }
    }
  }

  function up(): void {
    if (state !== 'up') options.on({ type: 'up', url: current.tunnel.url });
    state = 'up';
  }

  function down(reason: string): void {
    if (state !== 'down') options.on({ type: 'down', url: current.tunnel.url, reason });
    state = 'down';
  }

  /** Closing takes a moment at most: the program is about to end, or to open another one. */
  async function closeQuietly(tunnel: Tunnel): Promise<void> {
    const closed = new AbortController();
    await Promise.race([tunnel.close(), options.sleep(CLOSE_MS, closed.signal)]);
    closed.abort();
  }

  return {
    get url() {
      return current.tunnel.url;
    },
    watch() {
      watching = keepOpen();
    },
    rest() {
      closing.abort();
    },
    async close() {
      closing.abort();
      await watching;
      await closeQuietly(current.tunnel);
    },
  };
}
