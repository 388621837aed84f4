/** Which packs fit together, and with which sentence those that do not are refused; fixtures/refusals.txt keeps the sentences to the letter. */
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import { Kept } from '../kept.js';
import { packOf, ruleText } from '../support.js';

const good = '{ same: kernel.release }';
const ok = ruleText('ok', [good]);
const rule =
  (expect: string[], over: Record<string, string> = {}) =>
  () =>
    packOf(ruleText('one', expect, over));
const pack =
  (more: string, rules = ok) =>
  () =>
    packOf(rules, more);

const refusals = new Kept(new URL('fixtures/refusals.txt', import.meta.url));

function refusalOf(load: () => unknown): string {
  try {
    load();
  } catch (error) {
    if (error instanceof UsageError) return error.message.replace(/^pairflight-pack-\w+\//, '');
    throw error;
  }
  return 'loads';
}

const facts = '{ kernel: { probe: kernel }, space: { probe: filesystem, with: { path: "${disk}" } } }';
const reach = '{ tcp: { probe: tcp-reach, with: { ports: [1], address: "@peer.address" } } }';
const command = (argv: string, more = '') =>
  `commands: { c: { title: t, argv: ${argv}, as: login, parse: { text: {} }${more} } }`;

describe('a pack whose names fit together loads', () => {
  it.each([
    ['a rule', rule([good])],
    ['two facts', rule([good, '{ same: space.bytes, tolerance_percent: "${limit}" }'], { facts })],
    ['a role as quantifier', rule(['{ left: kernel.release, equals: x }'])],
    [
      'a derived fact',
      rule(['{ same: word.a }'], {
        facts: '{ f: { probe: file, with: { path: /x } }, word: { from: f.text, captures: "(?<a>.)" } }',
      }),
    ],
    ['a context', pack('contexts: { shell: { title: t, enter: [chroot, "${base}", "{shell}"], user: u } }')],
    ['a command', pack(command('[show, x]'))],
    [
      'a command with a parameter and a setting',
      pack(command('[show, "${disk}", "${key}"]', ', params: { key: { type: string } }')),
    ],
    [
      'a phase of a port whose rules are still to come',
      pack('ports: [{ port: 1, name: n, basis: inferred, confidence: c, needed: { cutover: both } }]'),
    ],
    ['one of two hosts', rule(['{ self: kernel.release, equals: x, hosts: [left] }'])],
    [
      'elements of a direction',
      rule(['{ pair: tcp.ports, where: { port: 1 }, its: state, equals: open }'], { facts: reach }),
    ],
    ['a fact of another host', rule(['{ left: kernel.release, equals: "@right.kernel.release" }'])],
    [
      'a given setting',
      rule(['{ same: f.value }'], { facts: '{ f: { probe: inventory, with: { value: "@given.disk" } } }' }),
    ],
    [
      'a sum and its unit',
      rule(['{ same: s.bytes }'], { facts: '{ m: { probe: memory }, s: { sum: [m.bytes, m.bytes] } }' }),
    ],
  ])('%s', (_, load) => {
    expect(load).not.toThrow();
  });
});

describe('a dangling name is refused with its place', () => {
  it.each([
    [
      'an unknown probe',
      rule([good], { facts: '{ kernel: { probe: kernal } }' }),
      /rules\.yaml:4:5: twin\/one: unknown probe "kernal"; did you mean "kernel"/,
    ],
    ['an unknown fact', rule(['{ same: kernle.release }']), /twin\/one: unknown fact "kernle"; did you mean "kernel"/],
    [
      'an unknown property of a fact',
      rule(['{ same: kernel.relase }']),
      /the fact "kernel" has no "relase"; did you mean "release"/,
    ],
    ['a fact that nobody uses', rule([good], { facts }), /the fact "space" is not used by any expectation/],
    [
      'an unknown setting',
      rule([good, '{ same: space.bytes }'], { facts: facts.replace('disk', 'disc') }),
      /unknown setting "disc"; did you mean "disk"/,
    ],
    [
      'an unknown setting in an expectation',
      rule(['{ every: kernel.release, equals: "${lmit}" }']),
      /unknown setting "lmit"; did you mean "limit"/,
    ],
    [
      'a setting that the release decides, in an expectation',
      rule(['{ every: kernel.release, equals: "${base}" }']),
      /cannot use base, which the release decides/,
    ],
    [
      'an unknown phase',
      rule([good], { phases: '[preflihgt]' }),
      /unknown phase "preflihgt"; did you mean "preflight"/,
    ],
    [
      'a phase with nothing to expect',
      rule(['{ same: kernel.release, phases: [preflight] }'], { phases: '[preflight, verify]' }),
      /expects nothing in the phase verify/,
    ],
    [
      "an expectation of a phase that isn't the rule's",
      rule([good, '{ same: kernel.release, phases: [verify] }']),
      /unknown phase of this rule "verify"/,
    ],
    ['an unknown role', rule([good], { hosts: '[lefft]' }), /unknown role "lefft"; did you mean "left"/],
    [
      'an unknown role of an expectation',
      rule(['{ every: kernel.release, equals: x, hosts: [rihgt] }']),
      /unknown role "rihgt"/,
    ],
    ['an unknown document', rule([good], { source: '{ doc: pgae }' }), /unknown document "pgae"; did you mean "page"/],
    ['a bound that is none', rule([good], { releases: '">=x"' }), /">=x" is not a release bound; right are/],
    ['a bound of an expectation', rule(['{ same: kernel.release, releases: "=>1.0" }']), /is not a release bound/],
    [
      "another pack's id",
      () => packOf(ok.replace('twin/ok', 'other/ok')),
      /the rule id other\/ok must begin with twin\//,
    ],
    ['an id that is there twice', () => packOf(ok + ok), /rules\.yaml:15:5: the rule id twin\/ok is there twice/],
    [
      'an unknown role in the pair',
      pack('pair: [left, rigth]'),
      /pack\.yaml:\d+:\d+: unknown role "rigth"; did you mean "right"/,
    ],
    [
      'a context without its shell',
      pack('contexts: { shell: { title: t, enter: [chroot, /x], user: u } }'),
      /enter needs the word \{shell\}/,
    ],
    [
      'a context with an unknown setting',
      pack('contexts: { shell: { title: t, enter: [chroot, "${bsae}", "{shell}"], user: u } }'),
      /unknown setting "bsae"/,
    ],
    ['a context of nobody', pack('contexts: { shell: { title: t, enter: [chroot, /x, "{shell}"] } }'), /user/],
    [
      'a context whose user is an unknown setting',
      pack('contexts: { shell: { title: t, enter: [chroot, /x, "{shell}"], user: "${uesr}" } }'),
      /unknown setting "uesr"/,
    ],
    [
      'a command in an unknown context',
      pack(command('[x]').replace('login', 'logn')),
      /unknown context "logn"; did you mean "login"/,
    ],
    [
      'a command that runs what it is told',
      pack(command('[sh, -c, id]')),
      /pack\.yaml:\d+:\d+: "sh" runs whatever it is told/,
    ],
    [
      'a command with a forbidden word',
      pack(`never: [bad]\n${command('[x, bad]')}`),
      /"bad" holds a word that must never occur/,
    ],
    [
      'a bound of a port',
      pack('ports: [{ port: 1, name: n, basis: inferred, confidence: c, releases: "<x" }]'),
      /is not a release bound/,
    ],
    ['a fact of the pack with an unknown probe', pack('facts: { a: { probe: nonesuch } }'), /unknown probe "nonesuch"/],
    [
      'a fact that is derived from itself',
      pack('facts: { a: { from: a.text } }'),
      /facts are derived from each other: a from a/,
    ],
    [
      'a fact that is neither asked nor derived',
      pack('facts: { a: { captures: "(?<x>.)" } }'),
      /needs a probe or a source/,
    ],
  ])('%s', (_, load, message) => {
    expect(load).toThrow(UsageError);
    expect(load).toThrow(message);
  });
});

// What each of these would do if it loaded stands beside it.
describe('what its matcher cannot judge is refused, for it would be an error on every host', () => {
  it.each([
    [
      'a value of a type that its matcher does not take',
      rule(['{ every: kernel.release, at_least: 5 }']),
      /rules\.yaml:4:5: twin\/one: "kernel\.release" is string, and "at_least" judges a number; right is \{ every: space\.freeBytes, at_least: 8000000000 \}/,
    ],
    [
      'a field of a type that its matcher does not take',
      rule(['{ pair: tcp.ports, where: { port: 1 }, its: state, equals: true }'], { facts: reach }),
      /"tcp\.ports\.state" is (\w+|open or .*), and "equals" judges a value of its argument's type; right is \{/,
    ],
    [
      'a property of a row with another type',
      rule([good, '{ row: must_listen, equals: "yes" }'], { each: 'ports' }),
      /"must_listen" is boolean, and "equals" judges a value of its argument's type; right is \{/,
    ],
  ])('%s', (_, load, message) => {
    expect(load).toThrow(UsageError);
    expect(load).toThrow(message);
  });
});

describe('what can only mean something else is refused at load', () => {
  it.each([
    [
      'facts derived from each other (the plan overflows its stack)',
      pack(
        'facts: { a: { from: b.value }, b: { from: a.value } }',
        ruleText('one', ['{ same: a.value }'], { facts: '{ a: a }' }),
      ),
    ],
    [
      'a bound of a setting (a crash once a release is named)',
      pack(
        'settings: { base: { title: t, type: path, basis: documented, by_release: [{ releases: "<=2,0", value: /a }] } }',
      ),
    ],
    [
      'a bound of what is not verified (a crash when reporting)',
      pack(
        'not_verified: [{ id: a, what: w, why: y, phases: [preflight], releases: "<x", source: { doc: page, section: s } }]',
      ),
    ],
    [
      'a phase of what is not verified (never shown)',
      pack('not_verified: [{ id: a, what: w, why: y, phases: [prefligt], source: { doc: page, section: s } }]'),
    ],
    [
      'a document of what is not verified',
      pack('not_verified: [{ id: a, what: w, why: y, phases: [preflight], source: { doc: pgae, section: s } }]'),
    ],
    [
      'a role of a port (its row is never judged)',
      pack('ports: [{ port: 1, name: n, basis: inferred, confidence: c, from: lefft }]'),
    ],
    [
      'a port from a role to itself (never judged)',
      pack('ports: [{ port: 1, name: n, basis: inferred, confidence: c, from: left, to: left }]'),
    ],
    [
      'a direction that is needed between unknown roles',
      pack('ports: [{ port: 1, name: n, basis: inferred, confidence: c, needed: { preflight: lefft->right } }]'),
    ],
    ['the path of the build (no release is ever known)', pack('build: nonesuch.value')],
    ['the roles of another weight (ignored)', rule([good], { severity_on: '{ lefft: warning }' })],
    ['the hosts of a fact (never asked)', rule([good], { facts: '{ kernel: { probe: kernel, hosts: [lefft] } }' })],
    [
      'parameters that the probe does not have (only told when it is planned)',
      rule([good], { facts: '{ kernel: { probe: kernel, with: { pth: /x } } }' }),
    ],
    [
      'a pattern of a derived fact that is none (a crash when judging)',
      rule(['{ same: w.a }'], {
        facts: '{ f: { probe: file, with: { path: /x } }, w: { from: f.text, captures: "(?<a>" } }',
      }),
    ],
    [
      'a question to a pair that is put to a host (never asked)',
      rule(['{ every: tcp.via, equals: bash }'], {
        facts: '{ tcp: { probe: tcp-reach, with: { ports: [22], address: "@peer.address" } } }',
      }),
    ],
    ['a question to a host that is put to a pair (never asked)', rule(['{ pair: kernel.release, equals: x }'])],
    ['`peer` where there are several hosts (always unknown)', rule(['{ peer: kernel.release, equals: x }'])],
    [
      'a reference to a host that does not exist, in a parameter',
      rule(['{ same: space.text }'], { facts: '{ space: { probe: file, with: { path: "@lefft.address" } } }' }),
    ],
    [
      'a command that takes the name of an engine probe',
      pack('commands: { boot-id: { title: t, argv: [x], as: login, parse: { text: {} } } }'),
    ],
    [
      'a default of another type',
      pack('settings: { base: { title: t, type: path, basis: documented, default: data } }'),
    ],
    [
      'a forbidden word in the entry of a context',
      pack('never: [bad]\ncontexts: { shell: { title: t, enter: [chroot, bad, "{shell}"], user: u } }'),
    ],
    ['a command that names its program by a setting', pack(command('["${disk}", x]'))],
    ['a command with an unknown setting (asked as "undefined")', pack(command('[show, "${dsik}"]'))],
    ['a command whose parameters are no schema (a crash)', pack(command('[show]', ', params: { a: { type: strng } }'))],
    [
      'a command whose pattern names no group (never matches)',
      pack(command('[show]').replace('text: {}', 'captures: { pattern: "x+" }')),
    ],
    [
      'a context with the name of the login (its shell would be entered instead)',
      pack('contexts: { root: { title: t, enter: [chroot, /x, "{shell}"], user: u } }'),
    ],
    [
      'a role that is a word of the rules',
      pack(
        'roles: { left: { title: l, count: "1" }, right: { title: r, count: "1" }, peer: { title: p, count: "1" } }',
      ),
    ],
    ['a pair of one role', pack('pair: [left, left]')],
    [
      'a value for a release of another type',
      pack(
        'settings: { base: { title: t, type: path, basis: documented, by_release: [{ releases: "<2.0", value: a }] } }',
      ),
    ],
    [
      'two gaps of one id',
      pack(
        'not_verified: [{ id: a, what: w, why: y, phases: [verify], source: { doc: page, section: s } }, { id: a, what: w, why: y, phases: [verify], source: { doc: page, section: s } }]',
      ),
    ],
    ['the path of the build without a property', pack('build: a\nfacts: { a: { probe: kernel, with: {} } }')],
    [
      'a build that is asked of a direction',
      pack('build: a.via\nfacts: { a: { probe: tcp-reach, with: { ports: "@ports", address: "@peer.address" } } }'),
    ],
    [
      'a discovered setting without a property',
      pack('discover: { disk: a }\nfacts: { a: { probe: kernel, with: {} } }'),
    ],
    ['a fact of the pack without parameters (a crash when planning)', pack('facts: { a: { probe: kernel } }')],
    ['a fact of the pack that is only a name (a crash)', pack('facts: { a: b, b: { probe: kernel, with: {} } }')],
    [
      'two rows for one port and direction (two findings of one key)',
      pack(
        'ports: [{ port: 1, name: n, basis: inferred, confidence: c }, { port: 1, name: n, basis: inferred, confidence: c, from: left }]',
      ),
    ],
    [
      'a direction that is needed and is none of the row',
      pack(
        'ports: [{ port: 1, name: n, basis: inferred, confidence: c, from: left, to: right, needed: { verify: right->left } }]',
      ),
    ],
    [
      'a needed phase that is misspelt',
      pack('ports: [{ port: 1, name: n, basis: inferred, confidence: c, needed: { prefligt: both } }]'),
    ],
    ['weights by role where hosts are judged together (ignored)', rule([good], { severity_on: '{ left: warning }' })],
    ["hosts that are not the rule's (never judged)", rule(['{ every: kernel.release, equals: x, hosts: [third] }'])],
    ['a comparison where one host is judged (always unknown)', rule([good], { per: 'host' })],
    [
      'a row where there is none (skips for ever)',
      rule(['{ every: kernel.release, equals: x, when: { row: must_listen, equals: true } }']),
    ],
    ['a port where there is none', rule(['{ every: kernel.release, equals: "@port.name" }'])],
    ['one host of several', rule(['{ count: kernel.release, where: "@self.name", at_least: 1 }'])],
    [
      'a limit that is a path',
      rule(['{ every: space.bytes, at_least: "${disk}" }'], {
        facts: '{ space: { probe: filesystem, with: { path: / } } }',
      }),
    ],
    ['a setting in other brackets (compared as it stands)', rule(['{ every: kernel.release, equals: "${a-b}" }'])],
    [
      'a fact of a host that the rule does not have',
      rule(['{ left: kernel.release, equals: "@right.kernle.release" }']),
    ],
    ["a property of another host's fact", rule(['{ left: kernel.release, equals: "@right.kernel.relase" }'])],
    ['a property of an earlier run', rule(['{ every: kernel.release, equals: "@before.kernel.relase" }'])],
    ['a property of a text', rule(['{ every: kernel.release.major, equals: "5" }'])],
    [
      'a group that the pattern does not name (absent for ever)',
      rule(['{ every: w.b, absent: true }'], {
        facts: '{ f: { probe: file, with: { path: /x } }, w: { from: f.text, captures: "(?<a>.)" } }',
      }),
    ],
    [
      'a pattern without a named group',
      rule(['{ same: w.a }'], {
        facts: '{ f: { probe: file, with: { path: /x } }, w: { from: f.text, captures: "(.)" } }',
      }),
    ],
    [
      'two ways to one fact (one is ignored)',
      rule(['{ same: f.text }'], { facts: '{ f: { probe: file, with: { path: /x }, captures: "(?<a>.)" } }' }),
    ],
    [
      "a fact made of a host's word and a direction's",
      rule(['{ every: w.value, equals: x }'], {
        facts:
          '{ f: { probe: file, with: { path: /x } }, t: { probe: tcp-reach, with: { ports: [1], address: "@peer.address" } }, w: { template: "{f.text} {t.via}" } }',
      }),
    ],
    [
      'elements by a field that they do not have (none is picked, and "at most" holds)',
      rule(['{ pair: tcp.ports, where: { prt: 1 }, count: { at_most: 0 } }'], { facts: reach }),
    ],
    [
      'a field that elements do not have',
      rule(['{ pair: tcp.ports, where: { port: 1 }, its: stat, equals: open }'], { facts: reach }),
    ],
    ['elements of what is no list', rule(['{ every: kernel.release, where: { a: 1 }, count: { at_most: 0 } }'])],
    ['a parameter that is missing', rule(['{ same: f.text }'], { facts: '{ f: { probe: file } }' })],
    [
      'a parameter of another form',
      rule(['{ same: f.text }'], { facts: '{ f: { probe: file, with: { path: relative } } }' }),
    ],
    [
      'a parameter in an unknown context',
      rule(['{ same: f.text }'], { facts: '{ f: { probe: file, with: { path: /x, as: rot } } }' }),
    ],
    [
      'a parameter that depends on an answer',
      rule(['{ same: f.text }'], { facts: '{ f: { probe: file, with: { path: "@left.kernel.release" } } }' }),
    ],
    [
      'a given setting that is none',
      rule(['{ same: f.value }'], { facts: '{ f: { probe: inventory, with: { value: "@given.dsik" } } }' }),
    ],
    [
      'the ports of one host',
      rule(['{ same: f.value }'], { facts: '{ f: { probe: inventory, with: { value: "@ports" } } }' }),
    ],
    [
      'a fact named like what every object has',
      rule([good, '{ same: x.release }'], { facts: '{ kernel: { probe: kernel }, x: constructor }' }),
    ],
  ])('%s', (scene, load) => {
    refusals.expect({ [scene]: refusalOf(load) });
  });

  it('and every sentence that is kept has its pack', () => {
    refusals.expectNoMore();
  });
});
