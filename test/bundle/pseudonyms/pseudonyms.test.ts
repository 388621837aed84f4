import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences } from '../../../src/bundle/proof.js';
import { type Pseudonymised, pseudonymise, redactable } from '../../../src/bundle/pseudonyms/index.js';
import type { Evidence, ExecAsk, Output } from '../../../src/core/model.js';
import { judgeEvidence } from '../../../src/judge/report.js';
import { scopeOfEvidence } from '../../../src/plan/scope.js';
import { brought, collected, said, scopeOf } from '../../support.js';

/** What a customer's pair has that nobody else should read. */
interface Pair {
  names: [string, string];
  addresses: [string, string];
  domain: string;
  user: string;
}

const hex = (address: string, order: 'little' | 'big' = 'little') => {
  const bytes = address.split('.').map((part) => Number(part).toString(16).toUpperCase().padStart(2, '0'));
  return (order === 'little' ? bytes.reverse() : bytes).join('');
};

/** A host that nothing calls one, but that it is in the pair's domain. */
const STORE = 'quiet-store';

/** The answers of a pair whose every answer names it, in every form that an answer has. */
function answers({ names, addresses, domain, user }: Pair, machine: string) {
  const order = machine === 's390x' ? 'big' : 'little';
  return (host: string, { argv, as }: ExecAsk): Output | undefined => {
    const self = host === names[0] ? 0 : 1;
    const [own, peer] = [addresses[self] ?? '', addresses[1 - self] ?? ''];
    const asked = argv.join(' ');
    if (asked === 'id -un') return said(`${as === 'login' ? user : as}\n`);
    if (asked === 'uname -m') return said(`${machine}\n`);
    if (asked === 'uname -r') return said('5.14.0-427\n', { stderr: `[${user}@${names[self]} ~]$ from ${peer}` });
    if (asked === 'cat /proc/net/fib_trie')
      return said(`Local:\n     |-- 127.0.0.1\n        /32 host LOCAL\n     |-- ${own}\n        /32 host LOCAL\n`);
    if (asked === 'cat /proc/net/tcp')
      return said(
        `  sl  local_address rem_address   st\n   0: ${hex(own, order)}:1538 00000000:0000 0A\n   1: ${hex(own, order)}:0016 ${hex(peer, order)}:C350 01\n`,
      );
    if (asked === 'cat /etc/os-release')
      return said(
        `ID=rocky\nVERSION_ID="9.4"\nHOME_URL="https://portal.${domain}/"\nBY="${names[1 - self]}.${domain}"\n`,
      );
    if (argv[0] === 'alation_conf' && argv[1] === 'alation.cluster.hosts')
      return said(`alation.cluster.hosts = ${addresses[1]}/24\n`);
    return undefined;
  };
}

const hostKey = (letter: string) => ({ type: 'ssh-ed25519', sha256: `SHA256:${letter.repeat(43)}` });

async function evidenceOf(pair: Pair, machine = 'x86_64', phases = ['preflight']): Promise<Evidence> {
  const [left, right] = pair.names;
  const scope = scopeOf(brought, {
    phases,
    inventory: {
      name: `${left}-billing`,
      hosts: [left, right].map((name, at) => ({
        name,
        role: ['primary', 'secondary'][at] ?? '',
        address: pair.addresses[at] ?? '',
        connection: 'ssh',
        reachedAs: `${name}.${pair.domain}`,
        settings: {},
      })),
      settings: { monitorUrl: `http://${left}.${pair.domain}/monitor`, lagSamples: 2, lagEveryMs: 100 },
      waivers: [
        {
          rule: 'alation/same-kernel',
          host: right,
          value: { [right]: pair.addresses[1] },
          reason: `${left} is new, ask ${pair.user}`,
          owner: 'Joe Owner',
          until: '2030-01-01',
        },
      ],
      attest: [{ what: 'kvstore', by: 'Ann Vouch', when: '2026-01-01', until: '2030-01-01' }],
    },
  });
  const evidence = await collected(scope, answers(pair, machine), {
    [left]: {
      hostKey: hostKey('a'),
      noise: `Welcome to ${left}.${pair.domain}, ${pair.user}, beside ${STORE}.${pair.domain}\n`,
    },
    [right]: { hostKey: hostKey('b') },
  });
  const { baseline: _, ...earlier } = evidence;
  return { ...evidence, baseline: { ...earlier, takenAt: '2026-01-01T00:00:00.000Z' } };
}

