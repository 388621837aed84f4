/** What `pairflight diff --report json` writes: two runs on one pair, compared. */
import type { Schema } from '../core/schema.js';
import { count, object, severity, string, tool } from '../core/schema.js';

const taken = object({ takenAt: { description: 'When the run began.', type: 'string', format: 'date-time' } }, [
  'takenAt',
]);

const developments = {
  new: 'fails, and did not',
  worse: 'less is known of it, it weighs more, or nobody accepts it any more',
  fixed: 'passes, and did not',
  changed: 'otherwise another, as what applies no more',
  unchanged: 'verdict and severity are the same',
};

const standing = object(
  {
    verdict: { description: 'What was found.', enum: ['pass', 'fail', 'unknown', 'error', 'skip'] },
    severity: { ...severity, description: 'How much the requirement weighs.' },
    message: { description: "The verdict's reason, with the values.", ...string },
    fault: { description: 'Of what fails: what is wrong, in a sentence.', ...string },
    waived: { description: 'True when somebody accepts it.', const: true },
  },
  ['verdict', 'severity', 'message'],
);

const difference = object(
  {
    key: { description: 'The same in every run: the rule, and its subject or row where it has several.', ...string },
    rule: { description: "The rule's id.", ...string },
    title: { description: "The rule's title.", ...string },
    development: {
      description: Object.entries(developments)
        .map(([name, meaning]) => `\`${name}\`: ${meaning}`)
        .join('; '),
      enum: Object.keys(developments),
    },
    before: standing,
    after: standing,
  },
  ['key', 'rule', 'title', 'development', 'before', 'after'],
);

const change = object(
  {
    subject: { description: 'The host, or the direction.', ...string },
    fact: { description: 'The probe and what it was asked for.', ...string },
    property: { description: 'The property of the answer; absent where the whole answer is meant.', ...string },
    before: { description: 'The value in the earlier run, null where there was none.' },
    after: { description: 'The value in the later run, in the same form.' },
  },
  ['subject', 'fact', 'before', 'after'],
);

export const diffSchema: Schema = {
  $id: 'urn:pairflight:schema:diff:1',
  title: 'pairflight diff, version 1',
  description: 'Both runs are judged by the same rules, under the phase, selection and settings of the later one.',
  ...object(
    {
      schema: { const: 'pairflight/diff/1' },
      tool,
      product: object({ pack: string, title: string }, ['pack', 'title']),
      phase: { description: 'The phase whose rules were judged.', ...string },
      before: taken,
      after: taken,
      exitCode: { description: '1 when something is new or worse.', enum: [0, 1] },
      summary: object(
        Object.fromEntries(Object.keys(developments).map((name) => [name, count])),
        Object.keys(developments),
      ),
      findings: {
        description: "One for each finding of the later run, in the rules' order.",
        type: 'array',
        items: difference,
      },
      changes: object({ compared: count, list: { type: 'array', items: change } }, ['compared', 'list']),
    },
    ['schema', 'tool', 'product', 'phase', 'before', 'after', 'exitCode', 'summary', 'findings', 'changes'],
  ),
};
