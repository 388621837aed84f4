/** Whether waiting can help a finding, and which steps a smaller round asks. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence, Finding, Output, Step } from '../../../src/core/model.js';
import { awaitedOf, type Prospect, smallerPlan } from '../../../src/judge/wait/prospects.js';
import { planSteps } from '../../../src/plan/steps.js';
import { said, scopeOf } from '../../support.js';
import { findingOf, waitingPack } from './waiting-pack.js';

const scope = scopeOf(waitingPack);
const plan = planSteps(scope);

const idOf = (probe: string, host = 'left') => {
  const step = plan.find((one) => one.probe === probe && one.subject.kind === 'host' && one.subject.host === host);
  if (!step) throw new Error(`${probe} is not planned`);
  return step.id;
};

/** The plan's steps, each answered with the same. */
function answered(output: Output = said('x')): Evidence['steps'] {
  return plan.map((step) => ({ ...step, outputs: [step.asks.map(() => output)] }));
}

const prospectOf = (
  finding: Finding,
  others: Finding[] = [],
  steps = answered(),
  inScope = scope,
): Prospect | undefined =>
  awaitedOf(inScope, [finding, ...others], steps, 'blocker').find((one) => one.finding === finding)?.prospect;

describe('the prospect of a finding', () => {
  const missing = (problem: Output['problem']) => answered(said('', { exit: null, ...(problem && { problem }) }));
  const kernel = [idOf('kernel')];
  const series = (...values: (number | null)[]) => [
    { label: 'left', property: 'bytes', values: values.map((value) => ({ at: '', value })) },
  ];
  const unknown = (over: Partial<Finding>) => findingOf({ verdict: 'unknown', because: kernel, ...over });
  it.each<[string, Finding, Prospect, Evidence['steps']?]>([
    ['was read and decides nothing, as a server that starts', unknown({ undecided: true }), 'askable'],
    ['could not be made out of what was read', unknown({}), 'hopeless'],
    ['fails on what is cheap to ask', findingOf({ because: kernel }), 'askable'],
    ['fails on what is costly', findingOf({ because: [idOf('disk-usage')] }), 'costly'],
    [
      'fails on both: the cheap answer alone cannot mend it',
      findingOf({ because: [...kernel, idOf('disk-usage')] }),
      'costly',
    ],
    ['fails on what the inventory says', findingOf({ because: [idOf('inventory')] }), 'hopeless'],
    ['fails on nothing', findingOf({}), 'hopeless'],
    ['is an error of the rule', findingOf({ verdict: 'error', because: kernel }), 'hopeless'],
    [
      'is an error of the rule in a series',
      findingOf({ verdict: 'error', because: kernel, samples: series(5) }),
      'hopeless',
    ],
    ['rests on a step that this run did not have', findingOf({ because: ['gone'] }), 'hopeless'],
    ['could not be reached', unknown({ problem: 'unreachable' }), 'askable'],
    ['took too long', unknown({ problem: 'timeout' }), 'askable'],
    ['took too long, and is costly', unknown({ problem: 'timeout', because: [idOf('disk-usage')] }), 'costly'],
    ['was not run', unknown({ problem: 'not-run' }), 'askable', missing('not-run')],
    [
      'was not run in one of its steps',
      unknown({ problem: 'not-run', because: [idOf('disk-usage'), ...kernel] }),
      'costly',
      missing('not-run').map((step) => (step.probe === 'kernel' ? { ...step, outputs: [[said('x')]] } : step)),
    ],
    [
      'was not run at one of the times of its series',
      unknown({ problem: 'not-run' }),
      'askable',
      answered().map((step) => ({
        ...step,
        outputs: [...step.outputs, [said('', { exit: null, problem: 'not-run' })]],
      })),
    ],
    ['was not run, and nobody was to run it', unknown({ problem: 'not-run' }), 'hopeless'],
    ['was refused', unknown({ problem: 'denied' }), 'hopeless'],
    ['is not there', unknown({ problem: 'not-found' }), 'hopeless'],
    ['said too much', unknown({ problem: 'truncated' }), 'hopeless'],
    ['could not be read', unknown({}), 'hopeless'],
    ['is a trend that is not decided', unknown({ samples: series(5, null, 6) }), 'askable'],
    ['is a trend of which nothing could be read', unknown({ samples: series(null, null) }), 'hopeless'],
    ['is a trend that was refused', unknown({ samples: series(5), problem: 'denied' }), 'hopeless'],
  ])('that %s', (_, finding, prospect, steps) => {
    expect(prospectOf(finding, [], steps ?? answered())).toBe(prospect);
  });

  it.each<[string, Partial<Finding>, Prospect]>([
    ['that may pass', { verdict: 'unknown', problem: 'unreachable' }, 'askable'],
    ['that was refused', { verdict: 'unknown', problem: 'denied' }, 'hopeless'],
    ['that fails', { verdict: 'fail' }, 'askable'],
  ])('is that of the guard %s', (_, over, prospect) => {
    const guard = findingOf({ key: 'twin/reached[left]', because: [idOf('access')], ...over });
    const blocked = unknown({ key: 'twin/x', blockedBy: guard.key });
    expect(prospectOf(blocked, [guard])).toBe(prospect);
  });

  it('of two that block each other is their own', () => {
    const one = unknown({ key: 'a', blockedBy: 'b', problem: 'timeout' });
    const other = unknown({ key: 'b', blockedBy: 'a', problem: 'denied' });
    expect(prospectOf(one, [other])).toBe('askable');
  });

  it('of a host that is asked elsewhere is hopeless', () => {
    const hosts = scope.hosts.map((host) => (host.name === 'left' ? { ...host, connection: 'none' as const } : host));
    expect(prospectOf(findingOf({ because: kernel }), [], answered(), { ...scope, hosts })).toBe('hopeless');
    expect(prospectOf(findingOf({ because: [idOf('kernel', 'right')] }), [], answered(), { ...scope, hosts })).toBe(
      'askable',
    );
  });

  it('matters only where it keeps the gate from passing', () => {
    const waivedBy = { rule: 'twin/moving', reason: 'r', owner: 'o', until: '2030-01-01' };
    const quiet = [
      findingOf({ key: 'passes', verdict: 'pass', because: kernel }),
      findingOf({ key: 'skipped', verdict: 'skip', because: kernel }),
      findingOf({ key: 'advice', severity: 'advice', because: kernel }),
      findingOf({ key: 'waived', waivedBy, because: kernel }),
      findingOf({ key: 'known', known: true, because: kernel }),
    ];
    expect(awaitedOf(scope, quiet, answered(), 'blocker')).toEqual([]);
    expect(awaitedOf(scope, quiet, answered(), 'advice').map(({ finding }) => finding.key)).toEqual(['advice']);
  });
});

