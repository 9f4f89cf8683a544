import { describe, expect, it } from 'vitest';
import { junitReport } from '../../../src/render/reports/junit.js';
import { parseXml, type XmlElement } from '../../support/xml.js';
import { REPORT } from './sample.js';

/** What Jenkins' schema of JUnit files (xunit-plugin, junit-10.xsd) allows of what is written here. */
const SCHEMA: Readonly<Record<string, { attributes: Readonly<Record<string, RegExp>>; required: string[]; children: string[] }>> =
  {
    testsuites: {
      attributes: { name: /./, time: /^\d+\.\d{3}$/, tests: /^\d+$/, failures: /^\d+$/, errors: /^\d+$/ },
      required: [],
      children: ['testsuite'],
    },
    testsuite: {
      attributes: {
        name: /./,
        tests: /^\d+$/,
        failures: /^\d+$/,
        errors: /^\d+$/,
        time: /^\d+\.\d{3}$/,
        skipped: /^\d+$/,
        timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
        hostname: /./,
        id: /./,
      },
      required: ['name', 'tests', 'failures', 'errors'],
      children: ['testcase'],
    },
    testcase: {
      attributes: { name: /./, classname: /./, time: /^\d+\.\d{3}$/ },
      required: ['name'],
      children: ['skipped', 'failure', 'system-out'],
    },
    failure: { attributes: { message: /./, type: /./ }, required: [], children: [] },
    skipped: { attributes: { message: /./ }, required: [], children: [] },
    'system-out': { attributes: {}, required: [], children: [] },
  };

function faultsOf(element: XmlElement): string[] {
  const rule = SCHEMA[element.name];
  if (rule === undefined) return [`there is no ${element.name}`];
  const faults = rule.required.filter((name) => !(name in element.attributes)).map((name) => `${element.name} lacks ${name}`);
  for (const [name, value] of Object.entries(element.attributes)) {
    if (!rule.attributes[name]?.test(value)) faults.push(`${element.name} ${name}="${value}"`);
  }
  for (const child of element.children) {
    if (!rule.children.includes(child.name)) faults.push(`${child.name} in ${element.name}`);
    faults.push(...faultsOf(child));
  }
  return faults;
}

describe('a JUnit report', () => {
  const root = parseXml(junitReport(REPORT, { strict: false }));
  const cases = root.children.flatMap(({ children }) => children);

  it('is one by its schema, whatever the endpoint said', () => {
    expect(faultsOf(root)).toEqual([]);
  });

  it('counts what is in it', () => {
    expect(root.attributes).toMatchObject({ tests: '4', failures: '1', errors: '0', time: '1.234' });
    expect(
      root.children.map(({ attributes }) => [attributes.name, attributes.tests, attributes.failures, attributes.skipped]),
    ).toEqual([
      ['Rejects what is not', '3', '1', '1'],
      ['Hygiene', '1', '0', '0'],
    ]);
    expect(root.children[0]?.attributes.hostname).toBe('localhost:3000');
  });

  it('tells of each check how it went', () => {
    expect(cases.map(({ attributes, children }) => [attributes.classname, children.map(({ name }) => name)])).toEqual([
      ['connect2print.rejects.missing', []],
      ['connect2print.rejects.garbage', ['failure']],
      ['connect2print.rejects.stale', ['skipped']],
      ['connect2print.hygiene.rubbish', ['system-out']],
    ]);
    expect(cases[1]?.children[0]).toMatchObject({
      attributes: { type: 'fail', message: expect.stringContaining('It answered 500 (<b>]]>') },
      text: expect.stringContaining('Fix: Mend it.'),
    });
  });

  it('fails warnings where they are to', () => {
    const strict = parseXml(junitReport(REPORT, { strict: true }));
    expect(strict.attributes.failures).toBe('2');
    expect(strict.children[1]?.children[0]?.children[0]).toMatchObject({ name: 'failure', attributes: { type: 'warn' } });
  });
});
