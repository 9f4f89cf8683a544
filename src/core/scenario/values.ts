import { WebhookError } from '../errors.js';
import type { Edit } from '../events/edits.js';
import { locate } from '../events/json-text.js';
import { fillTemplate, type Random } from '../events/template.js';
import type { Scenario, ScenarioStep, ScenarioValue } from './model.js';

/** Values by name, as JSON text in their own spelling. */
export type ScenarioValues = Map<string, string>;

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The values a run begins with. A fresh one that is spelled as a number is a number. */
export function freshValues(scenario: Scenario, now: number, random: Random): ScenarioValues {
  const values: ScenarioValues = new Map();
  for (const [name, template] of Object.entries(scenario.values)) {
    const text = fillTemplate(template, { event: '', id: '', time: now, random, reader: null }) ?? template;
    values.set(name, /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) ? text : JSON.stringify(text));
  }
  return values;
}

/**
 * The edits of a step, with the values that earlier steps left.
 *
 * @throws WebhookError `usage` where it names a value that there is not.
 */
export function stepEdits(step: ScenarioStep, values: ScenarioValues): Edit[] {
  return step.set.map(([path, value]) => ({ kind: 'set', path, json: filled(value, values, step) }));
}

function filled(value: ScenarioValue, values: ScenarioValues, step: ScenarioStep): string {
  if ('json' in value) return value.json;
  const whole = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(value.text)?.[1];
  if (whole !== undefined) return keptValue(whole, values, step);
  return JSON.stringify(value.text.replace(REFERENCE, (_, name: string) => asText(keptValue(name, values, step))));
}

function keptValue(name: string, values: ScenarioValues, step: ScenarioStep): string {
  const json = values.get(name);
  if (json !== undefined) return json;
  const known = [...values.keys()];
  throw new WebhookError('usage', `Line ${step.line}: no step before it has kept a value '${name}'.`, {
    hint: known.length === 0 ? 'Keep one: keep: { order_id: data.order.id }.' : `There are ${known.join(', ')}.`,
  });
}

/** A text is what it says, anything else its JSON. */
function asText(json: string): string {
  const value: unknown = JSON.parse(json);
  return typeof value === 'string' ? value : json;
}

/**
 * Takes what a step keeps out of its payload.
 *
 * @throws WebhookError `usage` where the payload lacks it.
 */
export function keepValues(step: ScenarioStep, body: Uint8Array, values: ScenarioValues): void {
  for (const [name, path] of step.keep) {
    const span = locate(body, path);
    if (span === null) {
      throw new WebhookError('usage', `Line ${step.line}: ${step.event} has nothing at ${path} to keep as '${name}'.`, {
        hint: `See what it holds: webhook trigger ${step.event} --dry-run`,
      });
    }
    values.set(name, Buffer.from(body.subarray(span.offset, span.offset + span.length)).toString('utf8'));
  }
}
