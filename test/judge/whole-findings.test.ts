/** The findings of small runs, whole and to the word, as fixtures/findings.txt keeps them. */
import { describe, expect, it } from 'vitest';
import type { EvidenceInventory, Finding } from '../../src/core/model.js';
import { notInPlan } from '../../src/evidence/declared.js';
import type { Reading } from '../../src/evidence/read-answer.js';
import { evaluate, judgedAlone, rememberingJudge } from '../../src/judge/evaluate.js';
import { Kept } from '../kept.js';
import { packOf, type RunOver, ruleText, type Stated, StatedFacts, scopeOf, TAKEN } from '../support.js';

/** A rule on the kernel's release, and on a line of a file where it names one. */
function rule(id: string, expect: string[], over: Record<string, string> = {}): string {
  const facts = [
    ...(expect.some((one) => one.includes('x.')) ? ['x: { probe: kernel }'] : []),
    ...(expect.some((one) => one.includes('y.')) ? ['y: { probe: file, with: { path: /c } }'] : []),
  ];
  return ruleText(id, expect, { facts: `{ ${facts.join(', ')} }`, ...over });
}
const isA = '{ every: x.release, equals: a }';
const table = (over: Record<string, string> = {}) => ({
  each: 'ports',
  facts: '{ tcp: { probe: tcp-reach, with: { ports: "@ports", address: "@peer.address" } } }',
  ...over,
});
const rules = [
  ruleText('machines', ['{ distinct: boot.id }'], { guard: 'identity', facts: '{ boot: { probe: boot-id } }' }),
  ruleText('access', ['{ every: root.user, matches: . }'], {
    guard: 'access',
    per: 'host',
    facts: '{ root: { probe: access, with: { as: root } } }',
  }),
  rule('same', ['{ same: x.release }'], { fault: 'They differ.' }),
  rule('each', [isA], { per: 'host', severity_on: '{ left: advice }', fault: 'It is another.' }),
  rule('way', ['{ self: x.release, equals: a }', '{ peer: x.release, equals: a, hosts: [left] }'], {
    per: 'direction',
  }),
  ruleText('table', ['{ pair: tcp.via, equals: bash, when: { row: must_listen, equals: true } }'], table()),
  rule('when', [`{ every: x.release, equals: a, when: { same: x.release } }`]),
  rule('unless', [`{ every: x.release, equals: a, unless: { every: y.line, equals: off } }`]),
  rule('given', [`{ every: x.release, equals: a, given: { every: y.line, equals: "\${disk}" } }`], {
    per: 'host',
  }),
  rule('given-both', [`{ every: x.release, equals: a, given: { every: y.line, equals: "\${disk}" } }`]),
  rule('unset', [`{ every: x.release, equals: a, given: { every: y.line, equals: "\${free}" } }`], {
    per: 'host',
  }),
  rule('limit', ['{ every: y.line, equals: "${free}" }']),
  rule('third', [isA], { hosts: '[third]' }),
  rule('third-too', [isA], { hosts: '[left, third]', per: 'host' }),
  rule('alone', [isA], { hosts: '[left]' }),
  rule('mixed', ['{ same: x.release }', '{ every: y.exists, equals: true }']),
  ruleText(
    'lag',
    [
      '{ left: m.bytes, trend: { small: 16, falling: pass, rising: fail, stuck: fail, mixed: unknown, not_a_number: fail } }',
    ],
    { facts: '{ m: { probe: memory } }' },
  ),
  rule('tells', ['{ left: x.release, equals: a }'], { tells: '["it is {left.x.release} on the left"]' }),
  rule('fault-with-a-fact', ['{ left: y.line, equals: /disk, fault: "It is {right.x.release}" }'], {
    facts: '{ x: { probe: kernel }, y: { probe: file, with: { path: /c } } }',
  }),
  ruleText('table-inferred', ['{ pair: tcp.via, equals: bash }'], table({ basis: 'inferred' })),
  rule(
    'way-when',
    ['{ self: x.release, equals: b, when: { self: y.line, equals: off } }', '{ self: x.release, equals: a }'],
    {
      per: 'direction',
    },
  ),
  rule('same-in-words', ['{ same: x.release, says: one release }']),
  rule('unset-both', ['{ every: x.release, equals: a, given: { every: y.line, equals: "${free}" } }']),
  rule('within-disk', ['{ every: x.release, equals: a, given: { every: y.line, equals: "${disk}/x" } }']),
  rule('within-any', ['{ every: x.release, equals: a, given: { every: y.line, equals: "/x${disk}" } }']),
  ruleText('way-unset', ['{ pair: tcp.via, equals: bash, given: { pair: tcp.via, equals: "${free}" } }'], table()),
  rule('as-the-peer', ['{ every: x.release, equals: "@peer.x.release" }'], { per: 'host' }),
  rule('of-the-peer', ['{ peer: x.release, equals: a }'], { per: 'host' }),
  rule('as-the-left', ['{ every: x.release, equals: "@left.x.release" }']),
  rule('undecided-too', ['{ every: y.line, equals: /disk }', '{ every: x.release, verdicts: { b: pass, c: fail } }']),
  rule('newer-each', [isA], { per: 'host', releases: '">=2.0"' }),
  rule('newer', [isA], { releases: '">=2.0"' }),
  rule('newer-part', [isA, '{ every: x.release, equals: b, releases: ">=2.0" }']),
  rule('on-left', ['{ every: x.release, equals: a, hosts: [left] }'], { per: 'host' }),
  rule('on-right', ['{ every: x.release, equals: a, hosts: [right], severity: advice }', isA]),
  rule('later', ['{ every: x.release, equals: a, phases: [verify] }', isA], {
    phases: '[preflight, verify]',
  }),
  rule('in-words', ['{ every: x.release, equals: a, says: the first letter }']),
  rule('remedied', [
    '{ every: x.release, equals: a, remedy: Make it a., fault: It is not a. }',
    '{ every: y.exists, equals: true }',
  ]),
].join('');
const more = `settings:
  base: { title: b, type: path, basis: documented, by_release: [{ releases: "<2.0", value: /old }, { releases: ">=2.0", value: /new }] }
  disk: { title: d, type: path, basis: documented, default: /disk }
  free: { title: f, type: path, basis: documented }
ports:
  - { port: 1, name: a, must_listen: true, basis: documented, confidence: c, severity: warning }
  - { port: 2, name: b, from: left, to: right, must_listen: true, basis: inferred, confidence: c }
  - { port: 3, name: c, releases: ">=2.0", basis: inferred, confidence: c }
`;
const pack = packOf(rules, more);

