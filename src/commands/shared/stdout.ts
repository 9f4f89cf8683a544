import type { Output } from '../../context.js';

/** Writes bytes as they are and waits until they are handed over; a reader that has gone away (`| head`) is no error. */
export async function writeBytes(stream: Output, bytes: Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.write(bytes, (error) => {
      if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') reject(error);
      else resolve();
    });
  });
}
