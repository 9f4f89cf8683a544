import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Attempt } from '../../../src/core/delivery/delivery.js';
import { createStatistics } from '../../../src/core/delivery/statistics.js';

const base = { target: 'http://localhost:3000/', startedAt: 0, replay: false };
const answered = (status: number, durationMs: number): Attempt => ({
  ...base,
  outcome: 'responded',
  status,
  headers: [],
  body: new Uint8Array(),
  durationMs,
});

it('counts statuses and failures, and gives percentiles of what was answered', () => {
  const statistics = createStatistics();
  for (let ms = 100; ms >= 1; ms--) statistics.add(answered(ms > 98 ? 503 : 200, ms));
  statistics.add({ ...base, outcome: 'failed', reason: 'timeout', message: '', durationMs: 10_000 });
  expect(statistics.read()).toEqual({ attempts: 101, statuses: { '200': 98, '503': 2, timeout: 1 }, p50: 50, p95: 95, p99: 99 });
});

it('knows no percentile where nothing was answered', () => {
  expect(createStatistics().read()).toEqual({ attempts: 0, statuses: {}, p50: null, p95: null, p99: null });
});

it('gives percentiles that were measured, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(10_000), { minLength: 1 }), (durations) => {
      const statistics = createStatistics();
      for (const ms of durations) statistics.add(answered(200, ms));
      const { p50, p95, p99 } = statistics.read();
      expect(durations).toEqual(expect.arrayContaining([p50, p95, p99]));
      expect([p50, p95, p99]).toEqual([p50, p95, p99].sort((a, b) => Number(a) - Number(b)));
    }),
  );
});

it('of very many are near enough, and take no more memory than of some', () => {
  const statistics = createStatistics();
  const durations = Array.from({ length: 50_000 }, (_, index) => ((index * 7919) % 50_000) / 10 + 0.1);
  for (const ms of durations) statistics.add(answered(200, ms));
  const { p50, p95, p99 } = statistics.read();
  for (const [told, is] of [
    [p50, 2_500],
    [p95, 4_750],
    [p99, 4_950],
  ] as const)
    expect(Math.abs((told ?? 0) - is) / is).toBeLessThan(0.006);
});
