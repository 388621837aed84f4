/**
 * `npm test` runs what is quick, and `npm run test:slow` what is about processes, terminals and browsers, or plays long
 * scenes: files named `*.slow.test.ts`. The lab, the cluster and the pairs of PostgreSQL servers have configurations of their own.
 */
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const apart = [
  ...['test/system/lab/**', 'test/system/cluster/**', 'test/system/postgresql/**'],
  ...configDefaults.exclude,
];
const slow = 'test/**/*.slow.test.ts';

const source = fileURLToPath(new URL('src/', import.meta.url));
const program = fileURLToPath(new URL('dist/', import.meta.url));

/**
 * What a test imports from `src/` comes out of `dist/`: nothing is transformed, and schemas and packs are compiled already. Only
 * under npm, which has just built it; `npx vitest run FILE` runs the sources as they are.
 */
const built = {
  name: 'built',
  enforce: 'pre' as const,
  resolveId(id: string, importer?: string) {
    if (!id.startsWith('.') || importer === undefined) return null;
    const file = fileURLToPath(new URL(id, `file://${importer}`));
    return file.startsWith(source) ? { id: `${program}${file.slice(source.length)}`, external: true } : null;
  },
};

export default defineConfig({
  plugins: process.env.npm_lifecycle_event?.startsWith('test') ? [built] : [],
  test: {
    setupFiles: ['test/setup.ts'],
    // The built program is what it is: nothing transforms it.
    server: { deps: { external: [/\/node_modules\//, /\/dist\//] } },
    // Much of a run is waiting: for hosts, for programs, for time to pass.
    maxWorkers: 2,
    // A limit for what hangs, also on a machine that has much else to do.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/skipped.ts'],
    projects: [
      // One process for many files: what they import is loaded once, packs and demos are read once.
      {
        extends: true,
        test: { name: 'quick', include: ['test/**/*.test.ts'], exclude: [...apart, slow], isolate: false },
      },
      { extends: true, test: { name: 'slow', include: [slow], exclude: apart, isolate: false } },
    ],
  },
});
