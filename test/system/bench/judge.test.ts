/** When the script is a measure, which ratio is far above its limit, and which count is above its own. */
import { describe, expect, it } from 'vitest';
import { type Counts, countsBeyond, faultsOfScript, isBeyond, type Limits, median } from './judge.js';

describe('a script by hand is a measure', () => {
  const fair = { script: 1000, login: 400, onHosts: 500, testinfra: 2500 };
  const own = (times: string) => `the script takes ${times} times a login and its own commands, at most 1.15 is fair`;
  const quick = (times: string) => `testinfra takes ${times} times the script, a fair script is 2 times as quick`;

  it.each([
    ['when it costs little more than a login and its commands, and testinfra twice as much', fair, []],
    ['at the very limits', { script: 1150, login: 500, onHosts: 500, testinfra: 2300 }, []],
    ['where testinfra is not installed, by its own cost alone', { ...fair, testinfra: undefined }, []],
    ['not when it dawdles', { ...fair, script: 1200 }, [own('1.33')]],
    ['not when testinfra is nearly as quick', { ...fair, testinfra: 1990 }, [quick('1.99')]],
    ['not for two reasons', { ...fair, script: 1300 }, [own('1.44'), quick('1.92')]],
    ['not when nothing was measured', { ...fair, script: Number.NaN }, [own('NaN'), quick('NaN')]],
    ['not when testinfra was not measured', { ...fair, testinfra: Number.NaN }, [quick('NaN')]],
  ])('%s', (_, figures, faults) => {
    expect(faultsOfScript(figures)).toEqual(faults);
  });
});

describe('a ratio is far above its limit', () => {
  it.each([
    [1.95, 1.3, false],
    [1.96, 1.3, true],
    [3, 2, false],
    [3.01, 2, true],
    [0.5, 2, false],
    [Number.NaN, 2, true],
  ])('%d of %d: %s', (ratio, limit, far) => {
    expect(isBeyond(ratio, limit)).toBe(far);
  });
});

describe('counts', () => {
  const limits: Limits = { logins: 1, programs: 100, waits: 20, bytes: 1000, memoryMiB: 130 };
  const good: Counts = { logins: [1, 1], programs: [100, 90], waits: [20, 19], bytes: 1000, memoryMiB: 130 };

  it.each<[string, Partial<Counts>, string[]]>([
    ['hold at their limits', {}, []],
    ['hold where the way does not count waits', { waits: undefined }, []],
    ['do not hold for a second login to one host', { logins: [1, 2] }, ['logins']],
    ['do not hold for a program too many on one host', { programs: [101, 1] }, ['programs']],
    ['do not hold for a wait too many', { waits: [3, 21] }, ['waits']],
    ['do not hold for a byte too many', { bytes: 1001 }, ['bytes']],
    ['do not hold for memory', { memoryMiB: 130.1 }, ['memoryMiB']],
    ['are named, all that are above', { logins: [2, 2], bytes: 2000 }, ['logins', 'bytes']],
    ['that are no numbers do not hold', { programs: [Number.NaN, 1] }, ['programs']],
    ['of no host do not hold', { logins: [], waits: [] }, ['logins', 'waits']],
  ])('%s', (_, counted, beyond) => {
    expect(countsBeyond({ ...good, ...counted }, limits)).toEqual(beyond);
  });
});

describe('the median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[7], 7],
    [[10, 9, 100], 10],
    [[], Number.NaN],
  ])('of %j is %d', (values, middle) => {
    expect(median(values)).toBe(middle);
  });
});
