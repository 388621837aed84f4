/** Pairs of real PostgreSQL servers (`npm run test:postgresql`): two versions at a time, each with hosts of its own. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  test: {
    include: ['test/system/postgresql/**/*.test.ts'],
    pool: 'forks',
    // Much of a run is waiting for servers.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // The built program runs in the process of the tests, as Node itself loads it.
    server: { deps: { external: [/\/dist\//] } },
    reporters: ['verbose'],
    chaiConfig: { truncateThreshold: 200 },
  },
});
