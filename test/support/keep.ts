/** A project whose store holds these deliveries. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Delivery } from '../../src/core/delivery/delivery.js';
import { openStore } from '../../src/io/store/store.js';
import { deliverySource } from '../io/store/samples.js';
import { temporaryFolder } from './folder.js';

export interface Project {
  readonly cwd: string;
  /** As they were kept, oldest first. */
  readonly kept: readonly Delivery[];
}

/** Keeps one delivery for each of these, a second apart; what is not said is a valid order.created of Connect2Print. */
export async function projectWith(...deliveries: ReadonlyArray<Partial<Delivery>>): Promise<Project> {
  const cwd = temporaryFolder({ 'package.json': '{}' });
  mkdirSync(join(cwd, '.webhook'));
  const store = openStore(join(cwd, '.webhook', 'deliveries.db'));
  const next = deliverySource();
  const kept = deliveries.map((changes) => next(changes));
  await Promise.all(kept.map((delivery) => store.keep(delivery)));
  await store.close();
  return { cwd, kept };
}
