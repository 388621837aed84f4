/** Echo requests: real answers of iputils and busybox, and the counts that come from this machine. */
import { describe, expect, it } from 'vitest';
import { ping, pingFromHere } from '../../src/probes/ports/ping.js';
import { refusalOf } from '../../src/probes/read-only.js';
import { failed, fixture, noAnswers, read, said, spoiled, unreadable } from './support.js';

const params = { address: '10.0.0.1' };
const self = { name: 'a', role: 'a', address: '10.0.0.1', connection: 'ssh' as const };

describe.each([
  ['', { roundTripMs: 0.027, maxMs: 0.039 }],
  ['busybox-', { roundTripMs: 0.055, maxMs: 0.086 }],
])('%sping', (box, times) => {
  const text = (name: string) => fixture(`debian-12/${box}ping${name}`);

  it('that is answered', () => {
    expect(read(ping, [said(text(''))], params)).toEqual({ sent: 3, received: 3, lossPercent: 0, ...times });
  });
  it('of which nothing comes back is a value', () => {
    expect(read(ping, [said(text('-none'), 1)], params)).toEqual({ sent: 3, received: 0, lossPercent: 100 });
  });
  it('that may not open a socket is denied', () => {
    expect(unreadable(ping, [failed(text('-denied'), box === '' ? 2 : 1)], params).problem).toBe('denied');
  });
  it('that has no route, or no address, has no value', () => {
    for (const why of ['-no-route', '-unresolved'])
      for (const exit of [1, 2]) unreadable(ping, [failed(text(why), exit)], params);
  });
});

const head = 'PING 10.0.0.1 (10.0.0.1) 56(84) bytes of data.\n\n--- 10.0.0.1 ping statistics ---\n';

describe('an answer', () => {
  it.each([
    // As documented in iputils: errors and duplicates stand between the counts.
    [
      '10 packets transmitted, 7 received, 30% packet loss, time 1830ms\nrtt min/avg/max/mdev = 0.5/1.25/4.0/0.1 ms\n',
      0,
      { sent: 10, received: 7, lossPercent: 30, roundTripMs: 1.25, maxMs: 4 },
    ],
    [
      '10 packets transmitted, 0 received, +10 errors, 100% packet loss, time 1830ms\npipe 4\n',
      1,
      { sent: 10, received: 0, lossPercent: 100 },
    ],
    [
      '3 packets transmitted, 2 received, +1 duplicates, 33.3333% packet loss, time 400ms\n',
      0,
      { sent: 3, received: 2, lossPercent: 33.3 },
    ],
    [
      '3 packets transmitted, 3 packets received, 0% packet loss\nround-trip min/avg/max = 0.1/0.2/0.3 ms\n',
      0,
      { sent: 3, received: 3, lossPercent: 0, roundTripMs: 0.2, maxMs: 0.3 },
    ],
    // GNU inetutils.
    [
      '3 packets transmitted, 3 packets received, 0% packet loss\nround-trip min/avg/max/stddev = 0.041/0.056/0.066/0.011 ms\n',
      0,
      { sent: 3, received: 3, lossPercent: 0, roundTripMs: 0.056, maxMs: 0.066 },
    ],
  ])('%j', (text, exit, value) => {
    expect(read(ping, [said(head + text, exit)], params)).toEqual(value);
  });

  it.each([
    ['more back than sent', '2 packets transmitted, 3 received, 0% packet loss\n', 0],
    ['nothing sent', '0 packets transmitted, 0 received, 0% packet loss\n', 0],
    ['an error although something came back', '3 packets transmitted, 2 received, 33% packet loss\n', 1],
    ['another exit', '3 packets transmitted, 0 received, 100% packet loss\n', 2],
    ['no counts', '', 0],
    ['numbers that are none', `${'9'.repeat(400)} packets transmitted, 1 received, 0% packet loss\n`, 0],
    ['an option that is refused', "ping: invalid option -- 'i'\n", 1],
  ])('with %s proves nothing', (_, text, exit) => {
    unreadable(ping, [said(head + text, exit)], params);
  });
  it.each(noAnswers)('is none for %s', (_, output) => void unreadable(ping, [output], params));
  it('is none with a problem', () => {
    for (const output of spoiled(said(fixture('debian-12/ping')))) unreadable(ping, [output], params);
  });
});

