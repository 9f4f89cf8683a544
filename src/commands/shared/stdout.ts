import type { Output } from '../../context.js';

/** Writes bytes as they are and waits until they are handed over. What fails is for the process to tell, as with every other output. */
export async function writeBytes(stream: Output, bytes: Uint8Array): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.write(bytes, () => resolve());
  });
}
