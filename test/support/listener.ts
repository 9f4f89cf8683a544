import { onTestFinished } from 'vitest';
import type { Json, Outcome, Running, RunOptions, Start } from './running.js';

export interface Listener<R extends Running = Running> {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly ready: Json;
  readonly running: R;
  /** The first delivery, told already or to come, that fits. */
  delivery(fits?: (delivery: Json) => boolean): Promise<Json>;
  /** Every delivery, once there are so many. */
  deliveries(count: number): Promise<Json[]>;
  /** Ends it as a person would; gives its summary and how it ended. */
  stop(signal?: NodeJS.Signals): Promise<{ summary: Json; outcome: Outcome }>;
}

/** Starts `webhook listen --json` on a free port; resolves when it says that it is ready. */
export async function startListener<R extends Running>(
  start: (...args: Parameters<Start>) => R,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<Listener<R>> {
  const dashes = args.indexOf('--');
  const own = dashes < 0 ? args : args.slice(0, dashes);
  const command = dashes < 0 ? [] : args.slice(dashes);
  const running = start(['listen', '--json', '--port', '0', ...own, ...command], options);
  onTestFinished(async () => {
    running.send('SIGTERM');
    await running.ended.catch(() => {});
  });
  const ready = await running.record(({ type }) => type === 'ready');
  const told = (): Json[] => running.records.filter(({ type }) => type === 'delivery').map(({ delivery }) => delivery);
  return {
    url: ready.url,
    ready,
    running,
    async delivery(fits = () => true) {
      return (await running.record((record) => record.type === 'delivery' && fits(record.delivery))).delivery;
    },
    async deliveries(count) {
      await running.record((record) => record.type === 'delivery' && told().length >= count);
      return told().slice(0, count);
    },
    async stop(signal = 'SIGTERM') {
      running.send(signal);
      const outcome = await running.ended;
      return { summary: running.records.at(-1), outcome };
    },
  };
}
