/** The built-in providers, in the order `webhook providers` shows them. To add one: its file in `catalogue/`, and a line here. */
import connect2print from './catalogue/connect2print.js';
import printone from './catalogue/printone.js';
import standardWebhooks from './catalogue/standard-webhooks.js';
import type { Provider } from './model.js';

export const builtinProviders: readonly Provider[] = [connect2print, printone, standardWebhooks];
