/** The release of a PostgreSQL server, out of the number that it gives for its version. */
import { expect, it } from 'vitest';
import type { FactDefinition } from '../../src/core/model.js';
import { loadPack, packDir } from '../../src/pack/load.js';
import { capturesOf } from '../../src/probes/command.js';

const { facts, releases } = loadPack(packDir('postgresql'));
const part = (name: string, text: string) => {
  const { captures } = facts[name] as Extract<FactDefinition, { captures: string }>;
  return new RegExp(captures).test(text) ? capturesOf(text, captures) : undefined;
};

it.each([
  [90300, '9.3.0', '9.3'],
  [90624, '9.6.24', '9.6'],
  [100000, '10.0', '10'],
  [120009, '12.9', '12'],
  [170010, '17.10', '17'],
  [180002, '18.2', '18'],
])('%i is %s', (number, build, release) => {
  const [ten, nine] = [part('ofTen', String(number)), part('ofNine', String(number))];
  const told = [ten && `${ten.major}.${ten.minor}`, nine && `9.${nine.second}.${nine.third}`].filter(Boolean);
  expect(told).toEqual([build]);
  const parsed = releases.parse(build);
  expect(parsed && releases.nameOf(parsed)).toBe(release);
});
