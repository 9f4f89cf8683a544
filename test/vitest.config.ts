import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  define: { WEBHOOK_VERSION: JSON.stringify('0.0.0-test') },
  test: {
    include: ['test/**/*.test.ts'],
    // A test that hangs says so; nothing here should need as long.
    testTimeout: 30_000,
    hookTimeout: 120_000,
    restoreMocks: true,
    // Starting a fresh process for each file takes longer than most files do; tests that need one spawn it themselves.
    isolate: false,
  },
});

export default config;