const host = (boot: string, release: unknown, line: unknown = '/disk', over: object = {}) => ({
  boot: { id: boot },
  root: { user: 'root' },
  x: typeof release === 'string' && release.startsWith('!') ? release : { release },
  y: typeof line === 'string' && line.startsWith('!') ? line : { exists: true, line },
  ...over,
});
const via = (a: unknown, b: unknown): Stated => ({ 'left->right': { tcp: a }, 'right->left': { tcp: b } }) as Stated;
const bash = { via: 'bash' };
const refused = {
  boot: '!sudo was refused@context',
  root: '!sudo was refused@context',
  x: '!sudo was refused@context',
};
const down = Object.fromEntries(['boot', 'root', 'x', 'y'].map((name) => [name, '!no route@host']));

/** Facts of hosts that are declared: what is stated as `!plan` is in no plan, as `!apply` is known after it. */
class DeclaredFacts extends StatedFacts {
  readonly declared = true;

  override stated(...asked: Parameters<StatedFacts['stated']>): Reading | undefined {
    const reading = super.stated(...asked);
    if (!reading || !('unread' in reading)) return reading;
    const { reason } = reading.unread;
    const unread = reason === 'plan' ? notInPlan(asked[1]) : reading.unread;
    return { ...reading, unread: reason === 'apply' ? { reason, declared: 'after-apply' } : unread };
  }
}

/** What the rule says itself is left out. */
const short = ({ rule: _, title: _t, group: _g, requires: _r, source: _s, ...finding }: Finding) => finding;

const third = { name: 'third', role: 'third', address: '10.0.0.3', connection: 'ssh' as const, settings: {} };
const waived = (over: object): Partial<EvidenceInventory> => ({
  waivers: [{ rule: 'twin/each', reason: 'r', owner: 'o', until: '2026-12-31', ...over }],
});
const [left, right] = scopeOf(pack).hosts.map(({ name, role, address, connection }) => ({
  ...{ name, role, address, connection, settings: {} },
}));
if (!left || !right) throw new Error('the pack has a pair');

interface Run {
  facts: Stated;
  over?: RunOver;
  builds?: Record<string, string>;
}

