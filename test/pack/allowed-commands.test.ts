/** A pack with commands that nobody knows to only read: what it takes to run it, and where that is said. */
import { describe, expect, it } from 'vitest';
import { judgeEvidence } from '../../src/judge/report.js';
import { asAllowed, withAllowed } from '../../src/pack/allowed-commands.js';
import { declaredAsks } from '../../src/pack/declared.js';
import { scopeOfEvidence } from '../../src/plan/scope.js';
import { planSteps } from '../../src/plan/steps.js';
import { planJson, planText } from '../../src/plan/text.js';
import type { AnyProbe } from '../../src/probes/define.js';
import { reporters } from '../../src/reporters/index.js';
import { collected, packOf, ruleText, said, scopeOf } from '../support.js';

const commands = (argv: string, enter = '[su, shop, -c, "{shell}"]') => `
contexts: { shop: { title: s, enter: ${enter}, user: shop } }
commands: { state: { title: The state, argv: ${argv}, as: shop, parse: { text: {} } } }
never: [stop_it]
`;
const rule = ruleText('state', ['{ every: state.text, matches: "." }'], {
  per: 'host',
  facts: '{ state: { probe: state } }',
});
const pack = packOf(rule, commands('[shop-state, -v]'));
const path = '/opt/shop/bin/shop-state';

describe('a command that is not known to only read', () => {
  it('is refused with the option that lets it run', () => {
    expect(() => withAllowed(pack, [])).toThrow(
      'the command "state" of the pack twin: "shop-state -v" is not known to only read; where you know that it does, give --allow-command /usr/bin/shop-state',
    );
    const exact = packOf(rule, commands(`[${path}]`));
    expect(() => withAllowed(exact, [])).toThrow(`give --allow-command ${path}`);
    expect(withAllowed(exact, [path]).allowed).toEqual([path]);
  });

  it('is refused as the way into a context', () => {
    const odd = packOf(rule, commands('[cat, /x]', '[/opt/shop/bin/enter, "{shell}"]'));
    expect(() => withAllowed(odd, [])).toThrow(/the context "shop" .* give --allow-command \/opt\/shop\/bin\/enter$/);
    expect(withAllowed(odd, ['/opt/shop/bin/enter'])).toMatchObject({ allowed: ['/opt/shop/bin/enter'] });
  });

  it.each([
    ['shop-state', /absolute path of one program/],
    ['opt/shop/bin/shop-state', /absolute path of one program/],
    ['x/opt/shop/bin/shop-state', /absolute path of one program/],
    ['/opt/shop/bin/shop-state.', /absolute path of one program/],
    ['/opt/sh$p/bin/shop-state', /absolute path of one program/],
    ['/opt/shop/bin/', /absolute path of one program/],
    ['/opt/../bin/shop-state', /absolute path of one program/],
    ['/opt/shop/bin/shop-state -x', /absolute path of one program/],
    ['/bin/sh', /runs whatever it is told/],
    ['/usr/bin/env', /runs whatever it is told/],
    ['/lib64/ld-linux-x86-64.so.2', /runs whatever it is told/],
    ['/proc/self/exe', /no program of its own/],
    ['/bin/rm', /changes a host/],
    ['/opt/stop_it', /must never occur/],
    ['/opt/shop/bin/other', /no command of the pack twin is this program/],
  ])('is not allowed by %j', (allowed, why) => {
    expect(() => withAllowed(pack, [allowed])).toThrow(why);
  });

  it('is allowed by any path of it, each time', () => {
    for (const one of ['/shop-state', '/opt/s.h+o-p_1/shop-state'])
      expect(withAllowed(pack, [one])).toMatchObject({ allowed: [one] });
    expect(() => withAllowed(pack, [path, '/opt/shop/bin/other'])).toThrow(/no command of the pack twin/);
  });

  it('is no matter for a pack that only reads', () => {
    const reads = packOf(rule, commands('[cat, /etc/shop]'));
    expect(withAllowed(reads, [])).toBe(reads);
  });
});

describe('what a pack itself declares', () => {
  it('is asked as it is written, and nothing of it for a probe of the engine', () => {
    expect(declaredAsks(pack, 'state')).toMatchObject([{ kind: 'exec', argv: ['shop-state', '-v'], as: 'shop' }]);
    expect(declaredAsks(pack, 'kernel')).toEqual([]);
    expect(declaredAsks({ ...pack, probes: new Map() }, 'state')).toEqual([]);
    const ping = { ...pack.probes.get('ping'), ask: () => [{ kind: 'ping' }] } as unknown as AnyProbe;
    expect(declaredAsks({ ...pack, probes: new Map([['state', ping]]) }, 'state')).toEqual([]);
  });
});

describe('a program that was allowed', () => {
  it('stands in the place of its name, and no other does', () => {
    expect(asAllowed({ allowed: ['/opt/other', path] }, ['shop-state', '-v'])).toEqual([path, '-v']);
    expect(asAllowed({ allowed: [path] }, ['cat', '/x'])).toEqual(['cat', '/x']);
    expect(asAllowed({}, ['shop-state'])).toEqual(['shop-state']);
  });

  const scope = scopeOf(withAllowed(pack, [path]));

  it('is run by the path that was allowed, and stands in the plan', () => {
    const steps = planSteps(scope);
    const argvs = steps.flatMap(({ asks }) => asks.flatMap(({ ask }) => (ask.kind === 'exec' ? [ask.argv] : [])));
    expect(argvs).toContainEqual([path, '-v']);
    expect(planText(scope, steps)).toContain(`Not known to only read, and allowed by --allow-command: ${path}\n`);
    expect(planJson(scope, steps)).toMatchObject({ allowCommands: [path] });
    expect(planText(scopeOf(packOf(rule, commands('[cat, /x]'))), [])).not.toContain('allow-command');
  });

  it('stands in evidence and in the gate of every report, also where the evidence is judged again', async () => {
    const evidence = await collected(scope, (_, { argv }) => (argv[0] === path ? said('well\n') : undefined));
    expect(evidence.run.allowCommands).toEqual([path]);
    const again = scopeOfEvidence(pack, evidence);
    const report = judgeEvidence(again, evidence, 'blocker');
    expect(report.run).toMatchObject({ gate: 'passed', allowCommands: [path] });
    // What a monitoring system scrapes has numbers alone.
    for (const [name, reporter] of Object.entries(reporters).filter(([name]) => name !== 'prometheus'))
      expect([name, await reporter(report, { color: false, columns: 400 })]).toEqual([
        name,
        expect.stringContaining(path),
      ]);
  });
});
