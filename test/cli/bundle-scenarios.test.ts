/** Every scenario of the demo, bundled with and without pseudonyms: judged from the archive as live, and telling nobody whose it is. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { readBundle } from '../../src/bundle.js';
import { bundleCommand } from '../../src/commands/bundle.js';
import { judgeEvidence, runTarget } from '../../src/commands/check.js';
import { targetOf } from '../../src/commands/target.js';
import { loadDemo, startDemo } from '../../src/demo/index.js';
import { evidenceIn } from '../../src/evidence.js';
import { parseInventory } from '../../src/inventory.js';
import type { Evidence, Report } from '../../src/model.js';
import { packDir } from '../../src/packs.js';
import { scopeOfEvidence } from '../../src/scope.js';
import { brought } from '../unit/support.js';

const demo = loadDemo(packDir('alation'));
const folder = mkdtempSync(join(tmpdir(), 'pairflight-bundles-'));
const names: Record<string, string> = { primary: 'acme-east-db', secondary: 'acme-west-db', test: 'acme-lab-db' };
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

/** Plays a scenario under the host names of a customer. */
async function evidenceOf(name: string, phase: string): Promise<Evidence> {
  const running = await startDemo(demo, name);
  try {
    const { hosts, ...inventory } = running.inventory as { hosts: Record<string, object> };
    const renamed = Object.fromEntries(Object.entries(hosts).map(([role, host]) => [names[role] ?? role, host]));
    const target = targetOf(parseInventory(JSON.stringify({ ...inventory, hosts: renamed }), 'demo'), {}, [phase]);
    const reach = { knownHosts: running.knownHosts, sshConfig: '/dev/null', acceptNewHostKeys: false };
    return (await runTarget(target, reach)).evidence;
  } finally {
    await running.close();
  }
}

const judged = (evidence: Evidence): Report => judgeEvidence(scopeOfEvidence(brought, evidence), evidence, 'blocker');
const verdictsOf = ({ findings }: Report, renamed = (key: string) => key) =>
  Object.fromEntries(findings.map(({ key, verdict, severity }) => [renamed(key), `${verdict} ${severity}`]));

/** Whatever names the customer, in every form; `demo` is the login, and the pack's own examples are nobody's. */
function tells(text: string, evidence: Evidence): string[] {
  const addresses = [
    ...new Set([...JSON.stringify(evidence).matchAll(/(?<!\d)10\.11\.\d+\.\d+(?!\d)/g)].map(([one]) => one)),
  ];
  const hex = addresses.flatMap((address) => {
    const bytes = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
    return [bytes.join(''), [...bytes].reverse().join('')];
  });
  const words = [
    ...Object.values(names),
    'acme',
    ...addresses,
    ...addresses.map((one) => one.replaceAll('.', '-')),
    ...hex,
  ];
  return words.filter((word) => text.toLowerCase().includes(word));
}

it.each(demo.scenarios.map(({ name, phase }) => [name, phase]))(
  '%s (%s) is judged the same from its bundle, under pseudonyms too',
  async (name = '', phase = '') => {
    const evidence = await evidenceOf(name, phase);
    const live = judged(evidence);
    const saved = join(folder, `${name}.json`);
    writeFileSync(saved, JSON.stringify(evidence));
    const common = { from: [saved], summary: true, failOn: 'blocker' as const, acceptNewHostKeys: false };

    const open = join(folder, `${name}.tar.gz`);
    expect(await bundleCommand({ ...common, output: open })).toBe(live.run.exitCode);
    expect(statSync(open).mode & 0o777).toBe(0o600);
    expect(verdictsOf(judged(evidenceIn(() => readFileSync(open), open)))).toEqual(verdictsOf(live));
    expect(JSON.parse(readBundle(readFileSync(open), open).get('report.json')?.toString() ?? '')).toEqual(
      JSON.parse(JSON.stringify(live)),
    );

    const hidden = join(folder, `${name}.hidden.tar.gz`);
    printed = '';
    await bundleCommand({ ...common, output: hidden, redact: 'addresses,hostnames,users' });
    const members = readBundle(readFileSync(hidden), hidden);
    const renamed = (key: string) =>
      key.replace(
        /acme-(east|west|lab)-db/g,
        (one) => `host-${evidence.inventory.hosts.findIndex((host) => host.name === one) + 1}`,
      );
    expect(verdictsOf(judged(evidenceIn(() => readFileSync(hidden), hidden)))).toEqual(verdictsOf(live, renamed));
    expect(tells(JSON.stringify(evidence), evidence)).toContain('acme');
    for (const bytes of [...members.values(), Buffer.from(printed)])
      expect(tells(bytes.toString(), evidence)).toEqual([]);
    expect(members.get('evidence.json')?.toString()).not.toMatch(/(?<![a-z])demo(?![a-z])/);
  },
  60_000,
);
