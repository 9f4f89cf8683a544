/** How `trigger` behaves as a provider does on a bad day: tries again, loses, and is late, on a clock that may run faster. */
import type { Command } from 'commander';
import { WebhookError } from '../../core/errors.js';
import type { Provider } from '../../core/providers/model.js';
import { parseRetry, type RetrySchedule, USUAL_RETRIES } from '../../core/retry.js';
import { formatDuration, parseDuration } from '../../core/units.js';
import { chance } from './chance.js';
import type { Session } from './session.js';

export interface SimulationFlags {
  /** True: as the provider does. */
  readonly retry?: string | true;
  readonly timeScale?: string;
  readonly drop?: string;
  readonly late?: string;
}

export interface Simulation {
  /** Waits take this many times less. */
  readonly timeScale: number;
  /** When deliveries of a provider are tried again; null: never. What is assumed is told, once a provider. */
  scheduleFor(provider: Provider): RetrySchedule | null;
  /** Whether the next delivery is lost. */
  drops(): boolean;
  /** How many were. */
  readonly dropped: number;
  /** How long the next delivery is held back; null: not at all. Milliseconds. */
  lateness(): number | null;
}

export function simulationOptions(command: Command): Command {
  return command
    .option('--retry [schedule]', 'try again where it is not taken: when the provider does, or after 1s,5s,30s')
    .option('--time-scale <factor>', 'shorten the waits between tries, of what is late and in scenarios: 60x')
    .option('--drop <p%>', 'lose so many')
    .option('--late <duration>', 'hold each back for up to so long, so that some overtake others');
}

/**
 * An event that stands right after `--retry` is not its schedule.
 *
 * @returns The flag, and the events with what the parser took for its value.
 */
export function retryAndEvents(
  retry: string | true | undefined,
  events: readonly string[],
): { readonly retry: string | true | undefined; readonly events: readonly string[] } {
  return typeof retry === 'string' && !/^[\d.]/.test(retry) ? { retry: true, events: [retry, ...events] } : { retry, events };
}

/** @throws WebhookError `usage` where a flag cannot be read. */
export function simulationOf({ context, renderer }: Session, flags: SimulationFlags): Simulation {
  const fixed = typeof flags.retry === 'string' ? parseRetry(flags.retry) : null;
  const timeScale = flags.timeScale === undefined ? 1 : factorOf(flags.timeScale);
  const share = flags.drop === undefined ? 0 : shareOf(flags.drop);
  const late = flags.late === undefined ? null : parseDuration(flags.late);
  const told = new Set<string>();
  let dropped = 0;
  return {
    timeScale,
    scheduleFor(provider) {
      if (flags.retry === undefined) return null;
      if (fixed !== null) return fixed;
      if (provider.retriesMs !== null) return provider.retriesMs;
      if (!told.has(provider.name)) {
        told.add(provider.name);
        renderer.warning({
          code: 'retries_assumed',
          message: `${provider.title} publishes no retry schedule: the one that Standard Webhooks recommends is used.`,
          hint: `After ${USUAL_RETRIES.map(formatDuration).join(', ')}. For another: --retry 1s,5s,30s`,
        });
      }
      return USUAL_RETRIES;
    },
    drops() {
      if (share === 0 || chance(context) >= share) return false;
      dropped++;
      return true;
    },
    get dropped() {
      return dropped;
    },
    lateness: () => (late === null ? null : Math.floor(chance(context) * (late + 1))),
  };
}

function factorOf(text: string): number {
  const factor = Number(/^(\d+(?:\.\d+)?)x$/.exec(text)?.[1]);
  if (factor > 0) return factor;
  throw new WebhookError('usage', `'${text}' is not a factor.`, {
    hint: 'Write it like --time-scale 60x: a minute takes a second.',
  });
}

function shareOf(text: string): number {
  const percent = Number(/^(\d+(?:\.\d+)?)%$/.exec(text)?.[1]);
  if (percent >= 0 && percent <= 100) return percent / 100;
  throw new WebhookError('usage', `'${text}' is not a share.`, { hint: 'Write it like --drop 10%.' });
}
