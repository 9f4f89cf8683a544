import type { CheckReport, CheckResult } from '../../core/check/model.js';

const LEVELS = { fail: 'error', warn: 'warning' } as const;

/**
 * A report as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/): a rule a check, a result for each that failed or
 * warned.
 *
 * @param file The place of all of them, relative to the repository: an endpoint is no file, and code scanning takes no finding
 *   without one (https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning).
 */
export function sarifReport({ summary, results, diagnosis }: CheckReport, version: string, file: string): string {
  const open = results.filter(({ status }) => status === 'fail' || status === 'warn');
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'webhook check',
            version,
            rules: results.map(({ id, title, why, fix }) => ({
              id,
              shortDescription: { text: title },
              fullDescription: { text: why },
              help: { text: fix },
            })),
          },
        },
        invocations: [{ executionSuccessful: true }],
        results: open.map((result) => resultOf(result, results, summary.url, file)),
        properties: { provider: summary.provider, verdict: summary.verdict, diagnosis },
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function resultOf(result: CheckResult, all: readonly CheckResult[], url: string, file: string): unknown {
  return {
    ruleId: result.id,
    ruleIndex: all.indexOf(result),
    level: result.status === 'fail' ? LEVELS.fail : LEVELS.warn,
    message: { text: `${result.title}: ${result.message} ${result.fix}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
          region: { startLine: 1 },
        },
        logicalLocations: [{ fullyQualifiedName: url, kind: 'resource' }],
      },
    ],
  };
}
