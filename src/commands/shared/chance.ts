import type { Context } from '../../context.js';

/** From 0 to 1, each as likely as any other. */
export function chance({ random }: Pick<Context, 'random'>): number {
  return Buffer.from(random(4)).readUInt32BE() / 2 ** 32;
}
