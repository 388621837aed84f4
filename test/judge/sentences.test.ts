import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { skeletonOf } from '../../src/authoring/skeleton.js';
import { testPack } from '../../src/authoring/test-pack.js';
import { UsageError } from '../../src/core/errors.js';
import { allPacks, loadPack } from '../../src/pack/load.js';
import { headingOf } from '../../src/reporters/words/finding.js';
import { judged, packOf, ruleText, type Stated, scopeOf } from '../support.js';

const kernels = (left: unknown, right: unknown): Stated => ({
  left: { kernel: { release: left } },
  right: { kernel: { release: right } },
});
const found = (rules: string, facts: Stated, more = '') => judged(scopeOf(packOf(rules, more)), facts);
const worded = (verdicts: string, over: Record<string, string> = {}) =>
  ruleText('worded', [`{ every: kernel.release, ${verdicts} }`], { per: 'host', fault: 'It is old', ...over });
const words = 'verdicts: { new: pass, old: fail, odd: fail }';

describe('what a rule tells', () => {
  const told = (facts: Stated) => {
    const tells = '["it is {right.kernel.release} on the right", "and {left} is left"]';
    const rule = ruleText('left', ['{ left: kernel.release, equals: a }'], { tells });
    return found(rule, facts).map(({ told: sentences, because }) => [sentences, because]);
  };

  it('is said where its facts were read, whatever the verdict, and rests on their steps', () => {
    const both = ['it is c on the right', 'and left is left'];
    const steps = ['left/kernel', 'right/kernel'];
    expect(told(kernels('a', 'c'))).toEqual([[both, steps]]);
    expect(told(kernels('b', 'c'))).toEqual([[both, steps]]);
  });

  it('is left away where one was not read', () => {
    expect(told({ left: { kernel: { release: 'a' } } })).toEqual([[['and left is left'], ['left/kernel']]]);
  });
});

