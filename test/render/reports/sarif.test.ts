import { expect, it } from 'vitest';
import { sarifReport } from '../../../src/render/reports/sarif.js';
import { REPORT } from './sample.js';

it('names every check as a rule, and each finding with its place', () => {
  const log = JSON.parse(sarifReport(REPORT, '1.2.3'));
  expect(log).toMatchObject({ version: '2.1.0', $schema: 'https://json.schemastore.org/sarif-2.1.0.json' });
  const [run] = log.runs;
  expect(run.tool.driver).toMatchObject({ name: 'webhook check', version: '1.2.3' });
  expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(REPORT.results.map(({ id }) => id));
  expect(run.results.map(({ ruleId, level }: { ruleId: string; level: string }) => [ruleId, level])).toEqual([
    ['rejects.garbage', 'error'],
    ['hygiene.rubbish', 'warning'],
  ]);
  for (const { ruleId, ruleIndex, message, locations } of run.results) {
    expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
    expect(message.text).toContain('Mend it.');
    expect(locations[0].physicalLocation.artifactLocation.uri).toBe('http://localhost:3000/webhooks?a=1&b=%222%22');
  }
  expect(run.properties.diagnosis[0].code).toBe('crashes_on_malformed');
});
