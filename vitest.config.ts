import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Without these conditions vitest and Node load two builds of graphql, and a schema of one is foreign to the other.
  ssr: { resolve: { conditions: ['module-sync', 'node', 'development'] } },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    // Browsers open what `npm start` would serve.
    globalSetup: 'test/helpers/build-playground.ts',
  },
});
