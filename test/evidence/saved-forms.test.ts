/** What saved files hold, in today's form: JSON or a bundle, of this number or of the one before it. */
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import { savedIn } from '../../src/evidence/upgrade.js';

const saved = (value: unknown, what: 'evidence' | 'report' = 'evidence') =>
  savedIn(() => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), what, 'f.json', 'pairflight x');
const [one, two] = [{ schema: 'pairflight/evidence/1' }, { schema: 'pairflight/evidence/2' }];

describe('a saved value', () => {
  it.each<[string, 'evidence' | 'report', object, object]>([
    ['of today is as it is', 'evidence', { ...two, baseline: one }, { ...two, baseline: one }],
    ['of another kind is as it is', 'evidence', { schema: 'pairflight/report/1' }, { schema: 'pairflight/report/1' }],
    [
      'that only ends like one is as it is',
      'evidence',
      { schema: 'x/pairflight/evidence/1' },
      { schema: 'x/pairflight/evidence/1' },
    ],
    ['without a schema is as it is', 'evidence', { a: 1 }, { a: 1 }],
    ['of number 1 becomes number 2', 'evidence', { ...one, a: 1 }, { ...two, a: 1 }],
    [
      'of number 1 takes its baseline along',
      'evidence',
      { ...one, baseline: { ...one, a: 1 } },
      { ...two, baseline: { ...two, a: 1 } },
    ],
    [
      'keeps a baseline of another form',
      'evidence',
      { ...one, baseline: { schema: 'x' } },
      { ...two, baseline: { schema: 'x' } },
    ],
    ['keeps a baseline that is none', 'evidence', { ...one, baseline: 5 }, { ...two, baseline: 5 }],
    [
      'that is a report of number 1 gets the name of its pair',
      'report',
      { schema: 'pairflight/report/1', run: { a: 1 }, hosts: [{ address: '10.0.0.2' }, 5, { address: '10.0.0.1' }] },
      {
        schema: 'pairflight/report/2',
        run: { a: 1, pair: '10.0.0.1+10.0.0.2' },
        hosts: [{ address: '10.0.0.2' }, 5, { address: '10.0.0.1' }],
      },
    ],
    [
      'that is a report without a run stays without',
      'report',
      { schema: 'pairflight/report/1', hosts: [] },
      { schema: 'pairflight/report/2', hosts: [] },
    ],
    [
      'that is a report without hosts stays without',
      'report',
      { schema: 'pairflight/report/1', run: {} },
      { schema: 'pairflight/report/2', run: {} },
    ],
    [
      'whose hosts are no list keeps them',
      'report',
      { schema: 'pairflight/report/1', run: {}, hosts: {} },
      { schema: 'pairflight/report/2', run: {}, hosts: {} },
    ],
  ])('%s', (_, what, value, form) => {
    expect(saved(value, what)).toEqual(form);
  });
});

describe('a file that holds none is refused', () => {
  const refusal = (bytes: () => Buffer, what: 'evidence' | 'report' = 'evidence') => {
    try {
      savedIn(bytes, what, 'f.json', 'pairflight x');
    } catch (error) {
      const { message, next } = error as UsageError;
      return [error instanceof UsageError, message, next];
    }
    return 'holds one';
  };
  const failing = (error: Error) => () => {
    throw error;
  };
  const of = (schema: string) => () => Buffer.from(JSON.stringify({ schema }));

  it.each<[string, () => Buffer, 'evidence' | 'report', string]>([
    [
      'of a number that nobody knows',
      of('pairflight/evidence/3\n'),
      'evidence',
      'f.json: is evidence of another form (pairflight/evidence/3\n); this pairflight reads the forms 1 and 2',
    ],
    [
      'of a report that nobody knows',
      of('pairflight/report/'),
      'report',
      'f.json: is a report of another form (pairflight/report/); this pairflight reads the forms 1 and 2',
    ],
    ['that is no JSON', () => Buffer.from('{'), 'evidence', 'f.json: is not JSON'],
    [
      'that is not there',
      failing(Object.assign(new Error('x'), { code: 'ENOENT' })),
      'evidence',
      'f.json: there is no such file',
    ],
    [
      'that cannot be opened',
      failing(Object.assign(new Error("EACCES: permission denied, open 'f.json'"), { code: 'EACCES' })),
      'evidence',
      'f.json: cannot be read: permission denied',
    ],
    [
      'that is a folder',
      failing(Object.assign(new Error('EISDIR: illegal operation on a directory, read'), { code: 'EISDIR' })),
      'report',
      'f.json: is a folder, not a file',
    ],
  ])('%s', (_, bytes, what, says) => {
    expect(refusal(bytes, what)).toEqual([true, says, 'pairflight x']);
  });

  it('with the sentence of whoever read it', () => {
    const error = new UsageError('f.json: is larger than 1 MiB', 'pairflight y');
    expect(refusal(failing(error))).toEqual([true, 'f.json: is larger than 1 MiB', 'pairflight y']);
  });
});
