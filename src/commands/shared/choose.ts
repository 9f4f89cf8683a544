import { EVERYTHING } from '../../core/delivery/selector.js';
import type { DeliverySummary } from '../../core/delivery/summary.js';
import { formatSize } from '../../core/units.js';
import { type Clock, createClock } from '../../render/clock.js';
import { safeLine } from '../../render/terminal.js';
import { shortId } from '../../render/words.js';
import { ask } from './ask.js';
import type { Session } from './session.js';

/** How many of the newest deliveries a person is offered. */
const OFFERED = 200;

/** A delivery as it is told from others in a list to choose from: as `webhook list` has it. */
export function describer(
  now: number,
  clock: Clock = createClock(),
): (row: DeliverySummary) => { readonly name: string; readonly description: string } {
  return (row) => ({
    name: `${clock.brief(row.receivedAt, now).padEnd(12)}  ${shortId(row.id)}  ${safeLine(row.event ?? `${row.method} ${row.path}`)}`,
    description: [row.status, formatSize(row.bodySize), ...(row.failed ? ['failed'] : [])].join(', '),
  });
}

/**
 * Offers the newest kept deliveries on a terminal; gives the id of the one chosen.
 *
 * @throws WebhookError `usage` where there is no terminal to ask on.
 */
export async function chooseDelivery(session: Session): Promise<string> {
  const choices: Array<{ name: string; description: string; value: string }> = [];
  if (session.context.stdin.isTTY) {
    const store = await session.openStore({ mustExist: true, readOnly: true });
    try {
      const describe = describer(session.context.now());
      for (const row of store.summaries({ ...EVERYTHING, limit: OFFERED })) choices.unshift({ ...describe(row), value: row.id });
    } finally {
      await store.close();
    }
  }
  return ask(
    session.context,
    'Which delivery?',
    choices,
    'It is not said what to replay.',
    'Name an id, last, last:5, or a flag such as --since 2h.',
  );
}
