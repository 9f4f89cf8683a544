/** The built-in providers, in the order `webhook providers` shows them. To add one: its file in `catalogue/`, and a line here. */
import cloudprinter from './catalogue/cloudprinter.js';
import connect2print from './catalogue/connect2print.js';
import gelato from './catalogue/gelato.js';
import lob from './catalogue/lob.js';
import printful from './catalogue/printful.js';
import printify from './catalogue/printify.js';
import printone from './catalogue/printone.js';
import prodigi from './catalogue/prodigi.js';
import standardWebhooks from './catalogue/standard-webhooks.js';
import type { Provider } from './model.js';

export const builtinProviders: readonly Provider[] = [
  // Print
  cloudprinter,
  connect2print,
  gelato,
  lob,
  printful,
  printify,
  printone,
  prodigi,
  // Standard Webhooks
  standardWebhooks,
];
