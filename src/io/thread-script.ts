import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WebhookError } from '../core/errors.js';

/** The built script of a thread: beside this file where that is built, else in the folder of what is. */
export function threadScript(name: 'store-worker' | 'export-thread'): URL {
  for (const place of [`./${name}.cjs`, `../../dist/program/${name}.cjs`]) {
    const url = new URL(place, import.meta.url);
    if (existsSync(fileURLToPath(url))) return url;
  }
  throw new WebhookError('store_unwritable', `A part of the program is missing: ${name}.cjs.`, { hint: 'Install it anew.' });
}
