/** `listen` (verify, keep durably, answer) against node:http that reads the body and answers, under the same load. */
import { here, inFolder, listen, load, paired, spread, start } from './tools.mjs';

const LOADS = [400, 10_000, 1_000_000].flatMap((size) => [1, 32, 256].map((connections) => [connections, size]));
const SECONDS = 2;
/** Beyond it, each run takes longer than its seconds: what is in flight is waited for. */
const LARGE = 100_000;

export async function* listening() {
  for (const [connections, size] of LOADS) {
    const load1 = { connections, seconds: SECONDS, size };
    yield await inFolder(async (folder) => {
      const bare = start([here('bare.mjs')]);
      const ours = listen(folder);
      const [barePort, ourPort] = [await bare.port, await ours.port];
      // Both are warm before the clock starts.
      await load(barePort, { ...load1, seconds: 1 });
      await load(ourPort, { ...load1, seconds: 1 });
      const latencies = [];
      const rates = [];
      const result = await paired(
        size > LARGE ? 2 : 3,
        async () => {
          const { rate, p99 } = await load(ourPort, load1);
          latencies.push(p99);
          rates.push(rate);
          return rate;
        },
        async () => (await load(barePort, load1)).rate,
      );
      await bare.stop();
      await ours.stop();
      const budget = connections === 32 && size === 400 ? '≥ 50 %, p99 ≤ 25 ms' : '≥ 50 %';
      return {
        what: `\`listen\`, ${connections} connections, ${size} B`,
        value: `${(result.median * 100).toFixed(0)} % of node:http`,
        spread: `${(result.min * 100).toFixed(0)} … ${(result.max * 100).toFixed(0)} %`,
        budget,
        note: `${spread(rates).median.toFixed(0)}/s, p99 ${spread(latencies).median.toFixed(1)} ms`,
      };
    });
  }
}
