/** Whom a rule is judged on, and what its rows say in each direction. */
import { describe, expect, it } from 'vitest';
import { judgedRow, subjectsOf } from '../../src/judge/subjects.js';
import { packOf, ruleText, scopeOf } from '../support.js';

const pack = packOf(
  ruleText('table', ['{ row: needed, equals: true }'], { each: 'ports', phases: '[preflight, verify]', facts: '{}' }),
  `ports:
  - { port: 7, name: one way, needed: { verify: left->right }, basis: inferred, confidence: c }
  - { port: 8, name: given, from: left, to: right, basis: inferred, confidence: c }
`,
);

describe('a row', () => {
  const rows = (phase: string) => {
    const scope = scopeOf(pack, { phases: [phase] });
    return scope.rules
      .flatMap((rule) => subjectsOf(scope, rule))
      .map((one) => judgedRow(scope, one))
      .map((row) => row && [row.port, row.from, row.to, row.neededInPhase]);
  };

  it('has the ends of its direction, and is needed where its phase needs it', () => {
    expect(rows('preflight')).toEqual([
      [7, 'left', 'right', true],
      [8, 'left', 'right', true],
      [7, 'right', 'left', true],
    ]);
    expect(rows('verify')).toEqual([
      [7, 'left', 'right', true],
      [8, 'left', 'right', true],
      [7, 'right', 'left', false],
    ]);
  });

  it('is none where a rule has none', () => {
    const scope = scopeOf(packOf(ruleText('kernels', ['{ same: kernel.release }'])));
    expect(scope.rules.flatMap((rule) => subjectsOf(scope, rule)).map((one) => judgedRow(scope, one))).toEqual([
      undefined,
    ]);
  });
});
