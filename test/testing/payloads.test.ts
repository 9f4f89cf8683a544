import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, expectTypeOf, it } from 'vitest';
import { payloadTypes } from '../../.ci/payload-types.js';
import type { EventName, Payload, ProviderName } from '../../src/testing/types.js';

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

it('the types of payloads are those of the fixtures; npm run docs writes them', async () => {
  const written = (await readFile(path('src/testing/payloads.ts'), 'utf8')).replaceAll('\r\n', '\n');
  expect(written === (await payloadTypes(path('fixtures'))), 'run: npm run docs').toBe(true);
});

it('the compiler knows names and payloads', () => {
  expectTypeOf<'connect2print' | 'stripe' | 'cal-com'>().toExtend<ProviderName>();
  expectTypeOf<'order.created' | 'stock.low'>().toExtend<EventName<'connect2print'>>();
  expectTypeOf<EventName<'connect2print'>>().not.toEqualTypeOf<string>();
  expectTypeOf<EventName<string>>().toEqualTypeOf<string>();
  expectTypeOf<Payload<'connect2print', 'order.created'>['data']['order']['total']>().toEqualTypeOf<number>();
  // Tells one payload from another.
  expectTypeOf<Payload<'connect2print', 'order.created'>['event']>().toEqualTypeOf<'order.created'>();
  // Twilio sends forms.
  expectTypeOf<Payload<'twilio', EventName<'twilio'>>>().toEqualTypeOf<undefined>();
  expectTypeOf<Payload<'acme', 'thing.made'>>().toBeUnknown();
});
