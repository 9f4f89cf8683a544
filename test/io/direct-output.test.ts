import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { directOutput } from '../../src/io/direct-output.js';
import { temporaryFolder } from '../support/folder.js';

/** A file to write to, and the stream that would be opened for it. */
function stage(flags = 'w') {
  const path = join(temporaryFolder(), 'out');
  closeSync(openSync(path, 'w'));
  const fd = openSync(path, flags);
  onTestFinished(() => closeSync(fd));
  const stream = new PassThrough();
  const open = vi.fn(() => stream);
  return { path, stream, open, output: directOutput(fd, open), streamed: () => String(stream.read() ?? '') };
}

describe('a little output', () => {
  it('goes straight to its file, in order, and says when', async () => {
    const { path, open, output } = stage();
    expect(output.write('one\n')).toBe(true);
    await new Promise<void>((resolve) => output.write(Buffer.from('t\u00fcwo\n'), resolve));
    expect(readFileSync(path, 'utf8')).toBe('one\nt\u00fcwo\n');
    expect([open.mock.calls.length, output.isTTY]).toEqual([0, undefined]);
  });

  it('leaves the rest to the stream once it is more', () => {
    const { path, open, output, streamed } = stage();
    output.write('a'.repeat(10_000));
    output.write('b'.repeat(10_000));
    output.write('c');
    expect(readFileSync(path, 'utf8')).toBe('a'.repeat(10_000));
    expect(streamed()).toBe(`${'b'.repeat(10_000)}c`);
    expect(open).toHaveBeenCalledTimes(1);
  });

  it('leaves to the stream what cannot be written, and who listens hears what comes of it', () => {
    const { stream, output, streamed } = stage('r');
    const heard: string[] = [];
    output.on('error', (error) => heard.push(`error ${error?.message}`));
    output.once('drain', () => heard.push('drain'));
    output.write('for a file that is only read');
    expect(streamed()).toBe('for a file that is only read');
    output.on('close', () => heard.push('close'));
    for (const event of ['drain', 'drain', 'close']) stream.emit(event);
    stream.emit('error', new Error('full'));
    expect(heard).toEqual(['drain', 'close', 'error full']);
  });
});

it('is the stream itself where the descriptor is neither file nor pipe', () => {
  const stream = new PassThrough();
  expect(directOutput(-1, () => stream)).toBe(stream);
});
