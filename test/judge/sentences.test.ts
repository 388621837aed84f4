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
