/** Facts that were asked several times, facts of an earlier run, and what a rule tells beside its verdict. */
import { describe, expect, it } from 'vitest';
import type { Evidence, Finding, Output } from '../../src/core/model.js';
import { EvidenceFacts } from '../../src/evidence/facts-in-evidence.js';
import { evaluate } from '../../src/judge/evaluate.js';
import type { Pack } from '../../src/pack/pack.js';
import { planSteps } from '../../src/plan/steps.js';
import { inventoryOf, packOf, ruleText, said, scopeOf, TAKEN } from '../support.js';

const commands = `
contexts: { shell: { title: s, enter: [enter, "{shell}"], user: shell } }
commands:
  lag: { title: l, argv: [show-lag], as: login, parse: { json: {} } }
  wal: { title: w, argv: [show-wal], as: login, parse: { number: {} } }
  flag: { title: f, argv: [show-flag], as: login, parse: { text: {} } }
settings:
  times: { title: t, type: number, basis: inferred, default: 3 }
  unset: { title: u, type: path, basis: inferred }
  limit: { title: l, type: number, basis: inferred, default: 10 }
`;
const sampled = '{ probe: lag, with: {}, sample: { times: "${times}", every_ms: 5000 } }';
const trend =
  'trend: { small: "${limit}", written: "@left.wal.value", falling: pass, rising: fail, stuck: fail, mixed: unknown, not_a_number: fail }';
const where = 'where: { address: "@right.address" }, its: bytes';

/** A pack with one rule on a lag that the left host tells. */
function lagPack(over: Record<string, string> = {}, expect = [`{ every: lag.entries, ${where}, ${trend} }`]): Pack {
  const facts = `{ raw: ${sampled}, lag: { from: raw.value, entries: address }, wal: { probe: wal, with: {}, sample: { times: 3, every_ms: 5000 } } }`;
  return packOf(ruleText('lag', expect, { hosts: '[left]', facts, ...over }), commands);
}

/** Evidence in which each step of the plan answers from a list, one text for each sample; null: the host did not answer. */
function evidenceOf(pack: Pack, answers: Record<string, (string | null)[]>, over: Partial<Evidence> = {}): Evidence {
  const scope = scopeOf(pack);
  const steps = planSteps(scope).map((step) => {
    const texts = answers[`${step.probe} ${step.subject.kind === 'host' ? step.subject.host : ''}`] ??
      answers[step.probe] ?? [null];
    const outputs = texts.map((text, index): Output[] => {
      const startedAt = new Date(TAKEN.getTime() + index * 5000).toISOString();
      return [
        text === null
          ? said('', { startedAt, exit: null, problem: 'timeout', problemAt: 'command' })
          : said(text, { startedAt }),
      ];
    });
    return { ...step, outputs };
  });
  return {
    schema: 'pairflight/evidence/2',
    tool: { name: 'pairflight', version: '0' },
    takenAt: TAKEN.toISOString(),
    finishedAt: TAKEN.toISOString(),
    run: { phases: ['preflight'], selection: { only: [], skip: [] } },
    inventory: inventoryOf(pack),
    packs: [],
    connections: [],
    steps,
    redaction: { tokenKeyId: 'k', what: [] },
    ...over,
  };
}

function judge(pack: Pack, evidence: Evidence): Finding {
  const scope = scopeOf(pack);
  const [finding] = evaluate(scope, new EvidenceFacts(scope, evidence), TAKEN.toISOString());
  if (!finding) throw new Error('no finding');
  return finding;
}
const bytes = (value: unknown) =>
  JSON.stringify({ '10.0.0.2': { bytes: value }, mode: 'master', '10.0.0.9': { bytes: 7 } });

