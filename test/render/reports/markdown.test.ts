import { expect, it } from 'vitest';
import { markdownReport } from '../../../src/render/reports/markdown.js';
import { REPORT } from './sample.js';

it('says what it means, then what to change, then everything', () => {
  const lines = markdownReport(REPORT).split('\n');
  expect(lines[0]).toBe('## Webhook endpoint fails');
  expect(lines[2]).toBe(
    '`http://localhost:3000/webhooks?a=1&b="2"` as `connect2print`: 1 passed, 1 warning, 1 failed, 1 not tried; 3 requests in 1.2 s.',
  );
  expect(lines[4]).toBe('> **It fails over what it should refuse: garbage.** Compare the lengths first. Then answer 401.');
  expect(lines.filter((line) => line.startsWith('- '))).toHaveLength(2);
  expect(lines).toContain('| ✅ | rejects.missing | It answered 401. |');
  expect(lines).toContain('| | **Hygiene** | |');
});

it('lets nothing that an endpoint said be mark-up, a mention or a new line', () => {
  const text = markdownReport(REPORT);
  expect(text).not.toContain('<b>');
  expect(text).not.toContain('@everyone');
  expect(text).toContain('\\<b\\>');
  // Four columns' edges a row, and no edge from inside.
  const row = text.split('\n').find((line) => line.startsWith('| ❌')) ?? '';
  expect(row.match(/(?<!\\)\|/g)).toHaveLength(4);
  expect(row).toMatch(/\|$/);
});
