import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** What runs the packed program: packing it is not for the others to wait for. */
const PACKED = 'test/e2e/**/*.test.ts';

const config: ViteUserConfig = defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  define: { WEBHOOK_VERSION: JSON.stringify('0.0.0-test') },
  test: {
    // A test that hangs says so; nothing here should need as long.
    testTimeout: 30_000,
    setupFiles: ['test/support/fuzz.ts'],
    hookTimeout: 120_000,
    restoreMocks: true,
    // Starting a fresh process for each file takes longer than most files do; tests that need one spawn it themselves.
    isolate: false,
    // Much of it waits for disks and other processes.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [PACKED] } },
      { extends: true, test: { name: 'packed', include: [PACKED], globalSetup: ['test/support/pack.ts'] } },
    ],
  },
});

export default config;
