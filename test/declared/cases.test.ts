/** Cases of mappings: those of the packs come out, and a change of any mapping is noticed. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testMappings } from '../../src/declared/cases.js';
import { allPacks, loadPack, packDir } from '../../src/pack/load.js';

const casesOf = (dir: string) => {
  const file = join(dir, 'declared.cases.yaml');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
};

describe('the mappings of the packs', () => {
  const mapped = allPacks().filter(({ mappings }) => mappings);
  it.each(mapped.map((pack) => [pack.name, pack] as const))(
    '%s: every case comes out, and each mapping has its case',
    (_, pack) => {
      const { cases, failures, gaps } = testMappings(pack, casesOf(pack.dir), 'declared.cases.yaml');
      expect([failures, gaps]).toEqual([[], []]);
      expect(cases).toBeGreaterThan(1);
    },
  );

  it('are told where they have no cases', () => {
    expect(testMappings(loadPack(packDir('alation')), undefined, 'x.yaml').gaps).toEqual([
      expect.stringContaining('x.yaml: is missing'),
    ]);
  });
});

describe('cases of mappings', () => {
  const alation = loadPack(packDir('alation'));
  const first =
    '- { name: a volume, part: dataDisk, type: aws_ebs_volume, after: { size: 500 }, expect: { EXPECT } }\n';
  const ran = (expected: string) => testMappings(alation, first.replace('EXPECT', expected), 'x.yaml');

  it('fail where another value comes out', () => {
    const { failures } = ran(
      'filesystem.exists: { may: both, value: true }, filesystem.bytes: { may: both, value: 1 }',
    );
    expect(failures).toEqual([expect.stringMatching(/^x\.yaml:1:\d+: "a volume": comes to .*536870912000/)]);
  });

  it('leave gaps where a change would not be noticed', () => {
    const { failures, gaps } = ran(
      'filesystem.exists: { may: both, value: true }, filesystem.bytes: { may: both, value: 536870912000 }',
    );
    expect(failures).toEqual([]);
    expect(gaps).toContainEqual(
      expect.stringContaining(
        'machine aws_instance cpu.count: no case notices this change: cpu_options is taken out of unless',
      ),
    );
    expect(gaps.filter((gap) => gap.includes('dataDisk'))).toEqual([]);
  });

  it('are refused where nothing is mapped so', () => {
    expect(() =>
      testMappings(alation, first.replace('dataDisk', 'nothing').replace('EXPECT', 'a.b: { may: both }'), 'x.yaml'),
    ).toThrow('x.yaml:1:');
  });
});
