/** The lab's own run (`npm run test:lab`): two files at a time, with time for the hosts to start. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  test: {
    include: ['test/system/lab/**/*.test.ts', 'test/system/cluster/**/*.test.ts'],
    pool: 'forks',
    // Two labs side by side, each with a network of its own: most of a run is waiting.
    maxWorkers: 2,
    // The files of a worker share its labs.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The built program runs in the process of the tests, as Node itself loads it.
    server: { deps: { external: [/\/dist\//] } },
    reporters: ['verbose'],
    // A row's name in full: two that begin alike are told apart.
    chaiConfig: { truncateThreshold: 200 },
  },
});
