/** How the answer of the reachability script is read. */
import { describe, expect, it } from 'vitest';
import { tcpReach } from '../../src/probes/ports/reach.js';
import { noAnswers, read, said, spoiled, unreadable } from './support.js';

type Value = { via: string; ports: { port: number; state: string }[] };

describe('an answer', () => {
  const params = { ports: [22, 5432], address: '10.0.0.1' };
  const state = (line: string) => (read(tcpReach, [said(`via bash\n${line}\nend\n`)], params) as Value).ports;

  it.each([
    ['22 0 - ', 'open'],
    ['22 1 - bash: connect: Connection refused', 'refused'],
    ['22 1 - timed out', 'filtered'],
    ['22 124 - ', 'filtered'],
    ['22 137 - Killed', 'filtered'],
    ['22 143 - ', 'filtered'],
    ['22 1 - Operation not permitted', 'filtered'],
    ['22 1 - bash: connect: No route to host', 'unreachable'],
    ['22 1 - bash: connect: Network is unreachable', 'unreachable'],
    ['22 1 - Temporary failure in name resolution', 'unresolved'],
    ['22 1 - IO::Socket::INET: Bad hostname', 'unresolved'],
    ['22 1 - Cannot assign requested address', 'undetermined'],
    ['22 127 - nc: not found', 'undetermined'],
    ['22 1 - ', 'undetermined'],
  ])('%j is %s', (line, expected) => {
    expect(state(line)).toEqual([{ port: 22, state: expected }]);
  });

  it.each([
    '23 0 - ',
    '22 x - ',
    '22',
    '22 0',
    '22 0 x ',
    '22 0 -5 ',
    '-22 0 - ',
    '22 -0 - ',
    ' 22 0 - ',
    '022 0 - ',
    '1e999 0 - ',
    '__proto__ 0 - ',
    '22  0 - ',
    '22 0x0 - ',
  ])('%j is about none of the ports', (line) => {
    expect(state(line)).toEqual([]);
  });

  it('tells how long a connect took, where the host could measure it', () => {
    expect(state('22 0 12 \n5432 0 - ')).toEqual([
      { port: 22, state: 'open', ms: 12 },
      { port: 5432, state: 'open' },
    ]);
    unreadable(tcpReach, [said(`via bash\n22 0 ${'9'.repeat(400)} \nend\n`)], params);
  });

  it('is given in the order that the ports were asked in, whichever answered first', () => {
    const ports = [22, 5432, 80, 8080];
    const lines = ['8080 1 3 Connection refused', '80 0 - ', '22 0 - '].join('\n');
    // Whoever did not answer is left out, and takes nobody's place.
    expect((read(tcpReach, [said(`via bash\n${lines}\nend\n`)], { ...params, ports }) as Value).ports).toEqual([
      { port: 22, state: 'open' },
      { port: 80, state: 'open' },
      { port: 8080, state: 'refused', ms: 3 },
    ]);
  });

  it('two lines that contradict each other leave a port undetermined', () => {
    expect(state('22 0 - \n22 1 - Connection refused')).toEqual([{ port: 22, state: 'undetermined' }]);
  });

  it('without its beginning or its end proves nothing', () => {
    const whole = 'via bash\n22 0 - \n5432 0 7 \nend\n';
    for (const text of [
      '',
      'end\n',
      whole.replace('end\n', ''),
      whole.replace('via', 'by'),
      `motd\n${whole}`,
      'via none\nend\n',
      whole.slice(0, -2),
    ]) {
      unreadable(tcpReach, [said(text)], params);
    }
  });

  it.each(noAnswers)('is none for %s', (_, output) => {
    unreadable(tcpReach, [output], params);
  });

  it('is none with a problem', () => {
    for (const output of spoiled(said('via bash\n22 0 - \n5432 0 7 \nend\n'))) unreadable(tcpReach, [output], params);
  });
});

describe('the lines of the script', () => {
  const params = { ports: [22, 5432], address: '10.0.0.1' };

  it('are of the ports that were asked for, and need no words', () => {
    const text = 'via bash\n22 0 -\n80 0 3 \nodd\n022 1 - x\n5432 0 12 \nend\n';
    expect(read(tcpReach, [said(text)], params)).toEqual({
      via: 'bash',
      ports: [
        { port: 22, state: 'open' },
        { port: 5432, state: 'open', ms: 12 },
      ],
    });
  });

  it.each(['x via bash\nend\n', 'via bash x\nend\n', 'via bash\n', 'end\n'])('%j are not whole', (text) => {
    expect(unreadable(tcpReach, [said(text)], params).message).toBe('the reachability script did not finish');
  });
});