describe('a trend over the samples of a step', () => {
  const judged = (values: (unknown | null)[], wal = ['1', '1', '1']) =>
    judge(
      lagPack(),
      evidenceOf(lagPack(), { lag: values.map((value) => (value === null ? null : bytes(value))), wal }),
    );

  it.each([
    ['pass', ['0', '0', '0'], 'nothing was written meanwhile'],
    ['pass', [30, 20, 15], 'falling at every one of 3 samples over 10 s'],
    ['fail', [15, 20, 30], 'never fallen in 3 samples'],
    ['fail', [15, 15, 30], 'never fallen in 3 samples'],
    ['fail', [0, 0, '-1'], '"-1" instead of a number'],
    ['fail', [20, 20, 20], 'it does not move'],
    ['unknown', [20, 30, 25], 'neither falling nor rising'],
    ['fail', [0, 0, 'unknown'], '"unknown" instead of a number'],
    ['unknown', [0, null, 0], '1 of 3 samples could not be read'],
    ['unknown', [null, 0, 0], '1 of 3 samples could not be read'],
    ['unknown', [0, 0, null], 'did not answer in time'],
  ])('%s: %j', (verdict, values, says) => {
    const finding = judged(values);
    expect([finding.verdict, finding.message]).toEqual([verdict, expect.stringContaining(says)]);
  });

  it('zero under writes is told apart from zero without', () => {
    expect(judged([0, 0, 0], ['100', '150', '300']).message).toContain('200 bytes were written meanwhile');
    expect(judged([0, 0, 0], ['100']).message).toContain('whether anything was written meanwhile is not known');
  });

  it('the series stands in the finding, for whoever draws it', () => {
    expect(judged([30, 'unknown', 0]).samples).toEqual([
      {
        label: 'left',
        property: 'bytes',
        values: [30, null, 0].map((value, index) => ({
          at: new Date(TAKEN.getTime() + index * 5000).toISOString(),
          value,
        })),
      },
    ]);
  });

  it('an answer with two elements where one is meant is no value of a series', () => {
    const twice = lagPack({}, [`{ every: lag.entries, its: bytes, ${trend} }`]);
    expect(judge(twice, evidenceOf(twice, { lag: [bytes(0), bytes(0)] })).verdict).toBe('unknown');
  });

  it('a sample that was lost from the evidence is no shorter series', () => {
    const whole = evidenceOf(lagPack(), { lag: [bytes(30), bytes(25), bytes(20)], wal: ['1', '1', '1'] });
    expect(judge(lagPack(), whole).verdict).toBe('pass');
    const steps = whole.steps.map((step) => (step.sample ? { ...step, outputs: step.outputs.slice(0, 2) } : step));
    expect(judge(lagPack(), { ...whole, steps })).toMatchObject({ verdict: 'unknown' });
  });

  it('what was asked once takes the last of a step that another rule had sampled', () => {
    const two = packOf(
      ruleText('lag', [`{ every: lag.entries, ${where}, ${trend} }`], {
        hosts: '[left]',
        facts: `{ raw: ${sampled}, lag: { from: raw.value, entries: address }, wal: { probe: wal, with: {} } }`,
      }) +
        ruleText('once', ['{ every: raw.value.mode, equals: master }'], {
          hosts: '[left]',
          facts: '{ raw: { probe: lag, with: {} } }',
        }),
      commands,
    );
    const steps = planSteps(scopeOf(two)).filter((step) => step.probe === 'lag');
    expect(steps.map(({ sample, wantedBy }) => ({ sample, wantedBy }))).toEqual([
      { sample: { times: 3, everyMs: 5000 }, wantedBy: ['twin/lag', 'twin/once'] },
    ]);
    const last = evidenceOf(two, { lag: [bytes(0), bytes(0), '{"mode":"slave"}'] });
    const scope = scopeOf(two);
    const verdicts = evaluate(scope, new EvidenceFacts(scope, last), TAKEN.toISOString()).map((one) => one.verdict);
    expect(verdicts[1]).toBe('fail');
  });

  it.each([
    ['times', '{ times: 0, every_ms: 5000 }'],
    ['a fraction', '{ times: 1.5, every_ms: 5000 }'],
    ['an interval that would flood a host', '{ times: 3, every_ms: 1 }'],
  ])('a plan refuses %s', (_, sample) => {
    const facts = `{ raw: { probe: lag, with: {}, sample: ${sample.replace('1.5', '"${times}"')} }, lag: { from: raw.value, entries: address }, wal: { probe: wal, with: {} } }`;
    const pack = lagPack({ facts });
    expect(() => planSteps(scopeOf(pack, { inventory: { settings: { times: 1.5 } } }))).toThrow(
      /right is 1 to 100 times/,
    );
  });
});

