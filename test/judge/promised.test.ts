/** What was declared of hosts before they existed, held against what they say. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { DeclaredProperty, Evidence, Finding, Output } from '../../src/core/model.js';
import type { Baseline } from '../../src/evidence/baseline.js';
import { EvidenceFacts } from '../../src/evidence/facts-in-evidence.js';
import { evaluate } from '../../src/judge/evaluate.js';
import { withPromises } from '../../src/judge/promised.js';
import { collected, packOf, ruleText, said, scopeOf } from '../support.js';

const file = '{ file: { probe: yaml-file, with: { path: /etc/shop.yml, pick: { lease: { path: ha.lease } } } } }';
const pack = packOf(
  ruleText('kernels', ['{ same: kernel.release }']) +
    ruleText('machines', ['{ every: kernel.machine, equals: x86_64 }'], { per: 'host' }) +
    ruleText('leases', ['{ same: file.keys }'], { facts: file }) +
    ruleText('rooms', ['{ every: room.freeBytes, at_least: 1 }'], {
      facts: '{ room: { probe: filesystem, with: { path: /data } } }',
    }) +
    ruleText('clocks', ['{ difference: clock.offsetMs, at_most: 5000 }'], {
      facts: '{ clock: { probe: clock } }',
    }) +
    ruleText('delays', ['{ pair: way.state, equals: silent }'], {
      per: 'direction',
      facts: '{ way: { probe: ssh-batch, with: { address: "@peer.address", key: /k, user: u, as: login } } }',
    }),
);
const scope = scopeOf(pack);
const THEN = '2026-11-01T00:00:00.000Z';

let live: Evidence;
beforeAll(async () => {
  live = await collected(scope, (_, ask) =>
    ask.argv.includes('/etc/shop.yml') ? said('ha: { lease: 1800 }\n') : undefined,
  );
});

/** The run in which something was declared of the steps of a probe on the left host. */
function declaring(probe: string, declared: Partial<DeclaredProperty>[], defer = false): Baseline {
  const { baseline: _, ...run } = live;
  const steps = run.steps.map(({ outputs: __, ...step }) => {
    const isMeant =
      step.probe === probe && step.subject.kind !== 'set' && JSON.stringify(step.subject).includes('"left"');
    const of = declared.map((one) => ({
      property: 'release',
      may: 'both' as const,
      from: 'aws_instance.left /ami',
      ...one,
    }));
    return { ...step, outputs: [], ...(isMeant && { declared: of }) };
  });
  return {
    ...run,
    takenAt: THEN,
    finishedAt: THEN,
    run: { ...run.run, declared: { sources: [], ...(defer && { defer }) } },
    steps,
  };
}

const judged = (evidence: Evidence) => evaluate(scope, new EvidenceFacts(scope, evidence), evidence.takenAt);

/** What is found of what was promised. */
function promised(baseline: Baseline, evidence: Evidence = live): Finding[] {
  const findings = judged(evidence);
  const all = withPromises(scope, { ...evidence, baseline }, findings);
  expect(all.slice(0, findings.length).map(({ key }) => key)).toEqual(findings.map(({ key }) => key));
  return all.slice(findings.length);
}

/** The answers of the left host to a probe, replaced. */
const answering = (probe: string, outputs: Output[][]): Evidence => ({
  ...live,
  steps: live.steps.map((step) =>
    step.probe === probe && step.subject.kind === 'host' && step.subject.host === 'left' ? { ...step, outputs } : step,
  ),
});

const RELEASE = '5.14.0-427';

