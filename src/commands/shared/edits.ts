import type { Edit } from '../../core/events/edits.js';
import { parseAssignment, parsePath } from '../../core/events/json-path.js';

/** For `--set path=value`, repeated. */
export function addSet(text: string, before: readonly Edit[] = []): readonly Edit[] {
  return [...before, { kind: 'set', ...parseAssignment(text) }];
}

/** For `--unset path`, repeated. */
export function addUnset(path: string, before: readonly Edit[] = []): readonly Edit[] {
  return [...before, { kind: 'unset', path: parsePath(path) }];
}
