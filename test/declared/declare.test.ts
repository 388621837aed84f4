/** A declared pair: the same rules, and what a plan may tell of them. */
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import type { Evidence } from '../../src/core/model.js';
import { evidenceIn } from '../../src/evidence/evidence.js';
import { mergeEvidence } from '../../src/evidence/merge.js';
import { judgeEvidence } from '../../src/judge/report.js';
import { scopeOfEvidence } from '../../src/plan/scope.js';
import { cacheFiles, findingOf, judgeDeclared } from './declared.js';
import { machine, pairInventory, pairPlan, plan, resource, volume } from './plans.js';

/** The pair's plan with other resources in the places of some. */
const planWith = (...others: { address: string }[]) => {
  const { resource_changes: all, ...rest } = pairPlan();
  const named = (all as { address: string }[]).map(
    (one) => others.find(({ address }) => address === one.address) ?? one,
  );
  return { ...rest, resource_changes: named };
};

describe('a plan of an even pair', () => {
  const told = judgeDeclared(pairPlan());

  it('is declared, and never passed', () => {
    expect(told.report.run).toMatchObject({ gate: 'declared', exitCode: 0 });
    expect(told.report.summary).toMatchObject({ fail: 0, unknown: 0, deferred: 0 });
    expect(told.report.summary.notInPlan).toBeGreaterThan(20);
  });

  it.each(['same-cpu-count', 'same-memory', 'same-architecture', 'data-partition-same-size', 'same-operating-system'])(
    'answers %s',
    (rule) => {
      expect(findingOf(told, rule).verdict).toBe('pass');
    },
  );

  it.each(['same-version', 'two-machines', 'clock-offset', 'same-kernel'])('has no word on %s', (rule) => {
    const finding = told.report.findings.find((one) => one.rule === `alation/${rule}`);
    expect(finding).toMatchObject({ verdict: 'unknown', declared: 'not-in-plan' });
  });

  it('keeps the values that are mapped, the hash of the plan, and nothing else of it', () => {
    const kept = JSON.stringify(told.evidence);
    expect(kept).not.toContain('ebs_optimized');
    expect(kept).not.toContain('gp3');
    expect(told.report.declared?.sources[0]).toMatchObject({
      kind: 'terraform',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(told.evidence.connections).toEqual([]);
  });

  it('is never merged with what hosts said', () => {
    const live = { ...told.evidence, run: { ...told.evidence.run, declared: undefined } } as unknown as Evidence;
    const all = [
      { file: 'live.json', evidence: live },
      { file: 'plan.json', evidence: told.evidence },
    ];
    expect(() => mergeEvidence(all)).toThrow('plan.json: is declared, and stands alone');
  });

  it('is judged alike when its evidence is read again', () => {
    const evidence = evidenceIn(() => Buffer.from(JSON.stringify(told.evidence)), 'evidence.json');
    expect(judgeEvidence(scopeOfEvidence(told.scope.pack, evidence), evidence, 'blocker')).toEqual(told.report);
  });
});

describe('what differs in a plan', () => {
  it('fails where the values tell', () => {
    const told = judgeDeclared(planWith(volume('secondary_data', 400)));
    expect(findingOf(told, 'data-partition-same-size')).toMatchObject({ verdict: 'fail' });
    expect(told.report.run).toMatchObject({ gate: 'failed', exitCode: 1 });
  });

  it('tells nothing where only equal values do', () => {
    const told = judgeDeclared(planWith(machine('secondary', { instance_type: 'm6i.4xlarge' })));
    expect(findingOf(told, 'same-memory')).toMatchObject({
      verdict: 'unknown',
      message: expect.stringContaining('m6i.4xlarge'),
    });
    expect(findingOf(told, 'same-memory').declared).toBeUndefined();
    expect(told.report.run).toMatchObject({ gate: 'incomplete', exitCode: 3 });
  });

  it('never makes a minimum of a type', () => {
    const finding = judgeDeclared(pairPlan()).report.findings.find(
      ({ key }) => key === 'alation/memory-minimum [primary]',
    );
    expect(finding).toMatchObject({ verdict: 'unknown', declared: 'not-in-plan' });
  });

  it('of an image tells only what is created', () => {
    const old = { ...machine('secondary'), change: { ...machine('secondary').change, actions: ['no-op'] } };
    expect(findingOf(judgeDeclared(planWith(old)), 'same-operating-system')).toMatchObject({
      verdict: 'unknown',
      message: expect.stringContaining('is there already'),
    });
  });

  it('of processors tells nothing where the configuration gives their number', () => {
    const configuration = {
      root_module: {
        resources: [
          { address: 'aws_instance.secondary', expressions: { cpu_options: [{ core_count: { constant_value: 2 } }] } },
        ],
      },
    };
    const told = judgeDeclared({ ...pairPlan(), configuration });
    expect(findingOf(told, 'same-cpu-count')).toMatchObject({
      verdict: 'unknown',
      message: expect.stringContaining('cpu_options'),
    });
    expect(findingOf(told, 'same-memory').verdict).toBe('pass');
  });
});

describe('what is unknown until apply', () => {
  const resized = resource('aws_ebs_volume.secondary_data', { type: 'gp3' }, { unknown: { id: true, size: true } });
  const whole = resource('aws_ebs_volume.secondary_data', {}, { unknown: true });

  it.each([resized, whole])('is unknown, at the pointer and above it', (volume) => {
    const told = judgeDeclared(planWith(volume));
    expect(findingOf(told, 'data-partition-same-size')).toMatchObject({ verdict: 'unknown' });
    expect(findingOf(told, 'data-partition-same-size').declared).toBeUndefined();
    expect(told.report.run.exitCode).toBe(3);
  });

  it('is deferred where that is asked for, and counted only there', () => {
    const told = judgeDeclared(planWith(resized), { defer: true });
    expect(findingOf(told, 'data-partition-same-size')).toMatchObject({ verdict: 'unknown', declared: 'deferred' });
    expect(told.report.run).toMatchObject({ gate: 'declared', exitCode: 0 });
    expect(told.report.summary).toMatchObject({ unknown: 0, deferred: 6 });
  });

  it('is not what the plan lacks', () => {
    const told = judgeDeclared(planWith(resource('aws_ebs_volume.secondary_data', { type: 'gp3' })), { defer: true });
    expect(findingOf(told, 'data-partition-same-size')).toMatchObject({
      verdict: 'unknown',
      message: expect.stringContaining('the plan has no /size'),
    });
    expect(told.report.run.exitCode).toBe(3);
  });

  it('leaves a gate without any answer on the pair incomplete, deferred or not', () => {
    const later = (name: string) => resource(name, {}, { unknown: true });
    const all = [
      'aws_instance.primary',
      'aws_instance.secondary',
      'aws_ebs_volume.primary_data',
      'aws_ebs_volume.secondary_data',
      'aws_ebs_volume.primary_backup',
      'aws_ebs_volume.secondary_backup',
    ];
    const told = judgeDeclared(plan(all.map(later)), { defer: true });
    expect(told.report.run).toMatchObject({ gate: 'incomplete', exitCode: 3 });
  });
});

describe('a sensitive value', () => {
  const sensitive = (name: string, size: number) =>
    resource(`aws_ebs_volume.${name}`, { size }, { sensitive: { size: true } });

  it('is a token, and equality survives', () => {
    const told = judgeDeclared(planWith(sensitive('primary_data', 512), sensitive('secondary_data', 512)));
    expect(findingOf(told, 'data-partition-same-size').verdict).toBe('pass');
    expect(JSON.stringify(told.evidence)).not.toMatch(/\b512\b|549755813888/);
  });

  it.each([
    [sensitive('primary_data', 512), sensitive('secondary_data', 513)],
    [sensitive('primary_data', 500), volume('secondary_data', 500)],
  ])('is unknown beside another', (...two) => {
    expect(findingOf(judgeDeclared(planWith(...two)), 'data-partition-same-size').verdict).toBe('unknown');
  });
});

describe('rendered files', () => {
  it('are read by the reader of the probe', () => {
    const files = cacheFiles.map((one) =>
      one.host === 'secondary' ? { ...one, bytes: Buffer.from('/data\n/mnt/other\n') } : one,
    );
    const told = judgeDeclared(pairPlan(), { files });
    expect(findingOf(told, 'data-disk-cache [secondary]').verdict).toBe('fail');
    expect(findingOf(told, 'data-disk-cache [primary]')).toMatchObject({ verdict: 'unknown', declared: 'not-in-plan' });
    expect(told.report.run.exitCode).toBe(1);
  });

  it('that are not given are named by the option that gives them', () => {
    const finding = findingOf(judgeDeclared(pairPlan(), { files: [] }), 'data-disk-cache [primary]');
    expect(finding).toMatchObject({ verdict: 'unknown', declared: 'not-in-plan' });
    expect(finding.message).toContain('--declared-file primary:/opt/alation/alation/.disk1_cache=FILE declares it');
  });

  it('alone declare too little for a gate', () => {
    expect(judgeDeclared(undefined).report.run).toMatchObject({ gate: 'incomplete', exitCode: 3 });
  });

  it.each([
    [{ host: 'third', path: '/etc/x', file: 'x', bytes: Buffer.of() }, 'no host is named "third"'],
    [{ host: 'primary', path: '/etc/x', file: 'x', bytes: Buffer.of() }, 'of primary they ask for'],
    [cacheFiles[0], 'stands for already'],
  ])('that make no sense are refused: %#', (file, why) => {
    expect(() => judgeDeclared(undefined, { files: [...cacheFiles, file as (typeof cacheFiles)[0]] })).toThrow(why);
  });
});

describe('a plan that cannot be judged', () => {
  const { resource_changes: all } = pairPlan();
  it.each([
    ['{', 'is not JSON'],
    ['[]', 'is not a Terraform plan'],
    ['{"a":1,"a":2}', 'has the key "a" twice'],
    [JSON.stringify({ ...pairPlan(), format_version: '2.0' }), 'of the format 2.0'],
    [JSON.stringify({ ...pairPlan(), errored: true }), 'ended with an error'],
    [JSON.stringify({ ...pairPlan(), errored: 'true' }), 'ended with an error'],
    [JSON.stringify({ ...pairPlan(), complete: false }), 'is incomplete'],
    [JSON.stringify({ ...pairPlan(), complete: null }), 'is incomplete'],
    [JSON.stringify({ ...pairPlan(), deferred_changes: [{ reason: 'instance_count_unknown' }] }), 'is incomplete'],
    [JSON.stringify({ ...pairPlan(), applyable: false }), 'cannot be applied as it is'],
    [
      JSON.stringify(planWith(resource('aws_instance.primary', null, { actions: ['forget'] }))),
      'leaves no aws_instance.primary: it is forgotten',
    ],
    [JSON.stringify({ format_version: '1.0', values: {} }), 'is a state, not a plan'],
    [JSON.stringify({ ...pairPlan(), resource_changes: [{}] }), 'resource_changes[0] has not its form'],
    [
      JSON.stringify(plan(all.slice(1))),
      'pairflight.yaml:8:9: plan.json has no aws_instance.primary; of that type it has aws_instance.secondary',
    ],
    [JSON.stringify(plan([...all, machine('primary')])), 'plan.json has aws_instance.primary 2 times'],
    [
      JSON.stringify(plan([resource('aws_instance.primary[0]', {}), resource('aws_instance.primary[1]', {})])),
      'by count or for_each; right is aws_instance.primary[0] or aws_instance.primary[1]',
    ],
    [
      JSON.stringify(planWith(resource('aws_instance.primary', null, { actions: ['delete'] }))),
      'leaves no aws_instance.primary: it is deleted',
    ],
  ])('is refused with a reason: %#', (text, why) => {
    expect(() => judgeDeclared(text)).toThrow(UsageError);
    expect(() => judgeDeclared(text)).toThrow(why);
  });

  it.each([
    ['size', 'large', 'is not a whole number'],
    ['size', 1.0000001, 'is not a whole number'],
    ['size', -1, 'is not a whole number above zero'],
    ['size', 0, 'is not a whole number above zero'],
    ['size', '500', 'is not a whole number'],
    ['size', null, 'is empty'],
  ])('has no value of another type: %s %j', (key, value, why) => {
    const told = judgeDeclared(planWith(resource('aws_ebs_volume.primary_data', { [key]: value })));
    expect(findingOf(told, 'data-partition-same-size')).toMatchObject({
      verdict: 'unknown',
      message: expect.stringContaining(why),
    });
    expect(told.report.run.exitCode).toBe(3);
  });

  it('tells what is there where nothing is to be changed, which cannot be applied', () => {
    const still = all.map((one) => {
      const { change, ...rest } = one as ReturnType<typeof resource>;
      return { ...rest, change: { ...change, actions: ['no-op'] } };
    });
    expect(judgeDeclared(plan(still, { applyable: false })).report.run.gate).toBe('declared');
  });

  it('does not go by the type of a machine whose processors are set apart, be its configuration shown or not', () => {
    const set = { cpu_options: [{ core_count: 2, threads_per_core: 1 }] };
    const told = judgeDeclared(planWith(machine('primary', set), machine('secondary', set)));
    expect(findingOf(told, 'same-cpu-count')).toMatchObject({
      verdict: 'unknown',
      message: expect.stringContaining('cpu_options'),
    });
  });

  it('leaves an older object of the same address aside', () => {
    const told = judgeDeclared(
      plan([...all, resource('aws_instance.primary', null, { deposed: 'a1b2c3d4', actions: ['delete'] })]),
    );
    expect(told.report.run.gate).toBe('declared');
  });
});

describe('an inventory that does not fit the plan', () => {
  it.each([
    ['dataDisk: aws_ebs_volume.secondary_data', 'dataDisk: aws_ebs_volume.primary_data', 'is a resource of'],
    ['machine: aws_instance.secondary', 'machien: aws_instance.secondary', 'unknown part "machien"'],
    [
      'machine: aws_instance.secondary',
      'machine: google_compute_instance.secondary',
      'nothing is mapped as The machine',
    ],
    ['machine: aws_instance.secondary', 'machine: "aws_instance"', 'is no address of a resource'],
  ])('is refused with its place: %s', (right, wrong, why) => {
    const inventory = pairInventory.replace(right, wrong);
    expect(() => judgeDeclared(pairPlan(), { inventory })).toThrow(why);
    expect(() => judgeDeclared(pairPlan(), { inventory })).toThrow(/^pairflight\.yaml:\d+:\d+: /);
  });

  it('is refused where no host names a resource', () => {
    const inventory =
      'product: alation\nrelease: "2021.4"\nhosts: { primary: { address: 10.11.2.60 }, secondary: { address: 10.11.2.61 } }\n';
    expect(() => judgeDeclared(pairPlan(), { inventory, files: [] })).toThrow('no host names its resource in the plan');
  });

  it('finds resources in modules, and their arguments in the configuration of these', () => {
    const address = 'module.pair["eu"].aws_instance.db[0]';
    const moved = { ...machine('secondary'), address };
    const { resource_changes: before } = pairPlan();
    const changes = (before as { address: string }[]).map((one) =>
      one.address === 'aws_instance.secondary' ? moved : one,
    );
    const configuration = {
      root_module: {
        module_calls: {
          pair: { module: { resources: [{ address: 'aws_instance.db', expressions: { cpu_options: [] } }] } },
        },
      },
    };
    const inventory = pairInventory.replaceAll('aws_instance.secondary', `'${address}'`);
    const told = judgeDeclared({ ...plan(changes), configuration }, { inventory });
    expect(findingOf(told, 'same-memory').verdict).toBe('pass');
    expect(findingOf(told, 'same-cpu-count').message).toContain('cpu_options');
  });
});