describe('the fault of a rule', () => {
  it('heads what fails, and nothing else', () => {
    const rule = worded(words, { title: 'Age of the kernel' });
    expect(found(rule, kernels('old', 'new')).map((one) => [one.fault, headingOf(one)])).toEqual([
      ['It is old', 'It is old'],
      [undefined, 'Age of the kernel'],
    ]);
    expect(found(rule, {}).map(headingOf)).toEqual(Array(2).fill('not known: Age of the kernel'));
  });

  it('is made of the title where a pack has none', () => {
    const [finding] = found(ruleText('same', ['{ same: kernel.release }']), kernels('a', 'b'));
    expect(finding).not.toHaveProperty('fault');
    expect(finding && headingOf(finding)).toBe('does not hold: A rule');
  });

  it('names hosts by role, and values', () => {
    const rule = ruleText('same', ['{ same: kernel.release }'], {
      fault: '"{right} runs {right.kernel.release}, not {left.kernel.release}; ${HOME} stays"',
    });
    expect(found(rule, kernels('a', 'b'))[0]?.fault).toBe('right runs b, not a; ${HOME} stays');
  });

  it('names both ends of a direction, and the row', () => {
    const rule = ruleText('table', ['{ pair: tcp.via, equals: bash }'], {
      each: 'ports',
      fault: '"{self} cannot reach {port.number} ({port.name}) of {peer}"',
      facts: '{ tcp: { probe: tcp-reach, with: { ports: "@ports", address: "@peer.address" } } }',
    });
    const ports = 'ports: [{ port: 7, name: echo, from: left, to: right, basis: inferred, confidence: c }]\n';
    const [finding] = found(rule, { 'left->right': { tcp: { via: 'nc' } } }, ports);
    expect(finding?.fault).toBe('left cannot reach 7 (echo) of right');
  });

  describe('of a rule over ports', () => {
    const facts = '{ tcp: { probe: tcp-reach, with: { ports: "@ports", address: "@peer.address" } } }';
    const row = 'port: 7, name: echo, basis: inferred, confidence: c';
    const told = (fault: string, over = '') => {
      const rule = ruleText('table', ['{ pair: tcp.via, equals: bash }'], {
        each: 'ports',
        fault: `"${fault}"`,
        facts,
      });
      const reached = { 'left->right': { tcp: { via: 'nc' } }, 'right->left': { tcp: { via: 'nc' } } };
      return found(rule, reached, `ports: [{ ${row}${over} }]\n`).map((one) => one.fault);
    };

    it('names the ends of the direction where the table means all', () => {
      expect(told('{port.from} to {port.to}')).toEqual(['left to right', 'right to left']);
      expect(told('{port.from} to {port.to}', ', from: left, to: right')).toEqual(['left to right']);
    });

    it('tells what a row does not name as a rule sees it, and nothing of what it has not', () => {
      expect(told('listens: {port.must_listen}, needed: {port.needed}', ', from: left')).toEqual([
        'listens: false, needed: true',
      ]);
      const oneWay = told('needed: {port.needed}', ', needed: { preflight: left->right }');
      expect(oneWay).toEqual(['needed: true', 'needed: false']);
      expect(told('weighs {port.severity}', ', from: left')).toEqual([undefined]);
      expect(told('weighs {port.severity}', ', from: left, severity: advice')).toEqual(['weighs advice']);
    });
  });

  it('names a role that has no host, and the other host of the pair', () => {
    const missing = ruleText('same', ['{ same: kernel.release }'], { fault: '"{right} is no {third}"' });
    expect(found(missing, kernels('a', 'b'))[0]?.fault).toBe('right is no third');
    const alone = worded(words, { fault: '"{self} is behind {peer}"' });
    expect(found(alone, kernels('old', 'old')).map((one) => one.fault)).toEqual([
      'left is behind right',
      'right is behind left',
    ]);
  });

  it('takes the steps of what it tells along, and none where it tells nothing', () => {
    const because = (fault: string, remedy: string) => {
      const sentences = `fault: "${fault}", remedy: "${remedy}"`;
      const rule = ruleText('left', [`{ left: kernel.release, equals: a, ${sentences} }`], { fault: 'Wrong' });
      return found(rule, kernels('b', 'c'))[0]?.because;
    };
    expect(because('{right.kernel.release}', 'Mend it.')).toEqual(['left/kernel', 'right/kernel']);
    expect(because('Wrong', 'Not {right.kernel.release}.')).toEqual(['left/kernel', 'right/kernel']);
    expect(because('Wrong', 'Mend it.')).toEqual(['left/kernel']);
    const plain = ruleText('left', ['{ left: kernel.release, equals: a }']);
    expect(found(plain, kernels('b', 'c'))[0]?.because).toEqual(['left/kernel']);
  });

  it('is that of the rule where its expectation was not judged', () => {
    const when = 'when: [{ right: kernel.release, equals: z }]';
    const rule = ruleText('left', [`{ left: kernel.release, equals: a, remedy: Other., ${when} }`]);
    expect(found(rule, kernels('b', 'c')).map(({ verdict, remedy }) => [verdict, remedy])).toEqual([
      ['skip', 'Mend it.'],
    ]);
    expect(found(rule, kernels('b', 'z')).map(({ verdict, remedy }) => [verdict, remedy])).toEqual([
      ['fail', 'Other.'],
    ]);
  });

  it('is that of the expectation, whatever was found', () => {
    const rule = ruleText('left', ['{ left: kernel.release, verdicts: { a: pass, b: fail }, fault: Own }'], {
      fault: 'Of the rule',
    });
    expect(found(rule, kernels('b', 'c'))[0]?.fault).toBe('Own');
  });

  it('is the fault and the remedy of the expectation that decides, for the word that was found', () => {
    const rule = worded(
      `${words}, fault: { old: "{self} is years old" }, remedy: { old: "Update {self}.", odd: Look closer. }`,
    );
    const told = (left: string) => found(rule, kernels(left, 'new')).map(({ fault, remedy }) => [fault, remedy])[0];
    expect(told('old')).toEqual(['left is years old', 'Update left.']);
    expect(told('odd')).toEqual(['It is old', 'Look closer.']);
    expect(told('new')).toEqual([undefined, 'Mend it.']);
  });

  it('falls back where a value in it was not read', () => {
    const rule = ruleText('two', ['{ left: kernel.release, equals: a, fault: "{right} has {right.kernel.release}" }'], {
      fault: 'They differ',
    });
    expect(found(rule, { left: { kernel: { release: 'b' } } })[0]?.fault).toBe('They differ');
  });

  it.each([
    ['a role that is none', { fault: '"{rihgt} is old"' }, /unknown role "rihgt"; did you mean "right"\?/],
    ['a fact that is none', { fault: '"{left.kernle.release}"' }, /unknown fact "kernle"/],
    ['self where several are judged', { fault: '"{self} is old"' }, /"\{self\.\.\.\}" means nothing where several/],
    ['a port without ports', { fault: '"{port.number} is shut"' }, /does not run over the ports/],
    ['a remedy with a value', { remedy: '"Update {left.kernel.release}"' }, /its remedy names a fact/],
  ])('%s is refused', (_, over, message) => {
    const load = () => packOf(ruleText('one', ['{ same: kernel.release }'], over));
    expect(load).toThrow(UsageError);
    expect(load).toThrow(message);
  });

  it('a word that cannot be found is refused', () => {
    expect(() => packOf(worded(`${words}, fault: { odl: It is old }`))).toThrow(
      /unknown word of this expectation's fault "odl"; did you mean "odd"\?/,
    );
  });

  it('is demanded by rules test, and every rule that comes with pairflight has one', () => {
    const dir = mkdtempSync(join(tmpdir(), 'pairflight-pack-'));
    mkdirSync(join(dir, 'sections'));
    for (const [name, text] of Object.entries(skeletonOf('own')))
      writeFileSync(join(dir, name), text.replace('    fault: The host cannot be asked\n', ''));
    const { gaps } = testPack(loadPack(dir));
    rmSync(dir, { recursive: true });
    expect(gaps).toEqual([
      expect.stringMatching(
        /hosts\.yaml:\d+:\d+: own\/host-access has no fault: what is wrong where it fails, in a sentence/,
      ),
    ]);
    const without = allPacks().flatMap(({ rules }) => rules.filter(({ fault }) => fault === undefined));
    expect(without.map(({ id }) => id)).toEqual([]);
  });
});
