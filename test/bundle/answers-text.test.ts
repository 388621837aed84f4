/** Every answer of a run as text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answersInText } from '../../src/bundle/answers-text.js';
import type { Evidence, ExecAsk } from '../../src/core/model.js';
import { said } from '../support.js';

const ask: ExecAsk = { kind: 'exec', argv: ['cat', '/a b'], as: 'root', effect: 'read', timeoutMs: 1, maxBytes: 1 };
const step = (host: string, outputs: Evidence['steps'][number]['outputs'], more: Partial<ExecAsk> = {}) => ({
  id: 's1',
  probe: 'file',
  params: {},
  subject: { kind: 'host' as const, host },
  asks: [{ host, ask: { ...ask, ...more } }],
  wantedBy: [],
  outputs,
});

describe('answers in text', () => {
  it('hold the whole of every sample, host by host', () => {
    const long = 'x'.repeat(10_000);
    const text = answersInText({
      steps: [
        step('b', [[said('one\n')], [said('two\n', { stderr: 'oops' })]]),
        step('a', [[said(long)]]),
        step('b', []),
      ],
    });
    expect(text.match(/^== .*$/gm)?.map((line) => line.replace(/, \d{4}-.*/, ''))).toEqual([
      '== b as root, step s1, sample 1 of 2: exit 0',
      '== b as root, step s1, sample 2 of 2: exit 0',
      '== a as root, step s1: exit 0',
    ]);
    expect(text).toContain("$ cat '/a b'\n  two\n  stderr: oops");
    expect(text).toContain(long);
  });

  it('name the variable of a secret, and not its value', () => {
    const stdin = { line: 'header = "X: {secret}"', env: 'TOKEN' };
    expect(answersInText({ steps: [step('a', [[said('')]], { stdin })] })).toContain('stdin: header = "X: $TOKEN"\n');
  });

  it('obey nothing that a host says', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const shown = answersInText({ steps: [step('a', [[said(`${text}\u001b[31m\n== b as root: exit 0`)]])] });
        expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
        expect(shown.match(/^== /gm)).toHaveLength(1);
      }),
    );
  });
});
