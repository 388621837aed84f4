/** What an address is, as every program reads it, and what only looks like one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressFault, urlFault } from '../../src/core/address.js';

describe('an address', () => {
  it.each([
    '10.0.0.1',
    '255.255.255.255',
    '127.0.0.1',
    'db-a',
    'db-a.example.org',
    'db-a.example.org.',
    'db_a',
    'a1',
    '1a',
    'xn--bcher-kva.example',
    // Names that only begin or end as a placeholder does.
    ...['failover-ip', 'nullmailer', 'unknown-pleasures', 'yourbase.example', 'a.b.example', 'y1.n2.x3.z4'],
    'a',
    'a.b',
    'x',
    'a'.repeat(63),
    `${`${'a'.repeat(49)}.`.repeat(5)}abc`,
    // What only holds what would be another kind of text.
    ...['db-yourhost', 'pg-none', 'ipa', 'ip-2', 'ab.b.c.d', 'a.b.c.de', 'a.b.c.d.e'],
    'xtodo',
    'todo1',
    'my.todo',
    'a-my-host',
    'my',
    'ax.x',
    'x.xa',
    'a1.x',
    '10.xa',
    'a0x1',
    '0x1g',
    'db.1st.example',
    'db.0x1.example',
  ])('is %s', (text) => expect(addressFault(text)).toBeUndefined());

  it.each([
    ['010.000.000.001', /leading zero, which some programs read as octal/],
    ['127.0.0.010', /leading zero/],
    ['10.0.1', /four decimal numbers/],
    ['10', /four decimal numbers/],
    ['167772161', /four decimal numbers/],
    ['0x0a000001', /four decimal numbers/],
    ['10.0.0.0x1', /four decimal numbers/],
    ['10.0.0.1.', /four decimal numbers/],
    ['10..0.1', /four decimal numbers/],
    ['db.1', /four decimal numbers/],
    ['300.1.1.1', /above 255/],
    ['10.0.0.256', /above 255/],
    ['0.0.0.0', /every address of a machine/],
    ['10.0.0.1:22', /has a port/],
    ['db-a:22', /has a port/],
    ['[::1]:22', /has a port/],
    ['::', /every address of a machine/],
    ['::1', /is an IPv6 address/],
    ['fd00::1', /is an IPv6 address/],
    ['[2001:db8::2]', /is an IPv6 address in brackets; .* by IPv4: right is for example 10\.0\.0\.1$/],
    ['[fd00:::1]', /neither an IPv4 address nor a name/],
    ['fd00:::1', /neither an IPv4 address nor a name/],
    ['<primary>', /placeholder/],
    ['${PRIMARY_IP}', /placeholder/],
    ['{{ ip }}', /placeholder/],
    ['x.x.x.x', /placeholder/],
    ['10.0.0.x', /placeholder/],
    ['10.x.x.x', /placeholder/],
    ['CHANGEME', /placeholder/],
    ['change-me', /placeholder/],
    ['todo', /placeholder/],
    ['tbd', /placeholder/],
    ['fixme', /placeholder/],
    ['placeholder', /placeholder/],
    ['replaceme', /placeholder/],
    ['replace-me', /placeholder/],
    ['my-host', /placeholder/],
    ...['hostip', 'host-ip', 'ipaddr', 'ip-addr', 'ip', 'yy.y.y.y', '10.nn.x', '10.yy.x'].map(
      (text): [string, RegExp] => [text, /placeholder/],
    ),
    ['xx.x.x.x', /placeholder/],
    ['x.xx.nn.yyy', /placeholder/],
    ['10.x', /placeholder/],
    ['10.xxx', /placeholder/],
    ['10.xx.x', /placeholder/],
    ['10.20.x', /placeholder/],
    ['a.0x', /four decimal numbers/],
    ['a.0x12', /four decimal numbers/],
    ['fd00::a:1', /is an IPv6 address;/],
    ['fd00:1::2', /is an IPv6 address;/],
    ['x[::1]', /neither an IPv4 address nor a name/],
    ['[::1]x', /neither an IPv4 address nor a name/],
    [`${`${'a'.repeat(49)}.`.repeat(5)}abcd`, /neither an IPv4 address nor a name/],
    ['your-primary-host', /placeholder/],
    ...[
      ...['YOUR_HOST', 'yourhost', 'changeme.example.org', 'ChangeMe1', 'fill-me-in', 'FIX_ME', 'insert-ip-here'],
      ...['null', 'None', 'undefined', 'nil', 'unknown', 'PRIMARY_IP', 'ip-address', 'hostname'],
      ...['a.b.c.d', 'n.n.n.n', 'nnn.nnn.nnn.nnn', '10.0.0.N', '10.0.y.y', '__HOST__', '@HOST@', '%HOST%', '#{host}'],
    ].map((text): [string, RegExp] => [text, /placeholder/]),
    ['-db', /neither an IPv4 address nor a name/],
    ['db a', /neither an IPv4 address nor a name/],
    ['db/a', /neither an IPv4 address nor a name/],
    ['a..b', /neither an IPv4 address nor a name/],
    ['', /neither an IPv4 address nor a name|four decimal/],
    [`${'a'.repeat(64)}.example`, /neither an IPv4 address nor a name/],
  ])('is not %s', (text, fault) => expect(addressFault(text)).toMatch(fault));

  it.each(['::1', 'fd00::1', 'fe80::1%eth0', '::ffff:10.0.0.1'])('may be IPv6 where that is allowed: %s', (text) =>
    expect(addressFault(text, { ipv6: true })).toBeUndefined(),
  );

  it('is told without the brackets that URLs have, where IPv6 is allowed', () => {
    expect(addressFault('[2001:db8::2]', { ipv6: true })).toBe('is an IPv6 address in brackets; right is 2001:db8::2');
  });

  it('of numbers is one only in the one spelling that every program reads alike', () => {
    const part = fc.oneof(
      fc.integer({ min: 0, max: 300 }).map(String),
      fc.constantFrom('00', '01', '010', '0x1', '', '08'),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        const text = parts.join('.');
        const right =
          parts.length === 4 &&
          parts.every((one) => /^(0|[1-9]\d*)$/.test(one) && Number(one) <= 255) &&
          text !== '0.0.0.0';
        expect(addressFault(text) === undefined).toBe(right);
      }),
    );
  });
});

describe('a URL', () => {
  it.each([
    'http://localhost',
    'https://10.0.0.1:8443/a?b=c',
    'http://db-a.example.org/',
    'HTTP://a:1/',
    'https://a:65535',
  ])('is %s', (text) => expect(urlFault(text)).toBeUndefined());

  it.each([
    ['localhost:80', /is no URL/],
    ['see http://a/', /is no URL/],
    ['http://a:65536/', /a port that cannot be/],
    ['ftp://a', /is no URL/],
    ['http://user:word@a/', /is no URL/],
    ['http://a b/', /is no URL/],
    ['http://127.0.0.010/', /leading zero/],
    ['http://10.0.0.1:0/', /a port that cannot be/],
    ['http://10.0.0.1:70000/', /a port that cannot be/],
    ['http://<host>/', /placeholder/],
    ['http://a/${path}', /placeholder/],
    ['http://a/{path}', /placeholder/],
    ['http://a/x-change-me', /placeholder/],
  ])('is not %s', (text, fault) => expect(urlFault(text)).toMatch(fault));
});
