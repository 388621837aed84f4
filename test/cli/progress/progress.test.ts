/** Who gets to see progress, and what it costs who does not. */
import { describe, expect, it } from 'vitest';
import { isWatched, startProgress } from '../../../src/cli/progress/index.js';

describe('progress is shown', () => {
  const terminal = { isTTY: true, columns: 80 };
  it.each<[string, { isTTY: boolean; columns: number }, NodeJS.ProcessEnv, boolean]>([
    ['on a terminal', terminal, { TERM: 'xterm' }, true],
    ['on one without colours', terminal, { TERM: 'xterm', NO_COLOR: '1' }, true],
    ['where CI says that it is none', terminal, { TERM: 'xterm', CI: 'false' }, true],
    ['where CI says nothing', terminal, { CI: '' }, true],
    ['not in CI', terminal, { TERM: 'xterm', CI: 'true' }, false],
    ['not on a terminal that cannot go back', terminal, { TERM: 'dumb' }, false],
    ['not on one that does not know its width', { ...terminal, columns: 0 }, {}, false],
    ['not in a file', { isTTY: false, columns: 80 }, { TERM: 'xterm' }, false],
  ])('%s', (_, stream, env, watched) => {
    expect(isWatched(stream, env)).toBe(watched);
  });

  it('by nobody who would be told of every question, and with no timer, where nobody looks', async () => {
    const { isTTY } = process.stderr;
    process.stderr.isTTY = false;
    const timers = () => process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;
    try {
      const before = timers();
      const progress = await startProgress([]);
      progress.countDown(60_000);
      expect(progress.observer).toBeUndefined();
      expect(timers()).toBe(before);
      progress.end();
    } finally {
      process.stderr.isTTY = isTTY;
    }
  });
});
