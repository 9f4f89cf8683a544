/** Signatures that providers published, verified by the program as it is installed: bundled, minified, its definitions filled in by the build. */
import { expect, it } from 'vitest';
import { changed, titledVectors, verifyCall } from '../core/signature/vectors.js';
import { run } from '../support/program.js';
import { ndjson } from '../support/running.js';

it.each(titledVectors)('%s', async (_, vector) => {
  const [right, wrong] = await Promise.all(
    [vector, changed(vector)].map((one) => {
      const { args, options } = verifyCall(one);
      return run(args, options);
    }),
  );
  expect(right).toMatchObject({ code: 0, stderr: '' });
  expect(ndjson(right?.stdout ?? '')).toEqual([expect.objectContaining({ status: 'valid', provider: vector.provider })]);
  expect(wrong?.code).toBe(3);
  expect(ndjson(wrong?.stdout ?? '')).toEqual([expect.objectContaining({ status: 'invalid', reason: 'mismatch' })]);
});
