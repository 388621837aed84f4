/** Every scenario of the demos, bundled with and without pseudonyms: judged from the archive as live, and telling nobody whose it is. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type BundleOptions, bundle } from '../../src/cli/commands/bundle.js';
import { runTarget } from '../../src/cli/run.js';
import type { Evidence, Report } from '../../src/core/model.js';
import { type Demo, loadDemo, startDemo } from '../../src/demo/index.js';
import { readBundle } from '../../src/evidence/archive/bundle-file.js';
import { evidenceIn } from '../../src/evidence/evidence.js';
import { judgeEvidence } from '../../src/judge/report.js';
import { loadPack, packDir } from '../../src/pack/load.js';
import { parseInventory } from '../../src/plan/inventory.js';
import { scopeOf, scopeOfEvidence } from '../../src/plan/scope.js';

/** What is played under the names of a customer, and the customer's network. */
const customers = [
  {
    demo: loadDemo(packDir('alation')),
    names: { primary: 'acme-east-db', secondary: 'acme-west-db', test: 'acme-lab-db' } as Record<string, string>,
    network: '10.11',
    plainToo: () => true,
  },
  {
    // Its services answer with the names of their nodes, and the login is a part of a variable's name.
    demo: renamed(loadDemo(packDir('alien4cloud')), {
      ...{ 'a4c-1': 'acme-east', 'a4c-2': 'acme-west', 'a4c-3': 'acme-old', 'nas-1': 'acme-filer' },
      ...{ 'consul-1': 'acme-cs1', 'consul-2': 'acme-cs2', 'consul-3': 'acme-cs3' },
      ...{ 'es-1': 'acme-es1', 'es-2': 'acme-es2', PAIRFLIGHT_PLAYED_TOKEN: 'PAIRFLIGHT_DEMO_TOKEN' },
    }),
    names: {} as Record<string, string>,
    network: '10.40',
    // Once for each phase: time is short.
    plainToo: (name: string) => ['default', 'running'].includes(name),
  },
];
const folder = mkdtempSync(join(tmpdir(), 'pairflight-bundles-'));
let printed = '';

beforeAll(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation((text, ...rest) => {
    printed += String(text);
    const done = rest.at(-1);
    if (typeof done === 'function') (done as () => void)();
    return true;
  });
});
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** A demo whose texts call things by other names. */
function renamed(demo: Demo, names: Record<string, string>): Demo {
  const word = new RegExp(`(?<![\\w-])(${Object.keys(names).join('|')})(?![\\w-])`, 'g');
  return JSON.parse(JSON.stringify(demo).replace(word, (one) => names[one] ?? one));
}

/** Plays a scenario under the host names of a customer. */
async function evidenceOf({ demo, names }: (typeof customers)[number], name: string, phase: string): Promise<Evidence> {
  const running = await startDemo(demo, name);
  try {
    const { hosts, ...inventory } = running.inventory as { hosts: Record<string, object> };
    const renamed = Object.fromEntries(Object.entries(hosts).map(([role, host]) => [names[role] ?? role, host]));
    const target = scopeOf(parseInventory(JSON.stringify({ ...inventory, hosts: renamed }), 'demo'), {
      phases: [phase],
    });
    const reach = { knownHosts: running.knownHosts, sshConfig: 'none', acceptNewHostKeys: false };
    return (await runTarget(target, reach)).evidence;
  } finally {
    await running.close();
  }
}

const packs = new Map(customers.map(({ demo }) => [demo.product, loadPack(packDir(demo.product))]));
function judged(evidence: Evidence): Report {
  const pack = packs.get(evidence.inventory.product);
  if (!pack) throw new Error(`no pack is called ${evidence.inventory.product}`);
  return judgeEvidence(scopeOfEvidence(pack, evidence), evidence, 'blocker');
}
const verdictsOf = ({ findings }: Report, renamed = (key: string) => key) =>
  Object.fromEntries(findings.map(({ key, verdict, severity }) => [renamed(key), `${verdict} ${severity}`]));

/** Whatever names the customer, in every form; `demo` is the login, and the packs' own examples are nobody's. */
function tells(text: string, evidence: Evidence, network: string): string[] {
  const quad = new RegExp(`(?<!\\d)${network.replace('.', '\\.')}\\.\\d+\\.\\d+(?!\\d)`, 'g');
  const addresses = [...new Set([...JSON.stringify(evidence).matchAll(quad)].map(([one]) => one))];
  const hex = addresses.flatMap((address) => {
    const bytes = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
    return [bytes.join(''), [...bytes].reverse().join('')];
  });
  const words = ['acme', ...addresses, ...addresses.map((one) => one.replaceAll('.', '-')), ...hex];
  const encoded = Array.from(text.matchAll(/[A-Za-z0-9+/]{8,}/g), ([one]) => Buffer.from(one, 'base64').toString());
  const all = [text, ...encoded].join('\n').toLowerCase();
  return words.filter((word) => all.includes(word));
}

/** Bundles without pseudonyms, and expects the very run in the archive. */
async function expectPlain(evidence: Evidence, live: Report, options: BundleOptions & { output: string }) {
  const { output } = options;
  expect(await bundle.run(options)).toBe(live.run.exitCode);
  expect(statSync(output).mode & 0o777).toBe(0o600);
  const bundled = evidenceIn(() => readFileSync(output), output);
  expect(bundled).toEqual(evidence);
  expect(verdictsOf(judged(bundled))).toEqual(verdictsOf(live));
  expect(JSON.parse(readBundle(readFileSync(output), output).get('report.json')?.toString() ?? '')).toEqual(
    JSON.parse(JSON.stringify(live)),
  );
}

const scenarios = customers.flatMap((customer) =>
  customer.demo.scenarios.map(({ name, phase }) => ({ customer, product: customer.demo.product, name, phase })),
);

it.each(scenarios)(
  '$product $name ($phase) is judged the same from its bundle, under pseudonyms too',
  async ({ customer, product, name, phase }) => {
    const evidence = await evidenceOf(customer, name, phase);
    const live = judged(evidence);
    const base = join(folder, `${product}.${name}`);
    const saved = `${base}.json`;
    writeFileSync(saved, JSON.stringify(evidence));
    const common = { from: [saved], summary: true, failOn: 'blocker' as const, acceptNewHostKeys: false };
    if (customer.plainToo(name)) await expectPlain(evidence, live, { ...common, output: `${base}.tar.gz` });

    const hidden = `${base}.hidden.tar.gz`;
    printed = '';
    await bundle.run({ ...common, output: hidden, redact: 'addresses,hostnames,users' });
    const members = readBundle(readFileSync(hidden), hidden);
    const hosts = evidence.inventory.hosts.map((host) => host.name).filter((one) => one.startsWith('acme-'));
    const called = (key: string) => key.replace(/acme(?:-[a-z0-9]+)+/g, (one) => `host-${hosts.indexOf(one) + 1}`);
    expect(verdictsOf(judged(evidenceIn(() => readFileSync(hidden), hidden)))).toEqual(verdictsOf(live, called));
    expect(tells(JSON.stringify(evidence), evidence, customer.network)).toContain('acme');
    for (const bytes of [...members.values(), Buffer.from(printed)])
      expect(tells(bytes.toString(), evidence, customer.network)).toEqual([]);
    expect(members.get('evidence.json')?.toString()).not.toMatch(/(?<![a-z])demo(?![a-z])/i);
  },
  60_000,
);
