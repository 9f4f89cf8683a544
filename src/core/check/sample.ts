import { setJson } from '../events/json-text.js';
import type { Sample } from '../events/sample.js';
import { isLocator } from '../providers/locator.js';
import type { Provider } from '../providers/model.js';

/**
 * A sample for a provider that has no fixture: what its description says must stand in a body, and nothing else. Ids and
 * times in it are made fresh when it is sent.
 */
export function bareSample(provider: Provider, event: string): Sample {
  let body: Uint8Array = Buffer.from('{}');
  const put = (expression: string | undefined | null, json: string): void => {
    if (expression == null || !isLocator(expression) || !/^body:\/./.test(expression)) return;
    body = setJson(body, expression.slice('body:'.length), json);
  };
  put(
    provider.event.find((place) => place.startsWith('body:')),
    JSON.stringify(event),
  );
  put(
    provider.eventId.find((place) => place.startsWith('body:')),
    '"id"',
  );
  put(provider.sentAt, /^m?s$/.test(provider.sentAtFormats[0] ?? '') ? '0' : '""');
  for (const { timestamp, timestampUnits } of provider.schemes) {
    put(
      timestamp.find((place) => place.startsWith('body:')),
      timestampUnits[0] === 'iso' ? '""' : '0',
    );
  }
  return { form: 'json', body, headers: [], method: null, query: '' };
}
