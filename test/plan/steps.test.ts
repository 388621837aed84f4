import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import type { Step } from '../../src/core/model.js';
import { scopeOfEvidence } from '../../src/plan/scope.js';
import { planSteps } from '../../src/plan/steps.js';
import { brought, collected, packOf, type RunOver, ruleText, said, scopeOf } from '../support.js';

const ids = brought.rules.map((rule) => rule.id);
const argvs = (steps: Step[], probe: string) =>
  steps
    .filter((step) => step.probe === probe)
    .flatMap((step) => step.asks.map(({ host, ask }) => [host, ask.kind === 'exec' ? ask.argv.join(' ') : ask.kind]));
const selections = fc.constantFrom(...Object.keys(brought.phases)).chain((phase) =>
  fc.record({
    phases: fc.constant<string[]>([phase]),
    only: fc.subarray(
      brought.rules.filter((rule) => rule.phases.includes(phase)).map((rule) => rule.id),
      { maxLength: 3 },
    ),
  }),
);
const releases = fc.constantFrom(undefined, '3.12', '4.7', 'V R5', '2020.3', '2021.4');
const runs = fc
  .tuple(selections, releases)
  .map(([selection, release]): RunOver => ({ ...selection, ...(release !== undefined && { release }) }));

test('the plan is the same each time it is made, and each step stands in it once', () => {
  fc.assert(
    fc.property(runs, (over) => {
      const plan = planSteps(scopeOf(brought, over));
      expect(planSteps(scopeOf(brought, over))).toEqual(plan);
      expect(new Set(plan.map((step) => step.id)).size).toBe(plan.length);
    }),
    { numRuns: 30 },
  );
});

test("the plan never depends on hosts' answers", async () => {
  const scope = scopeOf(brought);
  const plan = planSteps(scope);
  const answers = [
    said(''),
    said('garbage\n'),
    said('', { exit: null, problem: 'unreachable', problemAt: 'host' }),
    said('4.7\n'),
  ];
  for (const answer of answers) {
    const evidence = await collected(scope, () => answer);
    expect(planSteps(scopeOfEvidence(brought, JSON.parse(JSON.stringify(evidence))))).toEqual(plan);
    expect(evidence.steps.map(({ outputs: _, ...step }) => step)).toEqual(plan);
  }
});

test('a selection asks nothing that the whole phase does not ask, and every step says who wants it', () => {
  fc.assert(
    fc.property(runs, (over) => {
      const whole = new Set(planSteps(scopeOf(brought, { ...over, only: [] })).map((step) => step.id));
      const steps = planSteps(scopeOf(brought, over));
      for (const step of steps) {
        expect(whole.has(step.id)).toBe(true);
        expect(step.wantedBy.length).toBeGreaterThan(0);
        for (const id of step.wantedBy) expect(ids).toContain(id);
      }
    }),
    { numRuns: 30 },
  );
});

describe('without a release', () => {
  it('a path that the release decides is asked for under each that is possible', () => {
    expect(argvs(planSteps(scopeOf(brought)), 'link').map(([, argv]) => argv)).toEqual(
      expect.arrayContaining(['readlink -f /usr/local/alation', 'readlink -f /opt/alation/alation']),
    );
  });

  it('the steps of a known release are among them', () => {
    const all = new Set(
      planSteps(scopeOf(brought)).flatMap((step) =>
        step.asks.map(({ host, ask }) => JSON.stringify([host, ask.kind === 'exec' ? ask.argv.slice(0, 2) : ask.kind])),
      ),
    );
    for (const release of ['3.12', '4.7', '2021.4']) {
      for (const step of planSteps(scopeOf(brought, { release }))) {
        for (const { host, ask } of step.asks)
          expect(all).toContain(JSON.stringify([host, ask.kind === 'exec' ? ask.argv.slice(0, 2) : ask.kind]));
      }
    }
  });
});