describe('a promise', () => {
  it('is a finding of its own, with the place where it was declared', () => {
    const { steps } = live;
    const step = steps.find(
      ({ probe, subject }) => probe === 'kernel' && subject.kind === 'host' && subject.host === 'left',
    );
    expect(promised(declaring('kernel', [{ value: RELEASE }]))).toEqual([
      {
        key: 'twin/promised [left kernel release]',
        rule: 'twin/promised',
        title: 'kernel release as it was declared',
        group: 'What was declared',
        severity: 'warning',
        basis: 'inferred',
        verdict: 'pass',
        subject: { kind: 'host', host: 'left' },
        message: `left: ${RELEASE} promised, ${RELEASE} there`,
        actual: { left: RELEASE },
        expected: RELEASE,
        requires: 'A host is what was declared of it before it existed; the change was judged by that.',
        source: { doc: `What was declared on ${THEN}`, section: 'aws_instance.left /ami' },
        remedy:
          'Find out who changed it since, or what the declaration left out; then apply it again, or declare what is there and judge that.',
        because: [step?.id],
      },
    ]);
  });

  it('is broken by another value', () => {
    expect(promised(declaring('kernel', [{ value: '6.1.0' }]))).toMatchObject([
      {
        verdict: 'fail',
        fault: 'left is not what was declared: kernel release',
        message: `left: 6.1.0 promised, ${RELEASE} there`,
      },
    ]);
  });

  it('may be about what stands deeper in an answer', () => {
    expect(promised(declaring('yaml-file', [{ property: 'keys.lease', value: 1800 }]))).toMatchObject([
      { verdict: 'pass', actual: { left: 1800 } },
    ]);
  });

  it.each<[string, Partial<DeclaredProperty>, () => Evidence, string]>([
    [
      'was not asked',
      { value: RELEASE },
      () => ({ ...live, steps: live.steps.filter(({ probe }) => probe !== 'kernel') }),
      'was not asked in this run',
    ],
    [
      'did not answer',
      { value: RELEASE },
      () =>
        answering('kernel', [
          [said('', { exit: null, stderr: 'timed out', problem: 'timeout', problemAt: 'command' })],
        ]),
      'timed out',
    ],
    ['does not tell it', { property: 'flavour', value: 'x' }, () => live, 'flavour is not in the answer'],
  ])('is open where the host %s', (_, one, evidence, says) => {
    const [finding, ...others] = promised(declaring('kernel', [one]), evidence());
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ verdict: 'unknown', actual: { left: null } });
    expect(finding?.message).toMatch(new RegExp(`^left: .* promised, .*${says}$`));
    expect(finding).not.toHaveProperty('fault');
  });

  it('is held against the last answer of a series', () => {
    const [before, now] = ['6.1.0', RELEASE].map((release) => [said(`${release}\n`), said('x86_64\n')]);
    const series = [before, now].flatMap((one) => (one ? [one] : []));
    expect(promised(declaring('kernel', [{ value: RELEASE }]), answering('kernel', series))).toMatchObject([
      { verdict: 'pass' },
    ]);
  });

  it.each<[string, string, Partial<DeclaredProperty>]>([
    ['is not known', 'kernel', { why: 'unknown' }],
    ['may only be compared', 'kernel', { value: 'ami-1', may: 'same-only' }],
    ['may only show a failure', 'kernel', { value: 'x', may: 'fail-only' }],
    ['is a token', 'kernel', { value: 'x', sensitive: true }],
    ['follows from the release that was named', 'kernel', { value: 'x', assumed: true }],
    ['never stays', 'filesystem', { property: 'freeBytes', value: 1 }],
    ['is of an answer that never stays', 'clock', { property: 'offsetMs', value: { low: 0, high: 0 } }],
    ['is of two hosts', 'ssh-batch', { property: 'state', value: 'noisy' }],
    ['is of a probe that is none any more', 'older', { value: 1 }],
  ])('is not what %s', (_, probe, one) => {
    const baseline = declaring(probe === 'older' ? 'kernel' : probe, [one]);
    const steps = baseline.steps.map((step) => (probe === 'older' ? { ...step, probe } : step));
    expect(steps.flatMap(({ declared }) => declared ?? [])).not.toEqual([]);
    expect(promised({ ...baseline, steps })).toEqual([]);
  });

  it('stands beside others of the same answer, which do not stay', () => {
    const both = [
      { property: 'freeBytes', value: 1 },
      { property: 'mountPoint', value: '/data' },
    ];
    expect(promised(declaring('filesystem', both)).map(({ key, verdict }) => [key, verdict])).toEqual([
      ['twin/promised [left filesystem /data mountPoint]', 'pass'],
    ]);
  });
});

describe('nothing is promised', () => {
  it('by a run on hosts, by none at all, or to hosts that are declared themselves', () => {
    const findings = judged(live);
    const baseline = declaring('kernel', [{ value: 'x' }]);
    const { declared: _, ...asked } = baseline.run;
    expect(withPromises(scope, live, findings)).toBe(findings);
    expect(withPromises(scope, { ...live, baseline: { ...baseline, run: asked } }, findings)).toBe(findings);
    expect(withPromises({ ...scope, declared: { defer: false } }, { ...live, baseline }, findings)).toBe(findings);
  });
});

describe('what was put off until the plan was applied', () => {
  const later = [{ property: 'machine', afterApply: true as const, why: 'known after apply' }];
  const put = 'it was put off until the plan was applied';

  it('is told by the finding that answers it, beside what it tells already', () => {
    const findings = judged(live).map((one) => (one.rule === 'twin/machines' ? { ...one, told: ['first'] } : one));
    const told = (all: Finding[]) => all.filter((one) => one.told).map((one) => [one.key, one.told, one.verdict]);
    // Whether that run was told to defer or not.
    for (const defer of [true, false]) {
      const all = withPromises(scope, { ...live, baseline: declaring('kernel', later, defer) }, findings);
      expect(all.map(({ key }) => key)).toEqual(findings.map(({ key }) => key));
      expect(told(all)).toEqual([
        ['twin/machines [left]', ['first', put], 'pass'],
        ['twin/machines [right]', ['first'], 'pass'],
      ]);
    }
    expect(told(withPromises(scope, { ...live, baseline: declaring('kernel', later) }, judged(live)))).toEqual([
      ['twin/machines [left]', [put], 'pass'],
    ]);
  });

  it('stays open where this run does not judge it', () => {
    const narrow = scopeOf(pack, { only: ['twin/kernels'] });
    const facts = new EvidenceFacts(narrow, live);
    const findings = evaluate(narrow, facts, live.takenAt);
    const [kernels, ...gone] = withPromises(narrow, { ...live, baseline: declaring('kernel', later) }, findings);
    expect(kernels?.key).toBe('twin/kernels');
    expect(gone).toMatchObject([
      {
        key: 'twin/machines [left]',
        verdict: 'unknown',
        message: 'was put off until the plan was applied, and this run does not judge it',
      },
    ]);
    expect(gone[0]).not.toHaveProperty('declared');
  });
});