describe('facts of an earlier run', () => {
  const rule = (expect: string[]) =>
    packOf(ruleText('flag', expect, { facts: '{ flag: { probe: flag, with: {} } }', per: 'host' }), commands);
  const pack = rule(['{ every: flag.text, equals: "on\\n", when: { before: flag.text, equals: "on\\n" } }']);
  const run = (now: string | null, before?: string | null) =>
    judge(
      pack,
      evidenceOf(pack, { flag: [now] }, before === undefined ? {} : { baseline: evidenceOf(pack, { flag: [before] }) }),
    );

  it.each([
    ['on\n', 'on\n', 'pass', ''],
    ['off\n', 'on\n', 'fail', 'off'],
    ['off\n', 'off\n', 'skip', 'does not apply'],
    ['on\n', undefined, 'unknown', 'give --baseline FILE'],
    ['on\n', null, 'unknown', 'did not answer in time'],
    [null, 'on\n', 'unknown', 'did not answer in time'],
  ])('now %j, before %j: %s', (now, before, verdict, says) => {
    const finding = run(now, before);
    expect([finding.verdict, finding.message]).toEqual([verdict, expect.stringContaining(says)]);
  });

  it('are referred to as @before', () => {
    const same = rule(['{ every: flag.text, equals: "@before.flag.text" }']);
    const judged = (before: string) =>
      judge(same, evidenceOf(same, { flag: ['a'] }, { baseline: evidenceOf(same, { flag: [before] }) })).verdict;
    expect([judged('a'), judged('b')]).toEqual(['pass', 'fail']);
    expect(judge(same, evidenceOf(same, { flag: ['a'] }))).toMatchObject({ verdict: 'unknown', problem: 'not-run' });
  });

  it('of a run that knew other phases are still read', () => {
    const baseline = evidenceOf(
      pack,
      { flag: ['on\n'] },
      { run: { phases: ['long-gone'], selection: { only: ['x/*'], skip: [] } } },
    );
    expect(judge(pack, evidenceOf(pack, { flag: ['off\n'] }, { baseline })).verdict).toBe('fail');
  });
});

describe('what a rule tells beside its verdict', () => {
  const told = '["{right} says {right.flag.text} of {left.size.value}"]';
  const pack = packOf(
    ruleText('flag', ['{ left: size.value, equals: 1 }'], {
      facts: '{ flag: { probe: flag, with: {} }, size: { probe: wal, with: {} } }',
      tells: told,
    }),
    commands,
  );

  it('is asked of the hosts that it is about', () => {
    const subjects = planSteps(scopeOf(pack)).map(({ probe, subject }) => [
      probe,
      subject.kind === 'host' ? subject.host : '',
    ]);
    expect(subjects.sort()).toEqual([
      ['flag', 'right'],
      ['wal', 'left'],
    ]);
  });

  it('is filled in, and stands behind the verdict with its steps', () => {
    const finding = judge(pack, evidenceOf(pack, { flag: ['yes\n'], wal: ['1'] }));
    expect(finding).toMatchObject({ verdict: 'pass', message: 'left: 1', told: ['right says yes of 1'] });
    expect(finding.because).toHaveLength(2);
  });

  it('is left out where a part of it could not be read, and changes no verdict', () => {
    expect(judge(pack, evidenceOf(pack, { flag: [null], wal: ['2'] }))).toMatchObject({
      verdict: 'fail',
      message: 'left: 2, expected 1',
    });
  });

  it.each([
    ['["{nobody.flag.text}"]', /unknown role "nobody"/],
    ['["{self.flag.text}"]', /means nothing where several hosts/],
    ['["{right.flog.text}"]', /unknown fact "flog"/],
    ['["{right.flag.txt}"]', /has no "txt"/],
  ])('%s is refused', (tells, says) => {
    const text = ruleText('flag', ['{ left: flag.text, equals: x }'], {
      facts: '{ flag: { probe: flag, with: {} } }',
      tells,
    });
    expect(() => packOf(text, commands)).toThrow(says);
  });
});

