/** Which earlier evidence a run may be compared with. */
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/core/model.js';
import { type Baseline, checkBaseline } from '../../src/evidence/baseline.js';

type Hosts = [role: string, name: string, address: string][];

const pair: Hosts = [
  ['primary', 'a', '10.0.0.1'],
  ['secondary', 'b', '10.0.0.2'],
];
const runOf = (hosts: Hosts, takenAt: string, more: object = {}) =>
  ({
    takenAt,
    run: { phases: [], selection: { only: [], skip: [] } },
    inventory: { product: 'twin', hosts: hosts.map(([role, name, address]) => ({ role, name, address })) },
    ...more,
  }) as unknown as Baseline & Evidence;
const declared = { run: { declared: { sources: [] } } };
const [THEN, NOW] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'];

const refusal = (then: Baseline, now = runOf(pair, NOW), roles = ['primary', 'secondary']) => {
  try {
    checkBaseline(then, now, { name: 'twin', pair: roles }, 'then.json');
  } catch (error) {
    return (error as Error).message;
  }
  return 'fits';
};
const another = (there: string) =>
  `then.json: is of another pair: the host of the role secondary is ${there} there and b (10.0.0.2) here; a baseline has the names, roles and addresses of the pair that is judged`;

describe('earlier evidence', () => {
  it.each<[string, Baseline, string]>([
    ['of the same pair fits', runOf(pair, THEN), 'fits'],
    ['with hosts beside the pair fits', runOf([...pair, ['observer', 'c', '10.0.0.3']], THEN), 'fits'],
    [
      'of another address does not',
      runOf([pair[0] as Hosts[0], ['secondary', 'b', '10.0.0.9']], THEN),
      another('b (10.0.0.9)'),
    ],
    [
      'of another name does not',
      runOf([pair[0] as Hosts[0], ['secondary', 'c', '10.0.0.2']], THEN),
      another('c (10.0.0.2)'),
    ],
    ['without one of the hosts does not', runOf(pair.slice(0, 1), THEN), another('nobody')],
    [
      'of two hosts where there is one does not',
      runOf([...pair, ['secondary', 'c', '10.0.0.3']], THEN),
      another('b (10.0.0.2), c (10.0.0.3)'),
    ],
    [
      'of another product does not',
      runOf(pair, THEN, { inventory: { product: 'other', hosts: [] } }),
      'then.json: is about other, and this run about twin',
    ],
    [
      'of the same moment does not',
      runOf(pair, NOW),
      `then.json: was taken at ${NOW}, and this run at ${NOW}; a baseline is older than the run it is compared with`,
    ],
    [
      'of a moment that is later, though it is written with a smaller hour, does not',
      runOf(pair, '2026-01-01T23:00:00-02:00'),
      `then.json: was taken at 2026-01-01T23:00:00-02:00, and this run at ${NOW}; a baseline is older than the run it is compared with`,
    ],
  ])('%s', (_, then, says) => {
    expect(refusal(then)).toBe(says);
  });

  it('that is declared may have no addresses yet, and has the names', () => {
    const moved = (name: string): Hosts => [pair[0] as Hosts[0], ['secondary', name, '10.0.0.9']];
    expect(refusal(runOf(moved('b'), THEN, declared))).toBe('fits');
    expect(refusal(runOf(moved('c'), THEN, declared))).toContain('is c (of any address) there');
  });

  it('of several hosts of a role fits in any order', () => {
    const hosts: Hosts = [
      ['node', 'b', '10.0.0.2'],
      ['node', 'a', '10.0.0.1'],
      ['node', 'c', '10.0.0.3'],
    ];
    const [b, a, c] = hosts as [Hosts[0], Hosts[0], Hosts[0]];
    for (const order of [hosts, [a, b, c], [c, b, a]])
      expect(refusal(runOf(order, THEN), runOf(hosts, NOW), ['node'])).toBe('fits');
  });
});
