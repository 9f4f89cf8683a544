import { WebhookError } from '../../../core/errors.js';
import { eventMatcher } from '../../../core/events/patterns.js';
import type { OutgoingRequest } from '../../../core/http/message.js';
import { parseTarget, splitUrl } from '../../../io/target.js';
import type { Session } from '../session.js';

/** Which deliveries go where. Targets are told without user and password, so that no record, message or store has them. */
export interface Routing {
  targetsFor(event: string | null): readonly string[];
  /** Every target there is, each once. */
  readonly targets: readonly string[];
  readonly shown: readonly string[];
  /** The request as it is sent: with the user and password of its target, where that has them. */
  addressed(request: OutgoingRequest): OutgoingRequest;
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
  const fallback = targets.map(({ shown }) => shown);
  /** By origin: what stands before the path, as it was given. */
  const credentials = new Map(
    [...routes.map(({ target }) => target), ...targets].flatMap(({ origin, authorization, url }) =>
      authorization === null ? [] : [[origin, splitUrl(url).base] as const],
    ),
  );
  return {
    targetsFor: (event) => {
      const route = routes.find(({ matches }) => matches(event));
      return route === undefined ? fallback : [route.target.shown];
    },
    targets: [...new Set([...routes.map(({ target }) => target.shown), ...fallback])],
    shown: [...routes.map(({ pattern, target }) => `${pattern} → ${target.shown}`), ...targets.map(({ shown }) => shown)],
    addressed(request) {
      if (credentials.size === 0) return request;
      const { base, path } = splitUrl(request.url);
      return { ...request, url: (credentials.get(base) ?? base) + path };
    },
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