describe('a smaller round', () => {
  const awaited = (rule: string, prospect: Prospect = 'askable') => ({ finding: findingOf({ rule }), prospect });
  const probes = (steps: Step[]) => [...new Set(steps.map((step) => step.probe))].sort();

  it.each<[string, Parameters<typeof smallerPlan>[2], string[]]>([
    ['always asks what the guards need', [], ['access', 'boot-id']],
    ['asks what the awaited rules want', [awaited('twin/moving')], ['access', 'boot-id', 'kernel']],
    ['never asks what is costly', [awaited('twin/heavy', 'costly')], ['access', 'boot-id']],
    ['asks nothing for what is hopeless', [awaited('twin/moving', 'hopeless')], ['access', 'boot-id']],
  ])('%s', (_, wanted, asked) => {
    expect(probes(smallerPlan(scope, plan, wanted))).toEqual(asked);
  });

  it('asks a step that an awaited rule shares with one that passed', () => {
    const shared = plan.map((step) =>
      step.probe === 'kernel' ? { ...step, wantedBy: ['twin/other', ...step.wantedBy] } : step,
    );
    expect(probes(smallerPlan(scope, shared, [awaited('twin/moving')]))).toContain('kernel');
  });

  it('is a part of the plan, with every guard and nothing that is costly or active, whatever is awaited', () => {
    const rules = scope.rules.map((rule) => rule.id);
    const guards = plan.filter((step) => step.wantedBy.some((id) => scope.rules.find((rule) => rule.id === id)?.guard));
    const active = plan.map((step): Step => {
      const asks = step.asks.map(({ host, ask }) => ({
        host,
        ask: ask.kind === 'exec' ? { ...ask, effect: 'listen' as const } : ask,
      }));
      return step.probe === 'cpu' ? { ...step, asks } : step;
    });
    expect(guards.length).toBe(4);
    fc.assert(
      fc.property(
        fc.subarray(rules),
        fc.constantFrom<Prospect>('askable', 'costly', 'hopeless'),
        fc.constantFrom(plan, active),
        (some, prospect, steps) => {
          const smaller = smallerPlan(
            scope,
            steps,
            some.map((rule) => awaited(rule, prospect)),
          );
          for (const step of smaller) {
            expect(steps).toContain(step);
            expect(waitingPack.probes.get(step.probe)?.costly).toBeUndefined();
            expect(step.asks.some(({ ask }) => ask.kind === 'exec' && ask.effect === 'listen')).toBe(false);
          }
          expect(smaller.map((step) => step.id)).toEqual(expect.arrayContaining(guards.map((step) => step.id)));
        },
      ),
    );
  });
});