it('is asked in words that may run', () => {
  const [ask] = ping.ask(params, self);
  if (ask?.kind !== 'exec') throw new Error('ping is not asked');
  expect(ask.argv).toEqual(['ping', '-n', '-q', '-c', '5', '-i', '0.2', '-W', '2', '10.0.0.1']);
  expect(refusalOf(ask, false, [])).toBeUndefined();
  for (const [index, word] of [
    [1, '-f'],
    [4, '100000'],
    [6, '0'],
    [9, '-f'],
    [9, '-I'],
  ] as const) {
    expect(refusalOf({ ...ask, argv: ask.argv.with(index, word) as typeof ask.argv }, false, [])).toBeDefined();
  }
  expect(refusalOf({ ...ask, argv: [...ask.argv, '10.0.0.2'] }, false, [])).toBeDefined();
});

describe('from here', () => {
  it('asks this machine for the address that we use', () => {
    expect(pingFromHere.ask({}, self)).toEqual([{ kind: 'ping', to: '10.0.0.1', count: 3, timeoutMs: 1000 }]);
    expect(pingFromHere.ask({}, { ...self, reachedAs: 'alpha.example' })).toMatchObject([{ to: 'alpha.example' }]);
  });
  it.each([
    ['{"sent":3,"received":3,"ms":0.4}', { sent: 3, received: 3, lossPercent: 0, roundTripMs: 0.4 }],
    ['{"sent":3,"received":1,"ms":9}', { sent: 3, received: 1, lossPercent: 66.7, roundTripMs: 9 }],
    ['{"sent":3,"received":0}', { sent: 3, received: 0, lossPercent: 100 }],
  ])('%s', (text, value) => {
    expect(read(pingFromHere, [said(text)])).toEqual(value);
  });
  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"sent":0,"received":0}',
    '{"sent":3,"received":4}',
    '{"sent":"3","received":"3"}',
    '{"sent":3,"received":-1}',
  ])('%s is none', (text) => {
    unreadable(pingFromHere, [said(text)]);
  });
  it.each(noAnswers)('is none for %s', (_, output) => void unreadable(pingFromHere, [output]));
});

describe('the statistics', () => {
  const counted = '10 packets transmitted, 10 received, 0% packet loss\n';
  it.each([
    ['rtt min/avg/max/mdev = 10/12/15/1 ms', { roundTripMs: 12, maxMs: 15 }],
    ['rtt min/avg/max/mdev = 0.5/12.25/115.75/1 ms', { roundTripMs: 12.25, maxMs: 115.75 }],
    ['round-trip min/avg/max = 1/2/3 ms', { roundTripMs: 2, maxMs: 3 }],
    ['x rtt min/avg/max/mdev = 10/12/15/1 ms', {}],
    [`rtt min/avg/max/mdev = 10/12/${'9'.repeat(400)}/1 ms`, {}],
    [`rtt min/avg/max/mdev = 10/${'9'.repeat(400)}/12/1 ms`, {}],
  ])('with the times %j', (line, times) => {
    const value = { sent: 10, received: 10, lossPercent: 0, ...times };
    expect(read(ping, [said(`${counted}${line}\n`)], params)).toEqual(value);
  });

  it('are of one question, too', () => {
    expect(read(ping, [said('1 packets transmitted, 1 received, 0% packet loss\n')], params)).toMatchObject({
      sent: 1,
    });
  });

  it('are none where the line has another form, or the program failed', () => {
    for (const text of ['x\n', `x${counted}`])
      expect(unreadable(ping, [said(text)], params).message).toBe('ping printed no statistics');
    expect(unreadable(ping, [said(counted, 2, 'odd')], params).message).toBe('ended with exit 2: odd');
    expect(unreadable(ping, [said('x', 1, 'odd')], params).message).toBe('ended with exit 1: odd');
  });

  it.each(['{"sent":"3","received":3}', '{"sent":3,"received":"3"}', '{"sent":3}', '{"received":3}', '[]', 'null'])(
    '%j of this machine counts nothing',
    (text) => {
      expect(unreadable(pingFromHere, [said(text)]).message).toBe('the echo requests were not counted');
    },
  );

  it.each([
    ['"received":0,"ms":5', { received: 0, lossPercent: 100 }],
    ['"received":3,"ms":"5"', { received: 3, lossPercent: 0 }],
    ['"received":3,"ms":-1', { received: 3, lossPercent: 0 }],
    ['"received":3', { received: 3, lossPercent: 0 }],
    ['"received":3,"ms":0', { received: 3, lossPercent: 0, roundTripMs: 0 }],
  ])('of this machine: %s', (text, value) => {
    expect(read(pingFromHere, [said(`{"sent":3,${text}}`)])).toEqual({ sent: 3, ...value });
  });
});
