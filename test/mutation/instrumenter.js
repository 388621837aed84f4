/** Stryker's instrumenter, without a log. */
import { Instrumenter } from '@stryker-mutator/instrumenter';

const silent = {
  ...Object.fromEntries(['trace', 'debug', 'info', 'warn', 'error', 'fatal'].map((level) => [level, () => undefined])),
  isDebugEnabled: () => false,
};

/** Instruments files; mutants of the kinds named are not made. */
export const instrumentFiles = (files, excludedMutations) =>
  new Instrumenter(silent).instrument(files, { plugins: null, excludedMutations, ignorers: [] });
