import { EVERYTHING } from '../../core/delivery/selector.js';
import { safeLine } from '../../render/terminal.js';
import { ask } from './ask.js';
import type { Session } from './session.js';

/** How many of the newest deliveries a person is offered. */
const OFFERED = 200;

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
      for (const row of store.summaries({ ...EVERYTHING, limit: OFFERED })) {
        const time = new Date(row.receivedAt).toLocaleTimeString();
        choices.unshift({
          name: `${time}  ${safeLine(row.event ?? `${row.method} ${row.path}`)}  ${row.id.slice(0, 14)}`,
          description: `${row.status}, ${row.bodySize} bytes${row.failed ? ', failed' : ''}`,
          value: row.id,
        });
      }
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