const runs: Record<string, Run> = {
  healthy: { facts: { left: host('1', 'a'), right: host('2', 'a'), ...via(bash, bash) }, over: { release: '2.0' } },
  different: {
    facts: { left: host('1', 'a'), right: host('2', 'b', '/mnt'), ...via(bash, { via: 'nc' }) },
    over: { release: '1.0' },
  },
  'one machine': { facts: { left: host('1', 'a'), right: host('1', 'a'), ...via(bash, bash) } },
  'one machine, perhaps': { facts: { left: host('1', 'a'), right: { ...host('1', 'b'), boot: '!timed out' } } },
  refused: { facts: { left: host('1', 'a'), right: { ...host('2', 'a'), ...refused } } },
  'refused on both': { facts: { left: { ...host('1', 'a'), ...refused }, right: { ...host('2', 'a'), ...refused } } },
  'refused, and one machine': {
    facts: { left: host('1', 'b'), right: { ...host('1', 'a'), boot: '!denied', root: refused.root } },
  },
  down: { facts: { left: host('1', 'b'), right: down } },
  'not answered': { facts: { left: host('1', '!timed out', '!timed out'), right: host('2', 'a', 'off') } },
  nothing: { facts: {} },
  'two troubles': { facts: { left: host('1', '!timed out', '!refused@context'), right: host('2', 'a', '!timed out') } },
  'a number': { facts: { left: host('1', 5), right: host('2', 0) } },
  verified: { facts: { left: host('1', 'b'), right: host('2', 'b') }, over: { phases: ['verify'] } },
  'three hosts': {
    facts: { left: host('1', 'a'), right: host('2', 'a'), third: host('3', 'b') },
    over: { inventory: { hosts: [left, right, third] } },
  },
  'one host': { facts: { left: host('1', 'b') }, over: { inventory: { hosts: [left] } } },
  'a build': { facts: { left: host('1', 'b'), right: host('2', 'b') }, builds: { left: '2.1', right: '2.1' } },
  'two builds': { facts: { left: host('1', 'b'), right: host('2', 'b') }, builds: { left: '2.1', right: '1.5' } },
  'a build of one': { facts: { left: host('1', 'b'), right: host('2', 'b') }, builds: { right: '1.5' } },
  'a build of the third': {
    facts: { left: host('1', 'b'), right: host('2', 'b') },
    over: { inventory: { hosts: [left, right, third] } },
    builds: { third: '2.1' },
  },
  'a build that is not exact': {
    facts: { left: host('1', 'b'), right: host('2', 'b') },
    over: { release: '2.0' },
    builds: { left: '2', right: '2' },
  },
  'a build that contradicts': {
    facts: { left: host('1', 'b'), right: host('2', 'b') },
    over: { release: '2.0' },
    builds: { left: '1.5', right: '1.5' },
  },
  'settings of its own': {
    facts: { left: host('1', 'a', '/mnt'), right: host('2', 'a', '/srv') },
    over: { inventory: { settings: { free: '/mnt' } } },
  },
  'settings of each host': {
    facts: { left: host('1', 'a', '/mnt'), right: host('2', 'a', '/srv') },
    over: { inventory: { hosts: [{ ...left, settings: { disk: '/mnt', free: '/x' } }, right] } },
  },
  'paths alike': { facts: { left: host('1', 'a', '/mnt'), right: host('2', 'a', '/mnt') } },
  'paths of each': { facts: { left: host('1', 'a', '/mnt'), right: host('2', 'a', '/srv') } },
  'no paths': { facts: { left: host('1', 'a', 'mnt'), right: host('2', 'a', '/mnt/../x') } },
  waived: { facts: { left: host('1', 'b'), right: host('2', 'b') }, over: { inventory: waived({ host: 'left' }) } },
  'waived everywhere': { facts: { left: host('1', 'b'), right: host('2', '!gone') }, over: { inventory: waived({}) } },
  'waived too long ago': {
    facts: { left: host('1', 'b'), right: host('2', 'b') },
    over: { inventory: waived({ until: '2026-11-20' }) },
  },
};

describe('runs come out as they are kept', () => {
  const kept = new Kept(new URL('fixtures/findings.txt', import.meta.url));

  it.each(Object.entries(runs))('%s', (name, { facts, over, builds }) => {
    const scope = scopeOf(pack, over);
    const findings = evaluate(scope, new StatedFacts(scope, facts, builds), TAKEN.toISOString());
    kept.expect(Object.fromEntries(findings.map((finding) => [`${name}, ${finding.key}`, short(finding)])));
  });

  it.each<[string, Stated, boolean]>([
    ['declared', { left: host('1', 'a', '!plan'), right: host('2', '!plan') }, false],
    ['declared, and undecided', { left: host('1', 'z', '!plan'), right: host('2', 'z', '!plan') }, false],
    ['declared, with a gap', { left: host('1', '!plan', '!not rendered'), right: host('2', 'b') }, false],
    ['declared, and known after apply', { left: host('1', '!apply'), right: host('2', '!plan', '!apply') }, false],
    [
      'declared, known after apply, and deferred',
      { left: host('1', '!apply'), right: host('2', '!plan', '!apply') },
      true,
    ],
    ['declared, and what is left to apply is deferred', { left: host('1', '!plan'), right: host('2', 'b') }, true],
  ])('%s', (name, facts, defer) => {
    const scope = { ...scopeOf(pack), declared: { defer } };
    const findings = evaluate(scope, new DeclaredFacts(scope, facts), TAKEN.toISOString());
    kept.expect(Object.fromEntries(findings.map((finding) => [`${name}, ${finding.key}`, short(finding)])));
  });

  it('and no others are', () => {
    kept.expectNoMore();
  });
});

it('what is remembered of one judgement is what another one would come to, and is judged once', () => {
  const [different, healthy] = [runs.different, runs.healthy];
  if (!different || !healthy) throw new Error('two runs');
  const scope = scopeOf(pack, different.over);
  const [facts, others] = [new StatedFacts(scope, different.facts), new StatedFacts(scope, healthy.facts)];
  const judge = rememberingJudge();
  const first = judgedAlone(scope, scope.rules, facts, judge);
  expect(first).toEqual(judgedAlone(scope, scope.rules, facts));
  expect(first).not.toEqual(judgedAlone(scope, scope.rules, others));
  // It is for facts that stay: of others it still tells what it remembers.
  const verdictsOf = (findings: Finding[]) => findings.map(({ key, verdict }) => [key, verdict]);
  expect(verdictsOf(judgedAlone(scope, scope.rules, others, judge))).toEqual(verdictsOf(first));
});
