/** IPv4 addresses as numbers, and what was never filled in. */
import { describe, expect, it } from 'vitest';
import { ipv4 } from '../../src/core/ipv4.js';
import { isPlaceholder, notFilledIn } from '../../src/core/placeholder.js';

describe('an IPv4 address', () => {
  it.each([
    ['0.0.0.0', 0],
    ['0.0.1.2', 258],
    ['10.0.0.1', 167_772_161],
    ['255.255.255.255', 4_294_967_295],
  ])('%s is %i', (text, number) => {
    expect(ipv4(text)).toBe(number);
  });

  it.each([
    '010.0.0.1',
    '10.0.0.01',
    '10.00.0.1',
    '256.0.0.1',
    '1.0.0.256',
    '1.2.3',
    '1.2.3.4.5',
    'x1.2.3.4',
    '1.2.3.4x',
    '1.2.3.',
    '1.2.3.1000',
    '1,2,3,4',
    '',
    7,
    ['1.2.3.4'],
    null,
    undefined,
  ])('%j is none', (value) => {
    expect(ipv4(value)).toBeUndefined();
  });
});

describe('a placeholder', () => {
  it.each([
    ...['a.changeme', 'a-change-me', 'changeme2', 'fillme', 'fill_me', 'fillmein', 'fill-me-in', 'fill-mein', 'fix-me'],
    ...['__X__', '@X@', '%X%', '%(name)s', '#{x}', 'insert-it'],

    '${X}',
    'a ${x} b',
    '$HOST',
    'at $1',
    '{{ host }}',
    '<host>',
    'see <the host> here',
    'CHANGEME',
    'change-me',
    'todo',
    'TBD',
    'fixme',
    'placeholder',
    'replace-me',
    'ReplaceMe',
  ])('is %s', (text) => expect(isPlaceholder(text)).toBe(true));

  it.each([
    ...[
      'xchangeme',
      'a__X__',
      '__X__b',
      'a@X@',
      '@X@b',
      'a%X%',
      '%X%b',
      '%(a b)s',
      'insert-',
      'fill-men',
      'fill-mexin',
    ],
    '$',
    'a$',
    '{ x }',
    '<>',
    'a < b',
    'change me',
    'todo-list',
    'my-todo',
    'tbd1',
    'the placeholder',
    'host',
  ])('is not %s', (text) => expect(isPlaceholder(text)).toBe(false));

  it('is told with itself, cut where it is long', () => {
    expect(notFilledIn('<host>')).toBe('"<host>" is a placeholder that was not filled in');
    expect(notFilledIn(`<${'x'.repeat(500)}>`).length).toBeLessThan(130);
  });
});
