import { Writable } from 'node:stream';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLineWriter } from '../../src/render/output.js';
import { fakeStream } from './fake-terminal.js';

/** A reader that takes nothing until it is told to. */
function stalled(): { stream: Writable; chunks: string[]; resume(): void } {
  const chunks: string[] = [];
  let pending: (() => void) | null = null;
  let open = false;
  const stream = new Writable({
    highWaterMark: 1,
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      chunks.push(chunk);
      if (open) done();
      else pending = done;
    },
  });
  return {
    stream,
    chunks,
    resume() {
      open = true;
      pending?.();
    },
  };
}

const nextTick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('createLineWriter', () => {
  it('writes the lines of one tick as one piece', async () => {
    const stream = fakeStream();
    const write = vi.spyOn(stream, 'write');
    const writer = createLineWriter(stream);
    writer.line('a');
    writer.line('b');
    expect(write).not.toHaveBeenCalled();
    await nextTick();
    expect(write).toHaveBeenCalledTimes(1);
    expect(stream.text()).toBe('a\nb\n');
  });

  it('under load, writes once in some milliseconds, and at once when it is flushed', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const stream = fakeStream();
    const write = vi.spyOn(stream, 'write');
    const writer = createLineWriter(stream);
    for (let i = 0; i < 10; i++) {
      writer.line(`line ${i}`);
      await nextTick();
      vi.advanceTimersByTime(1);
    }
    expect(write).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(20);
    expect(write).toHaveBeenCalledTimes(2);
    writer.line('last');
    await writer.flush();
    expect(write).toHaveBeenCalledTimes(3);
    expect(stream.text()).toBe(`${Array.from({ length: 10 }, (_, i) => `line ${i}`).join('\n')}\nlast\n`);
  });

  it('drops nothing while the reader stalls', async () => {
    const { stream, chunks, resume } = stalled();
    const writer = createLineWriter(stream);
    const lines = Array.from({ length: 5_000 }, (_, i) => `line ${i} ${'x'.repeat(500)}`);
    for (const line of lines) writer.line(line);
    await nextTick();
    for (const line of lines) writer.line(line);
    let roomy = false;
    const room = writer.room().then(() => {
      roomy = true;
    });
    await nextTick();
    expect(roomy).toBe(false);
    resume();
    await room;
    await writer.flush();
    expect(chunks.join('')).toBe(`${[...lines, ...lines].join('\n')}\n`);
  });

  it('leaves lines out beyond its bound, and says how many, in their place', async () => {
    const { stream, chunks, resume } = stalled();
    const writer = createLineWriter(stream, { skipBeyond: 30, skipped: (count) => `… ${count} lines skipped` });
    writer.line('first');
    writer.push();
    for (let i = 0; i < 10; i++) writer.line('0123456789');
    resume();
    await writer.flush();
    writer.line('last');
    await writer.flush();
    expect(chunks.join('')).toBe('first\n0123456789\n0123456789\n… 8 lines skipped\nlast\n');
  });

  it('says once that the reader has gone, and is silent from then on', async () => {
    const onClosed = vi.fn();
    const stream = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('gone'), { code: 'EPIPE' })),
    });
    const writer = createLineWriter(stream, { onClosed });
    writer.line('a');
    await writer.flush();
    expect(writer.closed).toBe(true);
    writer.line('b');
    await writer.flush();
    await writer.room();
    expect(onClosed).toHaveBeenCalledTimes(1);
  });
});
