import { type CheckReport, type CheckResult, GROUP_TITLES, GROUPS } from '../../core/check/model.js';

/**
 * A report as JUnit XML: a suite a group, a case a check. What may be in it is what Jenkins, GitLab and the GitHub actions that
 * read it agree on (https://github.com/jenkinsci/xunit-plugin, junit-10.xsd). Warnings are failures only where they are to be.
 */
export function junitReport(report: CheckReport, options: { readonly strict: boolean }): string {
  const { summary, results } = report;
  const suites = GROUPS.map((group) => results.filter((result) => result.group === group)).filter((cases) => cases.length > 0);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xml(`webhook check ${summary.url}`)}" tests="${results.length}" failures="${failures(results, options.strict)}" errors="0" time="${seconds(summary.durationMs)}">`,
    ...suites.flatMap((cases) => suite(cases, report, options.strict)),
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
}

function suite(cases: readonly CheckResult[], report: CheckReport, strict: boolean): string[] {
  const [first] = cases;
  if (first === undefined) return [];
  const time = cases.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const skipped = cases.filter(({ status }) => status === 'skip').length;
  const timestamp = new Date(report.startedAt).toISOString().slice(0, 19);
  return [
    `  <testsuite name="${xml(GROUP_TITLES[first.group])}" id="${first.group}" tests="${cases.length}" failures="${failures(cases, strict)}" errors="0" skipped="${skipped}" time="${seconds(time)}" timestamp="${timestamp}" hostname="${xml(hostOf(report.summary.url))}">`,
    ...cases.flatMap((result) => testCase(result, report.summary.provider, strict)),
    '  </testsuite>',
  ];
}

function testCase(result: CheckResult, provider: string, strict: boolean): string[] {
  const open = `    <testcase name="${xml(result.title)}" classname="${xml(`${provider}.${result.id}`)}" time="${seconds(result.durationMs)}"`;
  const detail = `${result.message}\nWhy: ${result.why}\nFix: ${result.fix}`;
  if (isFailure(result, strict)) {
    return [
      `${open}>`,
      `      <failure message="${xml(result.message)}" type="${result.status}">${xml(detail)}</failure>`,
      '    </testcase>',
    ];
  }
  if (result.status === 'skip') return [`${open}>`, `      <skipped message="${xml(result.message)}"/>`, '    </testcase>'];
  if (result.status === 'warn')
    return [`${open}>`, `      <system-out>${xml(`Warning: ${detail}`)}</system-out>`, '    </testcase>'];
  return [`${open}/>`];
}

function isFailure({ status }: CheckResult, strict: boolean): boolean {
  return status === 'fail' || (strict && status === 'warn');
}

function failures(results: readonly CheckResult[], strict: boolean): number {
  return results.filter((result) => isFailure(result, strict)).length;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 cannot hold, not even escaped
const UNWRITABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

function xml(text: string): string {
  // UTF-8 has no half characters: they become replacement characters on the way.
  const wellFormed = Buffer.from(text, 'utf8').toString('utf8');
  return wellFormed.replace(UNWRITABLE, '\ufffd').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
