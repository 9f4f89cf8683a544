import { WebhookError } from '../../../core/errors.js';
import { eventMatcher } from '../../../core/events/patterns.js';
import { parseTarget } from '../../../io/target.js';
import type { Session } from '../session.js';

/** Which deliveries go where. */
export interface Routing {
  targetsFor(event: string | null): readonly string[];
  /** Every target there is, each once. */
  readonly targets: readonly string[];
  readonly shown: readonly string[];
}

export interface RoutingFlags {
  readonly forwardTo?: readonly string[];
  readonly route?: readonly string[];
}

/** @throws WebhookError `usage` where a URL or a route cannot be read. */
export function routingOf(session: Session, flags: RoutingFlags): Routing {
  const { config } = session;
  const targets = (flags.forwardTo ?? config.listen.forwardTo).map((text) => parseTarget(text));
  const pairs = flags.route === undefined ? config.listen.routes : flags.route.map(routePair);
  const routes = pairs.map(([pattern, url]) => ({ pattern, matches: eventMatcher(pattern), target: parseTarget(url) }));
  const fallback = targets.map(({ url }) => url);
  return {
    targetsFor: (event) => {
      const route = routes.find(({ matches }) => matches(event));
      return route === undefined ? fallback : [route.target.url];
    },
    targets: [...new Set([...routes.map(({ target }) => target.url), ...fallback])],
    shown: [...routes.map(({ pattern, target }) => `${pattern} → ${target.shown}`), ...targets.map(({ shown }) => shown)],
  };
}

function routePair(text: string): readonly [pattern: string, url: string] {
  const equals = text.indexOf('=');
  if (equals <= 0)
    throw new WebhookError('usage', `'${text}' is not a route.`, {
      hint: "Write it like --route 'order.*=http://localhost:3001/orders'.",
    });
  return [text.slice(0, equals), text.slice(equals + 1)];
}
