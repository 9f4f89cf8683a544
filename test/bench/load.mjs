/**
 * Sends requests over keep-alive connections as fast as they are answered, and says how fast that was. Run as a child
 * process: `node load.mjs <port> <connections> <seconds> <body bytes> <path>`; prints one line of JSON.
 *
 * Requests are made before the clock starts: signed Connect2Print deliveries, each with an id of its own. It speaks HTTP/1.1
 * over bare sockets, so that it costs as little as a load generator can and leaves the processor to what is measured.
 */
import { createHmac } from 'node:crypto';
import { connect } from 'node:net';

const [port, connections, seconds, size, path] = [...process.argv.slice(2, 6).map(Number), process.argv[6] ?? '/'];
const SECRET = process.env.BENCH_SECRET ?? 'bench';
const variants = Math.max(4, Math.min(20_000, Math.floor(64_000_000 / size)));
const requests = Array.from({ length: variants }, (_, i) => request(i));

function request(i) {
  const id = `wh_${process.pid.toString(16)}${i.toString(16).padStart(8, '0')}`;
  const start = `{"id":"${id}","event":"order.created","timestamp":"2026-11-22T14:00:00Z","data":{"order":{"total":499.00,"note":"`;
  const body = `${start}${'x'.repeat(Math.max(0, size - start.length - 4))}"}}}`;
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Content-Type: application/json',
    'User-Agent: bench',
    `X-Webhook-Signature: ${signature}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    '',
  ].join('\r\n');
  return Buffer.from(head + body);
}

const latencies = [];
const statuses = {};
let next = 0;
let ended = false;
const began = performance.now();
setTimeout(() => {
  ended = true;
}, seconds * 1_000);

/** One connection: a request, its whole answer, the next request. */
function run() {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    let sentAt = 0;
    let received = '';
    const send = () => {
      if (ended) {
        socket.destroy();
        resolve();
        return;
      }
      sentAt = performance.now();
      socket.write(requests[next++ % requests.length]);
    };
    socket.setEncoding('latin1');
    socket.on('connect', send);
    socket.on('data', (chunk) => {
      received += chunk;
      const head = received.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
      if (received.length < head + 4 + length) return;
      const status = received.slice(9, 12);
      statuses[status] = (statuses[status] ?? 0) + 1;
      latencies.push(performance.now() - sentAt);
      received = received.slice(head + 4 + length);
      send();
    });
    socket.on('error', reject);
    socket.on('close', () => (ended ? resolve() : reject(new Error('The server closed the connection.'))));
  });
}

await Promise.all(Array.from({ length: connections }, run));
const took = (performance.now() - began) / 1_000;
latencies.sort((a, b) => a - b);
const at = (part) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))];
console.log(JSON.stringify({ rate: latencies.length / took, p50: at(0.5), p99: at(0.99), count: latencies.length, statuses }));
process.exit(0);
