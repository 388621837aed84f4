/** `npm run bench:fleet`: loads bench.ts, which is written as the rest of the tests is. */
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const { module } = await runnerImport(fileURLToPath(new URL('bench.ts', import.meta.url)));
process.exitCode = await module.bench(process.argv.slice(2));
