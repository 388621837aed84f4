/** `npm run mutate`: loads mutate.ts, which is written as the rest of the tests is. */
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const { module } = await runnerImport(fileURLToPath(new URL('mutate.ts', import.meta.url)));
process.exitCode = await module.mutate(process.argv.slice(2));
