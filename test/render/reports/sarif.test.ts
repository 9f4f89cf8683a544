import { describe, expect, it } from 'vitest';
import { sarifReport } from '../../../src/render/reports/sarif.js';
import { REPORT } from './sample.js';

const log = JSON.parse(sarifReport(REPORT, '1.2.3', 'apps/my shop/webhook.config.json'));
const [run] = log.runs;

/** What the standard asks of the properties that are written here, by its sections; a property it does not name is a fault. */
const RULES: Readonly<Record<string, { required: string[]; properties: Readonly<Record<string, (value: never) => unknown>> }>> = {
  // §3.13
  log: {
    required: ['version', 'runs'],
    properties: { $schema: isUri, version: (value) => value === '2.1.0', runs: listOf('run') },
  },
  // §3.14
  run: {
    required: ['tool'],
    properties: { tool: a('tool'), invocations: listOf('invocation'), results: listOf('result'), properties: isObject },
  },
  // §3.18, §3.19
  tool: { required: ['driver'], properties: { driver: a('driver') } },
  driver: { required: ['name'], properties: { name: isText, version: isText, rules: listOf('rule') } },
  // §3.49
  rule: {
    required: ['id'],
    properties: { id: isText, shortDescription: a('message'), fullDescription: a('message'), help: a('message') },
  },
  // §3.11, §3.12
  message: { required: ['text'], properties: { text: isText } },
  // §3.20
  invocation: { required: ['executionSuccessful'], properties: { executionSuccessful: (value) => typeof value === 'boolean' } },
  // §3.27
  result: {
    required: ['message'],
    properties: {
      ruleId: isText,
      ruleIndex: isIndex,
      level: (value) => ['none', 'note', 'warning', 'error'].includes(value),
      message: a('message'),
      locations: listOf('location'),
    },
  },
  // §3.28, §3.29, §3.33
  location: { required: [], properties: { physicalLocation: a('place'), logicalLocations: listOf('logicalLocation') } },
  place: { required: ['artifactLocation'], properties: { artifactLocation: a('artifact'), region: a('region') } },
  logicalLocation: { required: [], properties: { fullyQualifiedName: isText, kind: isText } },
  // §3.4, §3.30: lines are counted from 1
  artifact: { required: ['uri'], properties: { uri: isUri } },
  region: { required: ['startLine'], properties: { startLine: (value) => isIndex(value) && value >= 1 } },
};

function faultsOf(kind: string, value: unknown, place = kind): string[] {
  const rule = RULES[kind];
  if (rule === undefined || !isObject(value)) return [`${place} is no ${kind}`];
  const missing = rule.required.filter((name) => !(name in value)).map((name) => `${place} lacks ${name}`);
  const wrong = Object.entries(value).flatMap(([name, inner]) => {
    const judged = rule.properties[name]?.(inner as never);
    if (judged === true) return [];
    return Array.isArray(judged) ? judged.map((fault) => `${place}.${fault}`) : [`${place}.${name}`];
  });
  return [...missing, ...wrong];
}

function a(kind: string): (value: unknown) => true | string[] {
  return (value) => {
    const faults = faultsOf(kind, value);
    return faults.length === 0 || faults;
  };
}

function listOf(kind: string): (value: unknown) => true | string[] {
  return (value) => {
    const faults = Array.isArray(value) ? value.flatMap((item) => faultsOf(kind, item)) : [`${kind}: no list`];
    return faults.length === 0 || faults;
  };
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isIndex(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0;
}

function isUri(value: unknown): boolean {
  return typeof value === 'string' && /^(https:\/\/)?([\w.~-]|%[0-9A-F]{2}|\/)+$/.test(value);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

describe('a SARIF report', () => {
  it('is one by the standard', () => {
    expect(faultsOf('log', log)).toEqual([]);
    // The rules find what is wrong.
    const wrong = structuredClone(log);
    wrong.runs[0].results[0].locations[0].physicalLocation.region.startLine = 0;
    delete wrong.runs[0].results[1].message;
    wrong.runs[0].extra = 1;
    expect(faultsOf('log', wrong)).toHaveLength(3);
  });

  it('names every check as a rule, and each finding with its rule', () => {
    expect(run.tool.driver).toMatchObject({ name: 'webhook check', version: '1.2.3' });
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(REPORT.results.map(({ id }) => id));
    expect(run.results.map(({ ruleId, level }: { ruleId: string; level: string }) => [ruleId, level])).toEqual([
      ['rejects.garbage', 'error'],
      ['hygiene.rubbish', 'warning'],
    ]);
    for (const { ruleId, ruleIndex, message } of run.results) {
      expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
      expect(message.text).toContain('Mend it.');
    }
    expect(run.properties.diagnosis[0].code).toBe('crashes_on_malformed');
  });

  it('puts findings where code scanning takes them: to a file of the repository, and to the endpoint', () => {
    for (const { locations } of run.results) {
      expect(locations).toEqual([
        {
          physicalLocation: {
            artifactLocation: { uri: 'apps/my%20shop/webhook.config.json' },
            region: { startLine: 1 },
          },
          logicalLocations: [{ fullyQualifiedName: 'http://localhost:3000/webhooks?a=1&b="2"', kind: 'resource' }],
        },
      ]);
    }
  });
});
