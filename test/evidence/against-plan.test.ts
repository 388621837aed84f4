/** In what saved evidence differs from today's plan, in words. */
import { describe, expect, it } from 'vitest';
import type { Ask, Evidence, Step } from '../../src/core/model.js';
import { differencesFrom } from '../../src/evidence/against-plan.js';
import type { Pack } from '../../src/pack/pack.js';

const exec = (...argv: string[]) =>
  ({ kind: 'exec', argv, as: 'login', effect: 'read', timeoutMs: 1, maxBytes: 2 }) as Ask;
const ping: Ask = { kind: 'ping', to: '10.0.0.2', count: 10, timeoutMs: 1 };
const step = (id: string, ...asks: Ask[]): Step => ({
  id,
  probe: 'p',
  params: {},
  subject: { kind: 'host', host: 'left' },
  asks: asks.map((ask) => ({ host: 'left', ask })),
  wantedBy: [],
});
const pack = { name: 'twin', version: '2', sha256: 'b' } as Pack;
const packs = [
  { name: 'other', version: '1', sha256: 'x' },
  { name: 'twin', version: '2', sha256: 'b' },
];

const differences = (asked: Step[], planned: Step[], of: Pick<Evidence, 'packs'> = { packs }) =>
  differencesFrom(planned, { steps: asked, ...of } as Evidence, pack);

describe('evidence differs from the plan of today', () => {
  const one = step('a', exec('cat', '/a'));

  it.each<[string, Step[], Step[], string[]]>([
    ['in nothing', [one], [one], []],
    [
      'in the words of a question',
      [step('a', exec('cat', '/a b'))],
      [step('a', exec('head', '/a'))],
      ["left was asked `cat '/a b'` as login, and today's plan asks `head /a` as login"],
    ],
    [
      'in who asks',
      [one],
      [step('a', { ...exec('cat', '/a'), as: 'root' } as Ask)],
      ["left was asked `cat /a` as login, and today's plan asks `cat /a` as root"],
    ],
    ['not in how long it may take', [one], [step('a', { ...exec('cat', '/a'), timeoutMs: 9, maxBytes: 9 } as Ask)], []],
    [
      'in the second question of a step',
      [step('a', exec('id'), exec('date'))],
      [step('a', exec('id'), ping)],
      ['left was asked `date` as login, and today\'s plan asks {"kind":"ping","to":"10.0.0.2","count":10}'],
    ],
    [
      'in a question less',
      [step('a', exec('id'))],
      [step('a', exec('id'), exec('date'))],
      ["left was asked nothing, and today's plan asks `date` as login"],
    ],
    [
      'in a question more',
      [step('a', exec('id'), exec('date'))],
      [step('a', exec('id'))],
      ["left was asked `date` as login, and today's plan asks nothing"],
    ],
    [
      'in all questions of a step',
      [step('a', exec('id'))],
      [step('a')],
      ["left was asked `id` as login, and today's plan asks nothing"],
    ],
    ['in a step that is not planned', [one, step('b')], [one], ["it holds 1 question that today's plan has not"]],
    ['in steps that are not planned', [step('b'), step('c')], [], ["it holds 2 questions that today's plan has not"]],
    ['in a step that was not asked', [one], [one, step('b')], ["1 question of today's plan had not been asked"]],
  ])('%s', (_, asked, planned, words) => {
    expect(differences(asked, planned)).toEqual(words);
  });

  it('names five, and counts the rest', () => {
    const steps = (count: number, word: string) => Array.from({ length: count }, (_, id) => step(`${id}`, exec(word)));
    const named = "left was asked `id` as login, and today's plan asks `date` as login";
    const five = [named, named, named, named, named];
    expect(differences(steps(5, 'id'), steps(5, 'date'))).toEqual(five);
    expect(differences(steps(6, 'id'), steps(6, 'date'))).toEqual([
      ...five,
      "1 more question of other words than today's",
    ]);
  });

  it('in the rules of its own pack', () => {
    const other = { packs: [packs[0] ?? pack, { name: 'twin', version: '1', sha256: 'a' }] };
    expect(differences([one], [one], other)).toEqual(["it was taken with other rules of twin (1) than today's (2)"]);
    expect(differences([one], [one], { packs: packs.slice(0, 1) })).toEqual([]);
  });

  it('in long words, which are shortened and stand on one line', () => {
    const [said = ''] = differences([step('a', exec('a\n\nb', 'x'.repeat(200)))], [one]);
    expect(said).toContain("`'a b' xxx");
    expect(said.length).toBeLessThan(220);
  });
});
