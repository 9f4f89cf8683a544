/** What forwarding adds to an answer's time, verification and durable keeping included, against calling the app itself. */
import { here, inFolder, listen, load, spread, start } from './tools.mjs';

const ROUNDS = 5;

export async function* forwarding() {
  yield await inFolder(async (folder) => {
    const app = start([here('bare.mjs')]);
    const appPort = await app.port;
    const ours = listen(folder, ['--forward-to', `http://127.0.0.1:${appPort}`]);
    const ourPort = await ours.port;
    const once = (port) => load(port, { connections: 1, seconds: 2, size: 400 });
    await once(ourPort);
    const medians = [];
    const tails = [];
    for (let i = 0; i < ROUNDS; i++) {
      const [through, alone] = [await once(ourPort), await once(appPort)];
      medians.push(through.p50 - alone.p50);
      tails.push(through.p99 - alone.p99);
    }
    await ours.stop();
    await app.stop();
    const { median, min, max } = spread(medians);
    return {
      what: 'forwarding, 1 connection',
      value: `+${median.toFixed(2)} ms (median)`,
      spread: `${min.toFixed(2)} … ${max.toFixed(2)} ms`,
      budget: '≤ 0.8 ms',
      note: `p99 +${spread(tails).median.toFixed(1)} ms`,
    };
  });
}
