/** Packs whose parts fit together, and their neighbours that are refused; fixtures/fitting-parts.txt keeps each sentence to the letter. */
import { describe, it } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import { reserveRoleNames } from '../../src/pack/roles.js';
import { Kept } from '../kept.js';
import { packOf, ruleText } from '../support.js';

const kept = new Kept(new URL('fixtures/fitting-parts.txt', import.meta.url));

/** What loading comes to. */
function comesTo(load: () => unknown): string {
  try {
    load();
  } catch (error) {
    if (error instanceof UsageError) return error.message.replace(/^pairflight-pack-\w+\//, '');
    throw error;
  }
  return 'loads';
}

const roles = `
roles:
  left: { title: Left, count: "1" }
  right: { title: Right, count: "1" }
  third: { title: Third, count: 0..1 }
  many: { title: Many, count: 1.. }
  site: { title: Site, count: "1", endpoint: true }
`;
const facts = `{ ${[
  'kernel: { probe: kernel }',
  'space: { probe: filesystem, with: { path: "${disk}" } }',
  'tcp: { probe: tcp-reach, with: { ports: [1], address: "@peer.address" } }',
  'page: { probe: endpoint, with: { url: "http://10.0.0.1/" } }',
  'note: { probe: file, with: { path: /note } }',
  'entries: { from: page.json, entries: name }',
  'lag: { from: note.line, number: true }',
].join(', ')} }`;
/** Every fact is used, whatever the rule is about. */
const used = [
  '{ every: kernel.release, equals: x }',
  '{ every: space.bytes, at_least: 1 }',
  '{ every: page.status, equals: 200 }',
  '{ every: entries.entries, where: { name: a }, count: { at_least: 1 } }',
  '{ every: lag.value, at_least: 1 }',
  '{ pair: tcp.via, equals: bash }',
];
const more = `${roles}
phases: { preflight: { title: before }, verify: { title: after } }
facts: { size: { probe: memory, with: {} } }
settings:
  disk: { title: d, type: path, basis: documented, default: /disk }
  limit: { title: l, type: number, basis: inferred, default: 10 }
  word: { title: w, type: string, basis: inferred, default: x }
  base: { title: b, type: path, basis: documented, by_release: [{ releases: "<2.0", value: /old }, { releases: ">=2.0", value: /new }] }
`;

/** A rule with one expectation beside those that use its facts. */
const rule =
  (expect: string, over: Record<string, string> = {}, rest = used) =>
  () =>
    packOf(ruleText('one', [expect, ...rest], { facts, ...over }), more);
/** Of one host or role a direction is none. */
const alone = facts.replace(/tcp: .*? \} \}, /, '');
/** The rule judges one host at a time. */
const single = (expect: string, over: Record<string, string> = {}) =>
  rule(expect, { per: 'host', facts: alone, ...over }, used.slice(0, -1));
const direction = (expect: string, over: Record<string, string> = {}) => rule(expect, { per: 'direction', ...over });
/** The rule has its own facts and no other. */
const own =
  (written: string, expect: string, over: Record<string, string> = {}) =>
  () =>
    packOf(ruleText('one', [expect], { facts: `{ ${written} }`, ...over }), more);
const pack = (text: string, rules = ruleText('ok', ['{ same: kernel.release }'])) => {
  // Keys of the text take the place of those of the usual pack.
  const names = [...text.matchAll(/^(\w+):/gm)].map(([, name]) => name);
  const rest = more
    .split(/\n(?=\w)/)
    .filter((block) => !names.includes(block.trim().split(':')[0]))
    .join('\n');
  return () => packOf(rules, `${rest}\n${text}`);
};
const command = (written: string) => pack(`commands: { c: { title: t, ${written} } }`);
const planned = (written: string) => () => {
  const declared = `terraform: { machine: { title: m, resources: { disk: [{ probe: cpu, property: count, at: /n, may: both }, { ${written} }] } } }`;
  return packOf(ruleText('ok', ['{ same: kernel.release }']), more, { 'declared.yaml': declared });
};
const port = (written: string) => pack(`ports: [{ port: 1, name: n, basis: inferred, confidence: c, ${written} }]`);
const gap = (written: string) =>
  pack(
    `not_verified: [{ id: a, what: w, why: y, phases: [preflight], source: { doc: page, section: s }, ${written} }]`,
  );

reserveRoleNames(['verbose']);

