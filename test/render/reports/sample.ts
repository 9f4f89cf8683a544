import type { CheckReport, CheckResult } from '../../../src/core/check/model.js';

const result = (id: string, status: CheckResult['status'], message: string, title = id): CheckResult => ({
  id,
  group: id.startsWith('rejects') ? 'rejects' : 'hygiene',
  title,
  why: 'It matters.',
  fix: 'Mend it.',
  status,
  message,
  requests: 1,
  durationMs: 12.34,
});

/** A report with one of each, and with what an endpoint could have put into it. */
export const REPORT: CheckReport = {
  startedAt: Date.UTC(2026, 10, 22, 14, 2, 11),
  summary: {
    url: 'http://localhost:3000/webhooks?a=1&b="2"',
    provider: 'connect2print',
    verdict: 'fail',
    passed: 1,
    warned: 1,
    failed: 1,
    skipped: 1,
    requests: 3,
    durationMs: 1_234.5,
  },
  results: [
    result('rejects.missing', 'pass', 'It answered 401.'),
    result(
      'rejects.garbage',
      'fail',
      'It answered 500 (<b>]]>\u0000\u001b[31m "x" & \ud800\r\n::error::@everyone | `x`)',
      'a signature of "garbage"',
    ),
    result('rejects.stale', 'skip', 'It signs no time.'),
    result('hygiene.rubbish', 'warn', 'It took up to 1200 ms to refuse it.', 'rubbish: refused, at once'),
  ],
  diagnosis: [
    {
      code: 'crashes_on_malformed',
      message: 'It fails over what it should refuse: garbage.',
      hint: 'Compare the lengths first.\nThen answer 401.',
    },
  ],
};
