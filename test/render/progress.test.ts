import { expect, it } from 'vitest';
import { createProgress } from '../../src/render/progress.js';
import { createScreen } from '../../src/render/screen.js';
import { fakeStream } from './fake-terminal.js';

function screenOn(stream: ReturnType<typeof fakeStream>, now: () => number): Parameters<typeof createProgress>[1] {
  return createScreen({
    stream,
    env: {},
    painter: null,
    unicode: true,
    timeZone: 'UTC',
    now,
    headers: (headers) => headers,
    url: (url) => url,
    body: (body) => body,
  });
}

it('writes one line over and over, not more often than the eye can see, and takes it off', () => {
  const stream = fakeStream(40);
  let now = 0;
  const progress = createProgress(
    stream,
    screenOn(stream, () => now),
    true,
  );
  const running = progress.start('0 of 100');
  for (let i = 1; i <= 100; i++) {
    now += 2;
    running.update(`${i} of 100`);
  }
  running.done();
  expect(stream.text()).toBe('  0 of 100\r\x1b[2K  40 of 100\r\x1b[2K  80 of 100\r\x1b[2K');
});

it('gives way to other lines and comes back', () => {
  const stream = fakeStream(40);
  const progress = createProgress(
    stream,
    screenOn(stream, () => 0),
    true,
  );
  const running = progress.start('sending');
  progress.clear();
  stream.write('a line\n');
  progress.draw();
  running.done();
  progress.draw();
  expect(stream.text()).toBe('  sending\r\x1b[2Ka line\n  sending\r\x1b[2K');
});

it('is silent where there is no terminal', () => {
  const stream = fakeStream();
  const running = createProgress(
    stream,
    screenOn(stream, () => 0),
    true,
  ).start('sending');
  running.update('more');
  running.done();
  expect(stream.text()).toBe('');
});
