import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { redactConnection, redactOutputs } from '../../src/collect/redact.js';
import type { Connection, Step } from '../../src/core/model.js';
import { brought, said } from '../support.js';

const step = (probe: string, params: Record<string, unknown> = {}): Step => ({
  id: 'x',
  probe,
  params,
  subject: { kind: 'host', host: 'h' },
  asks: [],
  wantedBy: [],
});
const kept = (
  probe: string,
  stdout: string,
  params: Record<string, unknown> = {},
  secrets: string[] = [],
  stderr = '',
) => redactOutputs(brought, step(probe, params), [said(stdout, { stderr })], secrets, String)[0];

describe('what must not leave a host is taken out before anything is saved', () => {
  it('of a configuration only the lines whose key is exactly the requested one', () => {
    const text =
      'alation.mode = standalone\nalation.mode.secret = hunter2\nmode = x\nalation.mode2 = y\npassword = z\n';
    expect(kept('conf', text, { key: 'alation.mode' })?.stdout).toBe('alation.mode = standalone\n');
  });

  it('a key that is only part of another keeps nothing', () => {
    expect(kept('conf', 'alation_analytics-v2.pgsql.password = hunter2\n', { key: 'password' })?.stdout).toBe('');
  });

  it('nor does a secret on the error stream survive', () => {
    expect(kept('conf', '', { key: 'k' }, [], 'pg.password = hunter2\nTraceback\n')?.stderr).not.toContain('hunter2');
  });

  it('of processes only the searched names', () => {
    const text = '    1 /sbin/init\n  9 psql --password=hunter2 postgres\n 10 java -Dpw=hunter3 Server\n';
    const output = kept('processes', text, { names: ['Server'] }, [], 'hunter4');
    expect(
      output?.stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(['1', '9', '10']);
    expect(output?.stdout.match(/Server/g)).toHaveLength(1);
    expect(JSON.stringify(output)).not.toMatch(/hunter/);
  });

  it('a machine id leaves as its SHA-256, the word for none as it is, and anything else not at all', () => {
    expect(kept('machine-id', `${'a'.repeat(32)}\n`)?.stdout).toMatch(/^sha256:[0-9a-f]{64}\n$/);
    expect(kept('machine-id', 'uninitialized\n')?.stdout).toBe('uninitialized\n');
    for (const odd of ['a'.repeat(31), `${'a'.repeat(32)}x`, 'uninitialised'])
      expect(kept('machine-id', odd)?.stdout).toBe('');
  });

  it('equal machine ids stay equal, different ones different', () => {
    const of = (id: string) => kept('machine-id', id.repeat(32))?.stdout;
    expect(of('a')).toBe(of('a'));
    expect(of('a')).not.toBe(of('b'));
  });

  it('exit, problem and time stay as they were', () => {
    const output = said('x', { exit: null, problem: 'timeout', problemAt: 'command' });
    expect(redactOutputs(brought, step('cpu'), [output], [], String)).toEqual([output]);
  });
});

describe('passwords of this run', () => {
  it.each([
    [
      'stdout',
      kept('cpu', 'sudo: hunter2 is wrong; hunter2!', {}, ['hunter2'])?.stdout,
      'sudo: [password] is wrong; [password]!',
    ],
    ['stderr', kept('cpu', '', {}, ['hunter2'], 'hunter2')?.stderr, '[password]'],
  ])('are taken out of %s', (_, found, wanted) => {
    expect(found).toBe(wanted);
  });

  it('and of what was said while connecting', () => {
    const problem = { problem: 'denied', problemAt: 'context', message: 'hunter2 refused' } as const;
    const connection: Connection = {
      host: 'h',
      kind: 'ssh',
      logins: 1,
      shells: 0,
      bytes: 0,
      noise: 'your password hunter2',
      problem,
    };
    expect(JSON.stringify(redactConnection(connection, ['hunter2']))).not.toContain('hunter2');
  });

  // defect: a secret that is part of another is replaced first, and the rest of the longer one stays.
  test('no secret of four characters or more survives whole or in a longer one, in any order', () => {
    const secret = fc.stringMatching(/^[a-z]{4,8}$/);
    fc.assert(
      fc.property(secret, fc.stringMatching(/^[0-9]{1,6}$/), fc.boolean(), (short, tail, flip) => {
        fc.pre(!'[password]'.includes(short));
        const long = `${short}${tail}`;
        const secrets = flip ? [short, long] : [long, short];
        const output = kept('cpu', `<${long}> <${short}>`, {}, secrets)?.stdout ?? '';
        expect(output).toBe('<[password]> <[password]>');
      }),
    );
  });
});
