import { WebhookError } from '../../core/errors.js';
import { parseTarget, type Target } from '../../io/target.js';
import { filled, type Session } from './session.js';

/** Where nothing is sent, any address will do to show what would be. */
export const ANYWHERE = 'http://localhost:3000/webhooks';

/** Where to send: as it is given, else WEBHOOK_URL, else the config; null: nothing says. */
export function targetAtHand({ context, config }: Session, given: string | undefined): Target | null {
  const text = given ?? filled(context.env.WEBHOOK_URL) ?? config.to ?? null;
  return text === null ? null : parseTarget(text);
}

/**
 * The same for a command that sends.
 *
 * @throws WebhookError `usage` where nothing says.
 */
export function requiredTarget(session: Session, given: string | undefined): Target {
  const target = targetAtHand(session, given);
  if (target !== null) return target;
  throw new WebhookError('usage', 'It is not said where to send.', { hint: "Add --to <url>, or set 'to' in the config." });
}
