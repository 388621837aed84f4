/** Properties draw from one seed, so that a run says the same twice; PAIRFLIGHT_SEED=$RANDOM looks elsewhere. */
import fc from 'fast-check';
import { afterAll } from 'vitest';

fc.configureGlobal({ seed: Number(process.env.PAIRFLIGHT_SEED ?? 20_260_131) });

// Files share a process: what one of them sets in the environment is not the next one's.
const environment = { ...process.env };
afterAll(() => {
  for (const name of Object.keys(process.env)) if (!Object.hasOwn(environment, name)) delete process.env[name];
  Object.assign(process.env, environment);
});
