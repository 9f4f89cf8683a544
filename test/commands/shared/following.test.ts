import { join } from 'node:path';
import { expect, it } from 'vitest';
import { following } from '../../../src/commands/shared/following.js';
import { EVERYTHING } from '../../../src/core/delivery/selector.js';
import { deliverySource, temporaryDirectory, temporaryStore } from '../../io/store/samples.js';

it('gives what is kept from the call on, before it is first asked too, and nothing older', async () => {
  const path = join(temporaryDirectory(), 'deliveries.db');
  const writer = temporaryStore(path);
  const next = deliverySource();
  const answered = { status: 200, headers: [], body: new Uint8Array(), durationMs: 1 };
  await writer.keep(next({ response: answered }));
  const reader = temporaryStore(path, { readOnly: true });
  const controller = new AbortController();
  const given = following(reader, EVERYTHING, (one) => reader.summaries(one), {
    signal: controller.signal,
    elapsed: () => performance.now(),
  });
  const late = next({ response: answered });
  await writer.keep(late);
  expect((await given.next()).value?.id).toBe(late.id);
  controller.abort();
  expect((await given.next()).done).toBe(true);
});
