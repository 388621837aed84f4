import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    exclude: ['test/system/lab/**', 'test/system/cluster/**', 'node_modules/**'],
    // The built program is what it is: nothing transforms it.
    server: { deps: { external: [/\/node_modules\//, /\/dist\//] } },
    // Much of a run is waiting: for hosts, for programs, for time to pass.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
