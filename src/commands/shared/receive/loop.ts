import { networkInterfaces } from 'node:os';
import { WebhookError } from '../../../core/errors.js';
import { parseServer, type Server, splitUrl } from '../../../io/target.js';

/**
 * Refuses a target that leads back to the listener: what is handed on would come in again, and be handed on again, without end.
 *
 * @param local the listener's own URL, with the port it got.
 * @param publicUrl the one that leads to it from outside; null: there is none.
 * @throws WebhookError `usage`.
 */
export function refuseLoop(targets: readonly string[], local: string, publicUrl: string | null): void {
  const listener = parseServer(splitUrl(local).base);
  const outside = publicUrl === null ? null : parseServer(splitUrl(publicUrl).base);
  for (const target of targets) {
    const server = parseServer(splitUrl(target).base);
    const comesBack = isSame(server, listener) || (outside !== null && server.origin === outside.origin);
    if (!comesBack) continue;
    throw new WebhookError('usage', `${target} is where webhook itself listens: what it hands on would come back to it.`, {
      hint: 'Give the address of your app, or listen on another port with --port.',
    });
  }
}

function isSame(target: Server, listener: Server): boolean {
  if (target.port !== listener.port) return false;
  const at = listener.hostname;
  if (target.hostname === at) return true;
  const everywhere = at === '0.0.0.0' || at === '::';
  if (target.hostname === 'localhost') return everywhere || at === '127.0.0.1' || at === '::1';
  return everywhere && isOwnAddress(target.hostname);
}

function isOwnAddress(address: string): boolean {
  return Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === address));
}