const scenes: Record<string, Record<string, () => unknown>> = {
  'the settings of a condition': {
    'a number as a limit': rule('{ every: space.bytes, at_least: "${limit}" }'),
    'a text as a limit': rule('{ every: space.bytes, at_least: "${word}" }'),
    'a text to be equal to': rule('{ every: kernel.release, equals: "${word}" }'),
    'a path to be equal to': rule('{ every: kernel.release, equals: "${disk}" }'),
    'a number as a tolerance': rule('{ same: space.bytes, tolerance_percent: "${limit}" }'),
    'a text as a tolerance': rule('{ same: space.bytes, tolerance_percent: "${word}" }'),
    'one that the release decides': rule('{ every: kernel.release, equals: "${base}" }'),
    'an unknown one that is like none': rule('{ every: kernel.release, equals: "${quux}" }'),
    'an unknown one': rule('{ every: kernel.release, equals: "${wrod}" }'),
    'one in a word': rule('{ every: kernel.release, equals: "x-${word}" }'),
    'other brackets in a word': rule('{ every: kernel.release, equals: "x-${a b}" }'),
    'a text to pick by': rule('{ count: kernel.release, where: "${word}", at_least: 1 }'),
  },
  'the paths of a condition': {
    'a fact of the pack that the rule does not have': rule('{ every: size.bytes, at_least: 1 }'),
    'no fact at all': rule('{ every: nothing.x, equals: 1 }'),
    'a fact as a whole': rule('{ every: kernel, absent: true }'),
    'a property too deep': rule('{ every: space.bytes.x, equals: 1 }'),
    'a property of a list': rule('{ pair: tcp.ports.x, absent: true }'),
    'a property of what is not known': rule('{ every: page.json.a.b, equals: 1 }'),
    'a property of every object': rule('{ every: kernel.constructor, absent: true }'),
    'an earlier run': rule('{ every: kernel.release, equals: "@before.kernel.release" }'),
    'an earlier run, of no fact': rule('{ every: kernel.release, equals: "@before.kernle.release" }'),
    'an earlier run, of no property': rule('{ before: kernel.relase, equals: x }'),
  },
  'elements of a list': {
    'picked by a field': rule('{ pair: tcp.ports, where: { port: 1 }, its: state, equals: open }'),
    'picked by no field': rule('{ pair: tcp.ports, where: { prot: 1 }, its: state, equals: open }'),
    'with no such field': rule('{ pair: tcp.ports, where: { port: 1 }, its: stat, equals: open }'),
    "with every object's field": rule('{ pair: tcp.ports, where: { port: 1 }, its: constructor, absent: true }'),
    'of what is no list': rule('{ every: kernel.release, where: { a: 1 }, count: { at_most: 0 } }'),
    'of what is no list, by "its" alone': rule('{ every: kernel.release, its: a, equals: x }'),
    'of any form': rule('{ every: entries.entries, where: { any: 1 }, its: thing, equals: 1 }'),
    'of what lies within what is not known': rule('{ every: page.json.a, where: { any: 1 }, its: thing, equals: 1 }'),
    'of a list of texts': own(
      'note: { probe: file, with: { path: /a } }, seen: { from: note.text, addresses: true }',
      '{ every: seen.addresses, where: { port: 1 }, count: { at_most: 0 } }',
    ),
    'of a list of texts, as a whole': own(
      'note: { probe: file, with: { path: /a } }, seen: { from: note.text, addresses: true }',
      '{ every: seen.addresses, count: { at_most: 0 } }',
    ),
    'of what is not known': rule('{ every: page.json, where: { any: 1 }, its: thing, equals: 1 }'),
    'that are hosts': rule('{ count: kernel.release, where: x, at_least: 1 }'),
  },
  'the type that a matcher takes': {
    'a number by a limit': rule('{ every: space.bytes, at_most: 1 }'),
    'a text by a limit': rule('{ every: kernel.release, at_most: 1 }'),
    'a text by a number': rule('{ every: kernel.release, equals: 1 }'),
    'a field by its type': rule('{ pair: tcp.ports, where: { port: 1 }, its: port, at_least: 1 }'),
    'a field by another type': rule('{ pair: tcp.ports, where: { port: 1 }, its: state, at_least: 1 }'),
    'how many elements': rule('{ pair: tcp.ports, where: { port: 1 }, count: { at_least: 1 } }'),
    'how many elements of what is no list': rule('{ every: kernel.release, count: { at_least: 1 } }'),
    'how many hosts': rule('{ count: kernel.release, where: x, equals: 1 }'),
    'how far apart': rule('{ difference: space.bytes, at_most: 1 }'),
    'what is not known': rule('{ every: page.json.a, at_least: 1 }'),
  },
  'whose word is needed': {
    "one host's, of one host": single('{ self: kernel.release, equals: x }'),
    "one host's, of a direction": direction('{ self: kernel.release, equals: x }'),
    "one host's, of several": rule('{ self: kernel.release, equals: x }'),
    "one host's, where the rule has one": rule(
      '{ self: kernel.release, equals: x }',
      { hosts: '[left]', facts: alone },
      used.slice(0, -1),
    ),
    "two hosts', where the rule has one": rule(
      '{ same: kernel.release }',
      { hosts: '[left]', facts: alone },
      used.slice(0, -1),
    ),
    "one host's, where one is meant": rule('{ self: kernel.release, equals: x, hosts: [left] }'),
    "one host's, where at most one is meant": rule('{ self: kernel.release, equals: x, hosts: [third] }', {
      hosts: '[left, third]',
    }),
    "one host's, where several may be meant": rule('{ self: kernel.release, equals: x, hosts: [many] }', {
      hosts: '[left, many]',
    }),
    "one host's, where two are meant": rule('{ self: kernel.release, equals: x, hosts: [left, right] }'),
    "two hosts', of one": single('{ same: kernel.release }'),
    "two hosts', where one is meant": rule('{ same: kernel.release, hosts: [left] }'),
    'a count of one': single('{ count: kernel.release, where: x, equals: 1 }'),
    "the peer's, of one host": single('{ peer: kernel.release, equals: x }'),
    "a row's": rule('{ row: must_listen, equals: true }'),
    "a row's, in a rule that has one": rule('{ row: must_listen, equals: true }', { each: 'ports' }),
    "a row's unknown property": rule('{ row: must_lisen, equals: true }', { each: 'ports' }),
    "a port's": rule('{ every: kernel.release, equals: "@port.name" }'),
    "a port's, in a rule that has one": direction('{ self: kernel.release, equals: "@port.name" }', { each: 'ports' }),
    'an address of one host': rule('{ every: kernel.release, equals: "@left.address" }'),
    'an address of a role of several': rule('{ every: kernel.release, equals: "@many.address" }'),
    'a fact of a role of several, at each sample': own(
      'note: { probe: file, with: { path: /a }, sample: { times: 3, every_ms: 1000 } }, n: { from: note.line, number: true }',
      '{ every: n.value, trend: { small: 1, written: "@many.n.value", falling: pass, rising: fail, stuck: fail, mixed: unknown, not_a_number: fail } }',
    ),
    'a fact of one host, at each sample': own(
      'note: { probe: file, with: { path: /a }, sample: { times: 3, every_ms: 1000 } }, n: { from: note.line, number: true }',
      '{ every: n.value, trend: { small: 1, written: "@left.n.value", falling: pass, rising: fail, stuck: fail, mixed: unknown, not_a_number: fail } }',
    ),
    'a fact of a role of several': rule('{ every: kernel.release, equals: "@many.kernel.release" }'),
    'itself, of each': rule('{ every: kernel.release, equals: "@self.name" }'),
    'itself, where several are counted': rule('{ count: kernel.release, where: "@self.name", equals: 1 }'),
    'the peer, where several are held side by side': rule('{ difference: space.bytes, at_most: "@peer.space.bytes" }'),
    'the peer, where several are held side by side in a direction': direction(
      '{ difference: space.bytes, at_most: "@peer.space.bytes" }',
    ),
    'another role, where several are counted': rule('{ count: kernel.release, where: "@left.name", equals: 1 }'),
  },
  'what is asked of whom': {
    'a direction, of one host': rule('{ every: tcp.via, equals: bash }'),
    'a host, of a direction': rule('{ pair: kernel.release, equals: x }'),
    'a direction, referred to': rule('{ every: kernel.release, equals: "@left.tcp.via" }'),
    'a host, referred to': rule('{ every: kernel.release, equals: "@left.kernel.machine" }'),
    'a direction, told': rule('{ every: kernel.release, equals: x }', { tells: '["{left.tcp.via}"]' }),
  },
  'the names of a rule': {
    "its pack's": () => packOf(ruleText('one', used, { facts }).replace('twin/one', 'twins/one'), more),
    'an unknown document': rule('{ every: kernel.release, equals: x }', { source: '{ doc: pgae }' }),
    'an unknown phase': rule('{ every: kernel.release, equals: x }', { phases: '[preflight, verfy]' }),
    'an unknown role': rule('{ every: kernel.release, equals: x }', { hosts: '[left, rihgt]' }),
    'a weight by role, of one host': single('{ every: kernel.release, equals: x }', {
      severity_on: '{ left: warning }',
    }),
    'a weight by role, of several': rule('{ every: kernel.release, equals: x }', { severity_on: '{ left: warning }' }),
    'a weight by role, of the only role': rule(
      '{ every: kernel.release, equals: x }',
      { severity_on: '{ left: warning }', hosts: '[left]', facts: alone },
      used.slice(0, -1),
    ),
    'a weight by another role': single('{ every: kernel.release, equals: x }', { severity_on: '{ third: warning }' }),
    'a bound': rule('{ every: kernel.release, equals: x }', { releases: '"<2,0"' }),
    'two bounds': rule('{ every: kernel.release, equals: x }', { releases: '">=1.0, <2.0"' }),
    'two bounds, one of which is none': rule('{ every: kernel.release, equals: x }', { releases: '">=1.0, 2.0"' }),
    'two bounds, one of which begins like none': rule('{ every: kernel.release, equals: x }', {
      releases: '">=1.0, x<2.0"',
    }),
    'a bound of an expectation': rule('{ every: kernel.release, equals: x, releases: "2.0" }'),
    'a bound of an expectation that is none': rule('{ every: kernel.release, equals: x, releases: "two" }'),
    'a phase of an expectation': rule('{ every: kernel.release, equals: x, phases: [preflight] }'),
    'a phase of an expectation that the rule does not have': rule(
      '{ every: kernel.release, equals: x, phases: [verify] }',
    ),
    'a phase in which something is expected': rule(
      '{ every: kernel.release, equals: x, phases: [preflight, verify] }',
      { phases: '[preflight, verify]' },
    ),
    'a phase in which other things are expected': rule('{ every: kernel.release, equals: x, phases: [preflight] }', {
      phases: '[preflight, verify]',
    }),
    'a phase in which nothing is expected': own(
      'kernel: { probe: kernel }',
      '{ every: kernel.release, equals: x, phases: [preflight] }',
      {
        phases: '[preflight, verify]',
      },
    ),
    'a role of an expectation': rule('{ every: kernel.release, equals: x, hosts: [left] }'),
    'a role of an expectation that nobody knows': rule('{ every: kernel.release, equals: x, hosts: [lefft] }'),
    'a role of an expectation that the rule does not have': rule('{ every: kernel.release, equals: x, hosts: [many] }'),
    'a fact that is not used': rule('{ every: kernel.release, equals: x }', {}, used.slice(0, -1)),
    'a fact that another is made of': own(
      'note: { probe: file, with: { path: /a } }, d: { from: note.text }',
      '{ same: d.value }',
    ),
    'a fact that is told': own('kernel: { probe: kernel }, cpu: { probe: cpu }', '{ same: kernel.release }', {
      tells: '["{left.cpu.count}"]',
    }),
    'a fact that is told in a remedy': own(
      'kernel: { probe: kernel }, cpu: { probe: cpu }',
      '{ same: kernel.release, remedy: "{left.cpu.count}" }',
    ),
    'a fact that is told in a fault': own(
      'kernel: { probe: kernel }, cpu: { probe: cpu }',
      '{ every: kernel.release, verdicts: { a: fail }, fault: { a: "{left.cpu.count}" } }',
    ),
    'a fact that is told in the fault of the rule': own(
      'kernel: { probe: kernel }, cpu: { probe: cpu }',
      '{ same: kernel.release }',
      { fault: '"{left.cpu.count}"' },
    ),
    'a fact that is referred to': own(
      'kernel: { probe: kernel }, cpu: { probe: cpu }',
      '{ every: kernel.release, equals: "@left.cpu.count" }',
    ),
  },
  'the sentences of a rule': {
    'name a role': rule('{ every: kernel.release, equals: x }', { remedy: '"On {left}."' }),
    "name a role in a shell's way": rule('{ every: kernel.release, equals: x }', { remedy: '"Set ${left}."' }),
    'name no role': rule('{ every: kernel.release, equals: x }', { remedy: '"On {lefft}."' }),
    'name a role of several': rule('{ every: kernel.release, equals: x }', { remedy: '"On {many}."' }),
    'name the host itself, of one': single('{ every: kernel.release, equals: x }', { remedy: '"On {self}."' }),
    'name the host itself, of several': rule('{ every: kernel.release, equals: x }', { remedy: '"On {self}."' }),
    'name the host itself, of a direction': direction('{ self: kernel.release, equals: x }', {
      remedy: '"On {self}."',
    }),
    'name the host itself, of the only role': rule(
      '{ every: kernel.release, equals: x }',
      { remedy: '"On {self}."', hosts: '[left]', facts: alone },
      used.slice(0, -1),
    ),
    'name the peer, of one': single('{ every: kernel.release, equals: x }', { remedy: '"On {peer}."' }),
    'name the peer, of several': rule('{ every: kernel.release, equals: x }', { remedy: '"On {peer}."' }),
    'name the peer, of a direction': direction('{ self: kernel.release, equals: x }', { remedy: '"On {peer}."' }),
    'name the peer, where the pair is one role': pack(
      'pair: [many]',
      ruleText('one', ['{ every: kernel.release, equals: x }'], { per: 'host', remedy: '"On {peer}."' }),
    ),
    'name the peer, of a direction among hosts of one role': pack(
      'pair: [many]',
      ruleText('one', ['{ self: kernel.release, equals: x }'], { per: 'direction', remedy: '"On {peer}."' }),
    ),
    'name a port': rule('{ every: kernel.release, equals: x }', { remedy: '"Open {port.number}."' }),
    'name a port, over the ports': direction('{ self: kernel.release, equals: x }', {
      each: 'ports',
      remedy: '"Open {port.number}."',
    }),
    'name no property of a port': direction('{ self: kernel.release, equals: x }', {
      each: 'ports',
      remedy: '"Open {port.nubmer}."',
    }),
    'name a port and nothing of it': direction('{ self: kernel.release, equals: x }', {
      each: 'ports',
      remedy: '"Open {port}."',
    }),
    'name a fact in the remedy': rule('{ every: kernel.release, equals: x }', {
      remedy: '"It is {left.kernel.release}."',
    }),
    'name a fact in the remedy of an expectation': rule(
      '{ every: kernel.release, equals: x, remedy: "It is {left.kernel.release}." }',
    ),
    'name no fact': rule('{ every: kernel.release, equals: x, remedy: "It is {left.kernle.release}." }'),
    'name a fact of the pack that the rule does not have': rule(
      '{ every: kernel.release, equals: x, remedy: "It is {left.size.bytes}." }',
    ),
    'name no property of a fact': rule('{ every: kernel.release, equals: x, fault: "It is {left.kernel.relase}." }'),
    'name a fact as a whole': rule('{ every: kernel.release, equals: x }', { tells: '["{left.kernel}"]' }),
    'name a role in the fault': rule('{ every: kernel.release, equals: x }', { fault: '"On {lefft}."' }),
    'are for a word': rule('{ every: kernel.release, verdicts: { a: fail }, fault: { a: "It is a." } }'),
    'are for another word': rule('{ every: kernel.release, verdicts: { a: fail }, fault: { b: "It is b." } }'),
    'are for a word of a trend': own(
      'note: { probe: file, with: { path: /a }, sample: { times: 3, every_ms: 1000 } }, n: { from: note.line, number: true }',
      '{ every: n.value, trend: { small: 1, falling: pass, rising: fail, stuck: fail, mixed: unknown, not_a_number: fail }, remedy: { stuck: "Push." } }',
    ),
    'are for a word where there is none': rule('{ every: kernel.release, equals: x, fault: { a: "It is a." } }'),
    'are for a number of hosts': rule(
      '{ count: kernel.release, where: x, equals: 1, fault: { 0: "None.", 12: "Many." } }',
    ),
    'are for a number of what is not counted': rule(
      '{ every: kernel.release, verdicts: { a: fail }, fault: { 0: "None." } }',
    ),
    'are for a word that ends in a number': rule(
      '{ count: kernel.release, where: x, equals: 1, remedy: { x0: "None." } }',
    ),
    'are for a word of what is counted': rule(
      '{ count: kernel.release, where: x, equals: 1, remedy: { 0x: "None." } }',
    ),
    'are for a word, and name no role': rule(
      '{ every: kernel.release, verdicts: { a: fail }, remedy: { a: "On {lefft}." } }',
    ),
  },
  'an endpoint': {
    'asked by a probe that can': own(
      'page: { probe: endpoint, with: { url: "http://10.0.0.1/" } }',
      '{ site: page.status, equals: 200 }',
      {
        hosts: '[left, site]',
      },
    ),
    'asked by one that cannot': own('kernel: { probe: kernel }', '{ site: kernel.release, equals: x }', {
      hosts: '[left, site]',
    }),
    "asked among the rule's hosts": own('kernel: { probe: kernel }', '{ every: kernel.release, equals: x }', {
      hosts: '[left, site]',
    }),
    'not meant by the expectation': own(
      'kernel: { probe: kernel }',
      '{ every: kernel.release, equals: x, hosts: [left] }',
      {
        hosts: '[left, site]',
      },
    ),
    'not meant by the condition': own('kernel: { probe: kernel }', '{ left: kernel.release, equals: x }', {
      hosts: '[left, site]',
    }),
    'in the pair': pack('pair: [left, site]'),
  },
  'the facts of a rule': {
    'an unknown probe': own('f: { probe: flie, with: {} }', '{ same: f.text }'),
    'without a probe or a source': own('f: { captures: "(?<a>.)" }', '{ same: f.a }'),
    'of no source': own('f: { template: "x" }', '{ same: f.value }'),
    'made of an unknown one': own('f: { from: g.text }', '{ same: f.value }'),
    'made of itself': own('f: { from: f.text }', '{ same: f.value }'),
    'that is only a name of its own': own('f: f', '{ same: f.value }'),
    'read together, of nothing': own('f: { by: postgres-stream }', '{ same: f.value }'),
    'made in two ways': own(
      'k: { probe: kernel }, f: { first: [k.release], template: "{k.machine}" }',
      '{ same: f.value }',
    ),
    'made of each other': own('f: { from: g.value }, g: { from: f.value }', '{ same: f.value }'),
    'made of a whole fact': own('k: { probe: kernel }, f: { from: k }', '{ same: f.value }'),
    'made of no property': own('k: { probe: kernel }, f: { from: k.relase }', '{ same: f.value }'),
    'made of a fact of the pack': own('f: { from: size.bytes, number: true }', '{ same: f.value }'),
    "made of a host's and a direction's": own(
      't: { probe: tcp-reach, with: { ports: [1], address: "@peer.address" } }, k: { probe: kernel }, f: { template: "{k.release}{t.via}" }',
      '{ every: f.value, equals: x }',
    ),
    'with a word that does not go with it': own(
      'k: { probe: kernel }, f: { from: k.release, entries: a, decode: base64 }',
      '{ same: f.entries }',
    ),
    'with a word that goes with it': own(
      'k: { probe: kernel }, f: { from: k.release, captures: "(?<a>.)", decode: base64 }',
      '{ same: f.a }',
    ),
    'asked of roles': own('k: { probe: kernel, hosts: [left, right] }', '{ same: k.release }'),
    'asked of an unknown role': own('k: { probe: kernel, hosts: [left, rihgt] }', '{ same: k.release }'),
    'sampled by a setting': own(
      'k: { probe: kernel, sample: { times: "${limit}", every_ms: 1000 } }',
      '{ same: k.release }',
    ),
    'sampled by an unknown setting': own(
      'k: { probe: kernel, sample: { times: "${limt}", every_ms: 1000 } }',
      '{ same: k.release }',
    ),
    'with a setting in a parameter': own('f: { probe: file, with: { path: "${disk}/x" } }', '{ same: f.text }'),
    'with a reference in a parameter': own('f: { probe: file, with: { path: "/x/@{self.name}" } }', '{ same: f.text }'),
    'with a reference to a role of several': own(
      'f: { probe: file, with: { path: "/x/@{many.name}" } }',
      '{ same: f.text }',
    ),
    'with a parameter of another form': own('f: { probe: file, with: { path: x } }', '{ same: f.text }'),
    'with a parameter of another type': own('f: { probe: file, with: { path: 5 } }', '{ same: f.text }'),
    'with an unknown parameter by a setting': own(
      'f: { probe: file, with: { path: /x, pth: "${disk}" } }',
      '{ same: f.text }',
    ),
    'without its parameter': own('f: { probe: file }', '{ same: f.text }'),
    'in a context by a setting': own('f: { probe: file, with: { path: /x, as: "${word}" } }', '{ same: f.text }'),
    'in an unknown context': own('f: { probe: file, with: { path: /x, as: rot } }', '{ same: f.text }'),
    'as root': own('f: { probe: file, with: { path: /x, as: root } }', '{ same: f.text }'),
  },
  'facts of several hosts together': {
    'by a known way': own(
      's: { probe: postgres, with: { socket: /s, port: 5432, user: u, database: d, as: login } }, j: { by: postgres-stream, together: { primary: "@left.s", standby: "@right.s", primaryAddress: "@left.address" } }',
      '{ every: j.state, equals: streaming }',
    ),
    'by an unknown way': own(
      'k: { probe: kernel }, j: { by: postgres-steam, together: { primary: "@left.k" } }',
      '{ every: j.state, equals: x }',
    ),
    'of an unknown source': own(
      'k: { probe: kernel }, j: { by: postgres-stream, together: { primry: "@left.k" } }',
      '{ every: j.state, equals: x }',
    ),
    'of an unknown role': own(
      'k: { probe: kernel }, j: { by: postgres-stream, together: { primary: "@lefft.k" } }',
      '{ every: j.state, equals: x }',
    ),
    'of a role of several': own(
      'k: { probe: kernel }, j: { by: postgres-stream, together: { primary: "@many.k" } }',
      '{ every: j.state, equals: x }',
    ),
    'of an unknown fact': own(
      'k: { probe: kernel }, j: { by: postgres-stream, together: { primary: "@left.q" } }',
      '{ every: j.state, equals: x }',
    ),
  },
  'the roles and phases of a pack': {
    'a role that is an option': pack(roles.replace('third:', 'verbose:').trim()),
    'a role that is a word of the rules': pack(roles.replace('third:', 'every:').trim()),
    'a sentence of a phase': pack('phases: { preflight: { title: b, go: "{left} may go." }, verify: { title: a } }'),
    'a sentence of a phase without a role': pack(
      'phases: { preflight: { title: b, go: "All may go." }, verify: { title: a } }',
    ),
    'a sentence of a phase with an unknown role': pack(
      'phases: { preflight: { title: b, stop: "{left} and {rihgt} stop." }, verify: { title: a } }',
    ),
    'a next step with an unknown role': pack(
      'phases: { preflight: { title: b }, verify: { title: a, next: "{rihgt} is next." } }',
    ),
    'a pair of one role of one host': pack('pair: [left]'),
    'a pair of one role of several hosts': pack(
      'pair: [many]',
      ruleText('ok', ['{ every: kernel.release, equals: x }']),
    ),
    'a pair of an unknown role': pack('pair: [left, rihgt]'),
    'a pair of one role twice': pack('pair: [left, left]'),
  },
  'the settings of a pack': {
    'a default': pack('settings: { disk: { title: d, type: path, basis: inferred, default: /a } }'),
    'a default of another type': pack('settings: { disk: { title: d, type: path, basis: inferred, default: a } }'),
    'no default': pack('settings: { disk: { title: d, type: path, basis: inferred } }'),
    'a default of nothing': pack('settings: { disk: { title: d, type: path, basis: inferred, default: null } }'),
    'a second release of another type': pack(
      'settings: { disk: { title: d, type: path, basis: inferred, by_release: [{ releases: "<2", value: /a }, { releases: ">=2", value: 5 }] } }',
    ),
    'a second release that is none': pack(
      'settings: { disk: { title: d, type: path, basis: inferred, by_release: [{ releases: "<2", value: /a }, { releases: "two", value: /b }] } }',
    ),
    'that hosts know': pack('facts: { n: { probe: file, with: { path: /n } } }\ndiscover: { disk: n.line }'),
    'that hosts know, unknown': pack('facts: { n: { probe: file, with: { path: /n } } }\ndiscover: { dsik: n.line }'),
    'that hosts know, by no fact': pack('discover: { disk: n.line }'),
    'that hosts know, by no property': pack(
      'facts: { n: { probe: file, with: { path: /n } } }\ndiscover: { disk: n.lines }',
    ),
  },
  'the contexts of a pack': {
    'one that is entered': pack(
      'contexts: { shell: { title: t, enter: [chroot, "${disk}", "{shell}"], user: "${word}" } }',
    ),
    'one called as the login': pack('contexts: { login: { title: t, enter: [chroot, /x, "{shell}"], user: u } }'),
    'one called as root': pack('contexts: { root: { title: t, enter: [chroot, /x, "{shell}"], user: u } }'),
    'one without a shell': pack('contexts: { shell: { title: t, enter: [chroot, /x, shell], user: u } }'),
    'one of an unknown setting': pack(
      'contexts: { shell: { title: t, enter: [chroot, "${dsik}", "{shell}"], user: u } }',
    ),
    'one whose user is an unknown setting': pack(
      'contexts: { shell: { title: t, enter: [chroot, /x, "{shell}"], user: "${wrod}" } }',
    ),
    'one with a forbidden word': pack(
      'never: [bad]\ncontexts: { shell: { title: t, enter: [chroot, bad, "{shell}"], user: u } }',
    ),
    'one that enters by a forbidden word': pack(
      'never: [chroot]\ncontexts: { shell: { title: t, enter: [chroot, /x, "{shell}"], user: u } }',
    ),
  },
  'the commands of a pack': {
    'one that reads': command('argv: [show, "${disk}"], as: login, parse: { text: {} }'),
    'one by the name of a probe': pack(
      'commands: { kernel: { title: t, argv: [show], as: login, parse: { text: {} } } }',
    ),
    'one with outcomes': command('argv: [show], as: login, parse: { outcome: {} }'),
    'one with exits': command('argv: [show], as: login, exits: [0, 1], parse: { text: {} }'),
    'one with outcomes and exits': command('argv: [show], as: login, exits: [0, 1], parse: { outcome: {} }'),
    'one with parameters': command(
      'argv: [show, "${key}"], as: login, params: { key: { type: string } }, parse: { text: {} }',
    ),
    'one with parameters that are no schema': command(
      'argv: [show, "${key}"], as: login, params: { key: { type: strng } }, parse: { text: {} }',
    ),
    'one with an unknown setting': command(
      'argv: [show, "${kye}"], as: login, params: { key: { type: string } }, parse: { text: {} }',
    ),
    'one in an unknown context': command('argv: [show], as: rot, parse: { text: {} }'),
    'one as root': command('argv: [show], as: root, parse: { text: {} }'),
    'one that runs what it is told': command('argv: [sh, -c, x], as: login, parse: { text: {} }'),
    'one whose program is a setting': command('argv: ["${word}", x], as: login, parse: { text: {} }'),
  },
  'what is not verified': {
    'in a phase': gap('releases: "<2.0"'),
    'in an unknown phase': pack(
      'not_verified: [{ id: a, what: w, why: y, phases: [preflight, verfy], source: { doc: page, section: s } }]',
    ),
    'of releases that are none': gap('releases: "two"'),
    'unless a setting is set': gap('unless_set: disk'),
    'unless an unknown setting is set': gap('unless_set: dsik'),
    'in an unknown document': pack(
      'not_verified: [{ id: a, what: w, why: y, phases: [preflight], source: { doc: pgae, section: s } }]',
    ),
    'of two names': pack(
      `not_verified: [${['a', 'b'].map((id) => `{ id: ${id}, what: w, why: y, phases: [preflight], source: { doc: page, section: s } }`).join(', ')}]`,
    ),
    twice: pack(
      `not_verified: [${['a', 'b', 'a'].map((id) => `{ id: ${id}, what: w, why: y, phases: [preflight], source: { doc: page, section: s } }`).join(', ')}]`,
    ),
  },
  'the ports of a pack': {
    everywhere: port('must_listen: true'),
    'from a role to another': port('from: left, to: right'),
    'from an unknown role': port('from: lefft'),
    'to an unknown role': port('to: lefft'),
    'to itself': port('from: left, to: left'),
    'of releases that are none': port('releases: "two"'),
    'needed both ways': port('needed: { preflight: both }'),
    'needed one way': port('needed: { preflight: left->right }'),
    'needed against its direction': port('from: left, to: right, needed: { preflight: right->left }'),
    'needed along its direction': port('from: left, to: right, needed: { preflight: left->right }'),
    'needed from an unknown role': port('needed: { preflight: lefft->right }'),
    'needed to an unknown role': port('needed: { preflight: left->rihgt }'),
    'needed in a phase to come': port('needed: { cutover: both }'),
    'needed in a misspelt phase': port('needed: { preflihgt: both }'),
    'of one number in two directions': pack(
      'ports: [{ port: 1, name: n, basis: inferred, confidence: c, from: left, to: right }, { port: 1, name: m, basis: inferred, confidence: c, from: right, to: left }]',
    ),
    'of two numbers in one direction': pack(
      'ports: [{ port: 1, name: n, basis: inferred, confidence: c }, { port: 2, name: m, basis: inferred, confidence: c }]',
    ),
    'of one number in one direction, twice': pack(
      'ports: [{ port: 1, name: n, basis: inferred, confidence: c, to: right }, { port: 1, name: m, basis: inferred, confidence: c, from: left }]',
    ),
  },
  'the sections of a pack': {
    none: pack('sections: []'),
    'one that is missing': pack('sections: [rules, nonesuch]'),
    'one that is not named': () =>
      packOf(ruleText('ok', ['{ same: kernel.release }']), more, { 'sections/other.yaml': 'x' }),
    'one without rules': () => packOf('', more),
  },
  'what a plan tells': {
    'a property': planned('probe: memory, property: bytes, at: /m, may: both, times: 1024'),
    'of an unknown probe': planned('probe: memroy, property: bytes, at: /m, may: both'),
    'of a direction': planned('probe: tcp-reach, property: via, at: /m, may: both'),
    'an unknown property': planned('probe: memory, property: byte, at: /m, may: both'),
    'at a parameter': planned('probe: filesystem, with: { path: "${disk}" }, property: bytes, at: /m, may: both'),
    'at an unknown parameter': planned('probe: filesystem, with: { pth: /x }, property: bytes, at: /m, may: both'),
    'at an unknown setting': planned(
      'probe: filesystem, with: { path: "${dsik}" }, property: bytes, at: /m, may: both',
    ),
    'only to be compared': planned('probe: memory, property: bytes, at: /m, may: same-only'),
    'only to be compared, calculated': planned('probe: memory, property: bytes, at: /m, may: same-only, times: 2'),
  },
  'the release of a pack': {
    'by a fact': pack('facts: { n: { probe: file, with: { path: /n } } }\nbuild: n.line'),
    'by no fact': pack('build: n.line'),
    'by a whole fact': pack('facts: { n: { probe: file, with: { path: /n } } }\nbuild: n'),
    'by no property': pack('facts: { n: { probe: file, with: { path: /n } } }\nbuild: n.lines'),
    'by a direction': pack(
      'facts: { t: { probe: tcp-reach, with: { ports: [1], address: "@peer.address" } } }\nbuild: t.via',
    ),
  },
};

describe.each(Object.entries(scenes))('%s', (group, all) => {
  it.each(Object.entries(all))('%s', (name, load) => {
    kept.expect({ [`${group}: ${name}`]: comesTo(load) });
  });
});

it('and every sentence that is kept has its pack', () => {
  kept.expectNoMore();
});