const classes = [...redactable];
const builds = new Set<string>();
const hide = (evidence: Evidence, which = classes): Pseudonymised => pseudonymise(evidence, brought, which, builds);
const judged = (evidence: Evidence) => judgeEvidence(scopeOfEvidence(brought, evidence), evidence, 'blocker');

const acme: Pair = {
  names: ['acme-db1', 'acme-db2'],
  addresses: ['172.31.45.67', '172.31.45.89'],
  domain: 'corp.acme.example',
  user: 'jdoe',
};

/** Every form in which a text may still tell one of the pair's names or addresses. */
function tells(text: string, { names, addresses, domain, user }: Pair): string[] {
  const low = text.toLowerCase();
  const words = [
    ...names,
    domain,
    user,
    ...addresses.flatMap((one) => [one, one.replaceAll('.', '-'), hex(one), hex(one, 'big')]),
  ].map((one) => one.toLowerCase());
  return words.filter((word) => new RegExp(`(?<![a-z0-9])${word.replace(/[.-]/g, '\\$&')}(?![a-z0-9])`).test(low));
}

describe('evidence under pseudonyms', () => {
  it('tells of the customer what it should, before it does not', async () => {
    const evidence = await evidenceOf(acme);
    expect(tells(JSON.stringify(evidence), acme)).toEqual([
      ...acme.names,
      acme.domain,
      acme.user,
      ...acme.addresses.flatMap((one) => [one, hex(one).toLowerCase()]),
    ]);
    const { evidence: hidden, kept } = hide(evidence);
    expect(tells(JSON.stringify(hidden), acme)).toEqual([]);
    expect(JSON.stringify(evidence)).toMatch(/quiet-store.*Ann Vouch|Ann Vouch.*quiet-store/);
    expect(JSON.stringify(hidden)).not.toMatch(/quiet-store|Ann Vouch|Joe Owner/);
    expect(kept).toEqual(['alation']);
    expect(hidden.inventory.hosts.map(({ name, address, reachedAs }) => [name, address, reachedAs])).toEqual([
      ['host-1', '198.18.1.1', 'host-1.domain-1'],
      ['host-2', '198.18.1.2', 'host-2.domain-1'],
    ]);
    expect(hidden.inventory.waivers[0]).toMatchObject({
      host: 'host-2',
      value: { 'host-2': '198.18.1.2' },
      reason: expect.stringMatching(/^host-1 is new, ask user-\d$/),
      owner: expect.stringMatching(/^user-\d$/),
    });
    expect(hidden.inventory.settings).toMatchObject({ monitorUrl: 'http://host-1.domain-1/monitor' });
    expect(hidden.connections[0]?.noise).toMatch(/^Welcome to host-1\.domain-1, user-\d, beside host-\d\.domain-1\n$/);
    expect(hidden.baseline?.inventory.hosts).toEqual(hidden.inventory.hosts);
    expect(hidden.redaction.what.filter((one) => one.endsWith('(pseudonyms instead)'))).toHaveLength(3);
  });

  it.each([
    ['preflight', 'x86_64'],
    ['preflight', 's390x'],
    ['verify', 'x86_64'],
    ['failover', 'x86_64'],
  ])('is judged alike in phase %s on %s', async (phase, machine) => {
    const evidence = await evidenceOf(acme, machine, [phase]);
    const own = judged(evidence);
    expect(own.summary.pass).toBeGreaterThan(3);
    const { evidence: hidden, renamed } = hide(evidence);
    expect(differences(own, judged(hidden), renamed)).toEqual([]);
    expect(own.findings.map(({ key }) => renamed(key))).toEqual(judged(hidden).findings.map(({ key }) => key));
  });

  it('does not count a host among the words of the pack that is called by its role', async () => {
    const { evidence, kept } = hide(await collected(scopeOf(brought)));
    expect(kept).not.toContain('primary');
    expect(evidence.inventory.hosts.map(({ name }) => name)).toEqual(['primary', 'secondary']);
  });

  it('asks the planned steps: no id of the original is left', async () => {
    const evidence = await evidenceOf(acme);
    const { evidence: hidden } = hide(evidence);
    const old = new Set(evidence.steps.map(({ id }) => id));
    expect(hidden.steps.filter(({ id }) => old.has(id))).toEqual([]);
    expect(new Set(hidden.steps.map(({ id }) => id)).size).toBe(old.size);
  });

  it('gives a step that nobody plans any more an id that verifies no guess', async () => {
    const evidence = await evidenceOf(acme);
    const [step] = evidence.steps;
    if (!step) throw new Error('no step was planned');
    const stale = { ...step, id: 'feedfeedfeedfeed', params: { path: '/other' } };
    const { evidence: hidden } = hide({ ...evidence, steps: [...evidence.steps, stale] });
    expect(hidden.steps.at(-1)?.id).toMatch(/^[0-9a-f]{16}$/);
    expect(hidden.steps.at(-1)?.id).not.toBe(stale.id);
  });

  it('changes nothing but its steps, and nothing when nothing is to be hidden', async () => {
    const evidence = await evidenceOf(acme);
    expect(hide(evidence, []).evidence).toEqual(evidence);
    const alone = hide(evidence, ['addresses']).evidence;
    expect(tells(JSON.stringify(alone), acme)).toEqual([...acme.names, acme.domain, acme.user]);
    expect(tells(JSON.stringify(hide(evidence, ['users']).evidence), acme)).not.toContain(acme.user);
  });

  it('hides what only the inventory of a live run knows', async () => {
    const evidence = await evidenceOf(acme);
    const noise = 'via gate.dmz.example as svcacct';
    const [first, ...others] = evidence.connections;
    if (!first) throw new Error('no host was connected to');
    const known = { hosts: ['gate.dmz.example'], users: ['svcacct'] };
    const more = { ...evidence, connections: [{ ...first, noise }, ...others] };
    expect(pseudonymise(more, brought, classes, builds, known).evidence.connections[0]?.noise).toMatch(
      /^via host-\d\.domain-\d as user-\d$/,
    );
    expect(pseudonymise(more, brought, classes, builds).evidence.connections[0]?.noise).toBe(noise);
  });

  it('is a bijection, hides everything, and is the same the second time, whoever the customer is', async () => {
    const octet = fc.integer({ min: 1, max: 254 });
    const address = fc
      .tuple(fc.constantFrom(10, 172, 192, 54), octet, octet, octet)
      .map((parts) => parts.join('.'))
      // An example in a rule's own words names nobody.
      .filter((one) => !JSON.stringify(brought.text).includes(one));
    const word = fc.stringMatching(/^[a-z]{4}[0-9]{1,3}x$/);
    const pair = fc
      .record({
        names: fc.uniqueArray(word, { minLength: 2, maxLength: 2 }),
        addresses: fc.uniqueArray(address, { minLength: 2, maxLength: 2 }),
        domain: word.map((one) => `${one}.example`),
        user: word.map((one) => `u${one}`),
      })
      .filter(({ names, domain, user }) => !names.includes(user) && !names.some((one) => domain.startsWith(one)));
    await fc.assert(
      fc.asyncProperty(pair, fc.constantFrom('x86_64', 's390x'), async (customer, machine) => {
        const evidence = await evidenceOf(customer as Pair, machine);
        const { evidence: hidden, renamed } = hide(evidence);
        expect(tells(JSON.stringify(hidden), customer as Pair)).toEqual([]);
        expect(hide(hidden).evidence).toEqual(hidden);
        expect(new Set(hidden.inventory.hosts.map(({ address: one }) => one)).size).toBe(2);
        expect(differences(judged(evidence), judged(hidden), renamed)).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });
});
