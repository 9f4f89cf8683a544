/** A scenario: deliveries one after another, as the life of one thing brings them. */
import type { Corruption } from '../events/compose.js';

/** A value to set. In a text, `${name}` stands for a value of the scenario; a text that is nothing else takes its kind too. */
export type ScenarioValue =
  /** JSON text, spelled as in the file. */
  { readonly json: string } | { readonly text: string };

export interface ScenarioStep {
  readonly event: string;
  readonly set: ReadonlyArray<readonly [path: string, value: ScenarioValue]>;
  /** Names for values of this payload, for the steps that follow. */
  readonly keep: ReadonlyArray<readonly [name: string, path: string]>;
  /** To wait before it. Milliseconds. */
  readonly delayMs: number;
  readonly repeat: number;
  readonly corrupt: Corruption | null;
  /** Statuses, as `--expect` takes them; null: as for every other. */
  readonly expect: string | null;
  /** Where it stands in its file. */
  readonly line: number;
}

export interface Scenario {
  readonly name: string;
  readonly description: string | null;
  /** Null: whose events it is made of, the command says. */
  readonly provider: string | null;
  /** Names for values that are fresh in each run: templates such as `1{digits:5}`. */
  readonly values: Readonly<Record<string, string>>;
  readonly steps: readonly ScenarioStep[];
}
