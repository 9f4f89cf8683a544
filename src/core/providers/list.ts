/** The built-in providers, in the order `webhook providers` shows them. To add one: its file, and a line here. */
import connect2print from './connect2print.js';
import type { Provider } from './model.js';
import printone from './printone.js';
import standardWebhooks from './standard-webhooks.js';

export const builtinProviders: readonly Provider[] = [connect2print, printone, standardWebhooks];