describe('an expectation with several circumstances', () => {
  const facts = '{ flag: { probe: flag, with: {} }, size: { probe: wal, with: {} } }';
  const when = '[{ every: flag.text, equals: "on\\n" }, { every: size.value, at_least: 5 }]';
  const pack = packOf(
    ruleText('both', [`{ every: size.value, at_most: 7, when: ${when} }`], { hosts: '[left]', facts }),
    commands,
  );

  it.each([
    ['pass', 'on\n', '6'],
    ['fail', 'on\n', '8'],
    ['skip', 'off\n', '8'],
    ['skip', 'on\n', '4'],
    // The first that is false decides; what comes after it is not looked at.
    ['skip', 'off\n', null],
    ['unknown', 'on\n', null],
    ['unknown', null, '4'],
  ])('%s: %j, %j', (verdict, flag, size) => {
    expect(judge(pack, evidenceOf(pack, { flag: [flag], wal: [size] })).verdict).toBe(verdict);
  });

  it('a mistake in one of them is told at its place', () => {
    const wrong = '[{ every: flag.text, equals: x }, { evry: size.value, at_least: 5 }]';
    expect(() =>
      packOf(
        ruleText('both', [`{ every: size.value, at_most: 7, when: ${wrong} }`], { hosts: '[left]', facts }),
        commands,
      ),
    ).toThrow(/rules\.yaml:\d+:\d+: .*evry/s);
  });
});

describe('a finding that is unknown', () => {
  const pack = packOf(
    ruleText('word', ['{ every: flag.text, verdicts: { on: pass, off: fail } }'], {
      hosts: '[left]',
      facts: '{ flag: { probe: flag, with: {} } }',
    }),
    commands,
  );

  it('says whether everything was read and nothing of it decides', () => {
    expect(judge(pack, evidenceOf(pack, { flag: ['starting'] }))).toMatchObject({
      verdict: 'unknown',
      undecided: true,
    });
    const lost = judge(pack, evidenceOf(pack, { flag: [null] }));
    expect(lost).toMatchObject({ verdict: 'unknown', problem: 'timeout' });
    expect(lost).not.toHaveProperty('undecided');
  });
});

describe('a question made with a setting that nobody gave', () => {
  const pack = packOf(
    ruleText('file', ['{ every: file.exists, equals: true }'], {
      facts: '{ file: { probe: file, with: { path: "${unset}" } } }',
    }),
    commands,
  );

  it('is not asked, and the finding says which setting', () => {
    expect(planSteps(scopeOf(pack))).toEqual([]);
    expect(judge(pack, evidenceOf(pack, {}))).toMatchObject({
      verdict: 'unknown',
      message: expect.stringContaining('set settings.unset'),
    });
  });

  it('is asked once the setting is there', () => {
    expect(planSteps(scopeOf(pack, { inventory: { settings: { unset: '/x' } } }))).toHaveLength(2);
  });
});

describe('derived facts', () => {
  const verdict = (facts: string, expect: string, text: string) => {
    const pack = packOf(ruleText('derived', [expect], { hosts: '[left]', facts }), commands);
    return judge(pack, evidenceOf(pack, { lag: [text], flag: [text] })).verdict;
  };
  const entries = '{ raw: { probe: lag, with: {} }, all: { from: raw.value, entries: name } }';

  it.each([
    ['pass', '{"a":{"x":1},"b":2}', 'the entries that are objects'],
    ['fail', '{"b":2}', 'none'],
    ['fail', '{"a":[1],"b":null}', 'a list is no entry'],
    ['unknown', '[{"x":1}]', 'a list has no names'],
    ['unknown', '"text"', 'a text has none'],
  ])('entries: %s of %s (%s)', (wanted, text) => {
    expect(verdict(entries, '{ every: all.entries, where: { name: a }, count: { at_least: 1 } }', text)).toBe(wanted);
  });

  it('the name wins over a field that calls itself so', () => {
    expect(
      verdict(entries, '{ every: all.entries, where: { name: a }, count: { at_least: 1 } }', '{"b":{"name":"a"}}'),
    ).toBe('fail');
  });

  it.each([
    ['pass', '4\n'],
    ['fail', '3'],
    ['unknown', 'four'],
    ['unknown', '0x4'],
  ])('a number out of a text: %s of %j', (wanted, text) => {
    const facts = '{ raw: { probe: flag, with: {} }, size: { from: raw.text, number: true } }';
    expect(verdict(facts, '{ every: size.value, at_least: 4 }', text)).toBe(wanted);
  });
});
