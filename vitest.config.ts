import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { Table } from './test/reliability/table.ts';

const rows = 'test/reliability/**/*.test.ts';

/** In the mode `reliability` only its rows run, all of them, one after another. */
export default defineConfig(({ mode }) => ({
  // Without these conditions vitest and Node load two builds of graphql, and a schema of one is foreign to the other.
  ssr: { resolve: { conditions: ['module-sync', 'node', 'development'] } },
  test: {
    // Only a hang takes as long as this, however slow or busy the machine is.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    expect: { poll: { timeout: 60_000 } },
    // Tests wait more than they work: a core that is left to others is left idle.
    maxWorkers: availableParallelism(),
    // Browsers open what `npm start` would serve.
    globalSetup: 'test/helpers/build-pages.ts',
    ...(mode === 'reliability'
      ? {
          include: [rows],
          env: { RELIABILITY: 'whole' },
          fileParallelism: false,
          reporters: ['default', new Table()],
        }
      : { include: ['test/**/*.test.ts'] }),
  },
}));