it('no word of any command is an unfilled setting, reference or "undefined"', () => {
  for (const release of [undefined, '3.12', '2021.4']) {
    for (const step of planSteps(scopeOf(brought, release === undefined ? {} : { release }))) {
      expect(JSON.stringify(step.params)).not.toMatch(/\$\{|undefined|"@/);
      for (const { ask } of step.asks) {
        if (ask.kind !== 'exec') continue;
        for (const word of [...ask.argv, ...(ask.enter ?? [])])
          if (!word.includes('\n')) expect(word).not.toMatch(/\$\{|undefined|^@/);
      }
    }
  }
});

// defect: whoever gives the root of one host by hand gets `chroot undefined` on the other.
it('a setting of one host alone does not spoil the commands of the other', () => {
  const hosts = ['primary', 'secondary'].map((name, at) => ({
    name,
    role: name,
    address: `10.0.0.${at + 1}`,
    connection: 'ssh' as const,
    settings: (at === 0 ? { root: '/mine' } : {}) as Record<string, unknown>,
  }));
  const steps = planSteps(scopeOf(brought, { only: ['alation/standalone-mode'], inventory: { hosts } }));
  for (const step of steps)
    for (const { ask } of step.asks) expect(ask.kind === 'exec' ? (ask.enter ?? []) : []).not.toContain('undefined');
  expect(() => planSteps(scopeOf(brought, { inventory: { hosts } }))).not.toThrow();
});

// defect: rules that the release gates, or whose paths it decides, are planned without the question that reads the release.
it.each(['alation/services-started', 'alation/data-disk-cache', 'alation/ha-ports-reachable'])(
  '%s alone still asks which build is installed',
  (id) => {
    const files = argvs(planSteps(scopeOf(brought, { only: [id] })), 'file').map(([, argv]) => argv);
    expect(files).toContain('cat /opt/alation/alation/opt/alation/django/main/alation_version.py');
  },
);

describe('a step', () => {
  it('that two rules want is asked once', () => {
    const pack = packOf(ruleText('one', ['{ same: kernel.release }']) + ruleText('two', ['{ same: kernel.machine }']));
    const steps = planSteps(scopeOf(pack));
    expect(steps.map((step) => [step.probe, step.subject, step.wantedBy])).toEqual([
      ['kernel', { kind: 'host', host: 'left' }, ['twin/one', 'twin/two']],
      ['kernel', { kind: 'host', host: 'right' }, ['twin/one', 'twin/two']],
    ]);
  });

  it('keeps its id when only a time limit changes', () => {
    const scope = scopeOf(brought);
    const [usual, hurried] = [planSteps(scope), planSteps(scope, 1234)];
    expect(hurried.map((step) => step.id)).toEqual(usual.map((step) => step.id));
    // Of a path that the host follows, the question that is put about it.
    const scriptOf = (argv: readonly string[]) => (argv[3] === 'follow-path' ? argv[10] : argv[3]);
    const limits = (steps: Step[]) =>
      steps.flatMap((step) =>
        step.asks.flatMap(({ ask }) => (ask.kind === 'exec' ? [[scriptOf(ask.argv), ask.timeoutMs] as const] : [])),
      );
    const own = limits(usual).filter(([, timeoutMs]) => timeoutMs > 60_000);
    expect(new Set(own.map(([script]) => script))).toEqual(new Set(['du-gently', 'last-write']));
    expect(limits(hurried).filter(([, timeoutMs]) => timeoutMs !== 1234)).toEqual(own);
  });

  it('is not planned for a rule of another release, another phase or another role', () => {
    const probe = (id: string, over: Record<string, string>) =>
      ruleText(id, ['{ every: x.id, equals: a }'], { facts: '{ x: { probe: boot-id } }', ...over });
    const base = ruleText('base', ['{ same: kernel.release }']);
    const planned = (over: Record<string, string>, runOver: RunOver = {}) =>
      planSteps(scopeOf(packOf(base + probe('one', over)), runOver))
        .filter((step) => step.probe === 'boot-id')
        .map((step) => step.subject);
    expect(planned({ releases: '">=2.0"' }, { release: '1.5' })).toEqual([]);
    expect(planned({ releases: '">=2.0"' })).toHaveLength(2);
    expect(planned({ phases: '[verify]' })).toEqual([]);
    expect(planned({ hosts: '[right]' })).toEqual([{ kind: 'host', host: 'right' }]);
    expect(planned({ hosts: '[third]' })).toEqual([]);
  });
});

it("the product's shell is entered by the pack's words, with the settings of the host and of each release that is possible", () => {
  const entries = (over: RunOver) =>
    planSteps(scopeOf(brought, { only: ['alation/standalone-mode'], ...over }))
      .filter((step) => step.probe === 'conf')
      .flatMap((step) =>
        step.asks.flatMap(({ host, ask }) => (ask.kind === 'exec' ? [[host, ask.enter?.[1], ask.enter?.at(-1)]] : [])),
      );
  const shell = '{shell}';
  expect(entries({ release: '2021.4' })).toEqual([
    ['primary', '/opt/alation/alation', shell],
    ['secondary', '/opt/alation/alation', shell],
  ]);
  expect(entries({}).map(([, root]) => root)).toEqual(
    expect.arrayContaining(['/usr/local/alation', '/opt/alation/alation']),
  );
  expect(entries({ inventory: { settings: { root: '/mine' } } }).map(([, root]) => root)).toEqual(['/mine', '/mine']);
});

describe('ports', () => {
  const reach = (over: RunOver) =>
    planSteps(scopeOf(brought, { only: ['alation/ha-ports-reachable'], ...over })).filter(
      (step) => step.probe === 'tcp-reach',
    );

  it('of one direction are one step, each port once, those of other releases left out', () => {
    expect(reach({}).map((step) => step.params.ports)).toEqual([
      [22, 5432, 27017],
      [22, 5432, 27017],
    ]);
    expect(reach({ release: '2021.4' }).map((step) => step.params.ports)).toEqual([
      [22, 5432],
      [22, 5432],
    ]);
    const ports = [22, 9].map((port) => ({
      port,
      name: 'n',
      basis: 'documented' as const,
      confidence: 'c',
      from: 'primary',
      to: 'secondary',
    }));
    expect(reach({ release: '2021.4', inventory: { ports } }).map((step) => [step.subject, step.params.ports])).toEqual(
      [
        [{ kind: 'pair', from: 'primary', to: 'secondary' }, [9, 22, 5432]],
        [{ kind: 'pair', from: 'secondary', to: 'primary' }, [22, 5432]],
      ],
    );
  });

  // defect: a direction without rows is asked all the same, and the probe refuses an empty list: the whole run ends.
  it('a direction without ports is not asked', () => {
    const rule = ruleText('ports', ['{ pair: tcp.ports, where: { port: "@port.number" }, its: state, equals: open }'], {
      each: 'ports',
      facts: '{ tcp: { probe: tcp-reach, with: { ports: "@ports", address: "@peer.address" } } }',
    });
    const pack = packOf(rule, 'ports: [{ port: 1, name: n, from: left, to: right, basis: inferred, confidence: c }]');
    expect(planSteps(scopeOf(pack)).map((step) => step.subject)).toEqual([{ kind: 'pair', from: 'left', to: 'right' }]);
  });
});

it('a setting that makes parameters which a probe refuses is a mistake at the place of the rule', () => {
  const pack = packOf(
    ruleText('one', ['{ same: f.text }'], { facts: '{ f: { probe: file, with: { path: "${disk}" } } }' }),
  );
  const scope = scopeOf(pack, { inventory: { settings: { disk: 'relative' } } });
  expect(() => planSteps(scope)).toThrow(UsageError);
  expect(() => planSteps(scope)).toThrow(/rules\.yaml:4:5: twin\/one asks file on left: path: "relative"/);
});
