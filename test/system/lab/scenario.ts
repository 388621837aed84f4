/** One run of the product against the lab with one thing changed, and what came of it. */
import { readFileSync } from 'node:fs';
import type { Report, Verdict } from '../../../src/core/model.js';
import type { Ran } from './command.js';
import type { Overrides } from './inventory.js';
import type { Lab, LabOptions } from './lab.js';
import { complaints } from './pair/server.js';
import { type Pairflight, pairflight, unconfigured } from './pairflight.js';
import { secrets } from './product.js';
import { login } from './system.js';

/** A password that no host takes. */
export const wrongPassword = 'PLANTED-wrong-password';

/** A row of the table of scenarios. */
export interface Scenario {
  name: string;
  /** What cannot be changed on a running lab, such as sizes: the scenario gets a lab of its own. */
  lab?: LabOptions;
  fault?: (lab: Lab) => void | Promise<void>;
  inventory?: (lab: Lab) => Overrides;
  /** Another file of known host keys than the lab's own. */
  knownHosts?: (lab: Lab) => string;
  /** The phase that is judged; preflight unless said. */
  phase?: 'pre-replication' | 'verify' | 'failover';
  /** Words added to the command line. */
  args?: string[];
  /** The hosts are reached as the machine's SSH configuration says, by ssh itself where that says much; else by ssh2. */
  configured?: boolean;
  env?: Record<string, string>;
  /** Keys of findings whose verdict is another than on a healthy lab, or that are absent. */
  changes: Record<string, Verdict | 'absent'>;
  exit: number;
  /** What the messages of findings say, by key. */
  says?: Record<string, RegExp>;
  /** What findings tell beside their verdict, by key. */
  tells?: Record<string, RegExp>;
  /** Accepted logins on primary and secondary; one each unless said. */
  logins?: [number, number];
  /** What the run's messages say; nothing unless said. */
  stderr?: RegExp;
  /** What else must hold on the hosts after the run. */
  after?: (lab: Lab) => void;
}

/** What a run did: to the one who asked, and to the hosts. */
export interface Played {
  ran: Ran;
  /** Undefined when there was no report. */
  report: Report | undefined;
  /** Finding's key to verdict; empty when there was no report. */
  verdicts: Record<string, Verdict>;
  /** Per host, in the order primary, secondary. */
  logins: [number, number];
  /** Files written on either host, calls that would have changed the product, what its servers complained of, secrets that got out. */
  harm: string[];
}

/** Applies the scenario's fault, runs the phase's checks and gathers what it did. The lab is not reset. */
export async function play(
  lab: Lab,
  { fault, inventory, knownHosts, phase, args = [], configured = false, env = {} }: Partial<Scenario> = {},
  run: Pairflight = pairflight,
): Promise<Played> {
  await fault?.(lab);
  lab.baseline();
  const before = lab.hosts.map((host) => lab.acceptedLogins(host));
  const complained = lab.hosts.map((host) => complaints(host).length);
  const file = lab.inventory(inventory?.(lab));
  const evidence = `${lab.folder}/evidence.json`;
  const keys = ['--known-hosts', knownHosts?.(lab) ?? lab.knownHosts];
  const verb = phase === 'verify' ? ['verify'] : phase ? ['check', '--phase', phase] : ['preflight'];
  const how = [...keys, ...(configured ? [] : unconfigured)];
  const words = [...verb, file, ...how, '--report', 'json', '--evidence', evidence, ...args];
  const ran = await run(words, { env: { ...process.env, NO_COLOR: '1', ...env } });
  const [primary = 0, secondary = 0] = lab.hosts.map((host, index) => lab.acceptedLogins(host) - (before[index] ?? 0));
  const report = ran.stdout.trim() === '' ? undefined : (JSON.parse(ran.stdout) as Report);
  return {
    ran,
    report,
    verdicts: Object.fromEntries(report?.findings.map((finding) => [finding.key, finding.verdict]) ?? []),
    logins: [primary, secondary],
    harm: [
      ...harmTo(lab),
      ...lab.hosts.flatMap((host, index) => complaints(host).slice(complained[index])),
      ...leaksIn(ran.stdout, ran.stderr, readFileSync(evidence, 'utf8')),
    ],
  };
}

/** Files written on either host since the baseline, and calls that would have changed the product. */
export function harmTo(lab: Lab): string[] {
  return lab.hosts.flatMap((host) => [
    ...lab.changedFiles(host).map((path) => `${host.name}: wrote ${path}`),
    ...lab.traps(host).map((call) => `${host.name}: called ${call}`),
  ]);
}

/** Planted secrets and passwords that stand in a text. */
export function leaksIn(...texts: string[]): string[] {
  const found = [...secrets, login.password, wrongPassword].filter((secret) =>
    texts.some((text) => text.includes(secret)),
  );
  return found.map((secret) => `printed ${secret}`);
}

/** Findings of `now` that are judged otherwise than in `healthy`; one that came or went shows as `absent`. */
export function changes(healthy: Played, now: Played): Record<string, Verdict | 'absent'> {
  const keys = new Set([...Object.keys(healthy.verdicts), ...Object.keys(now.verdicts)]);
  const changed = [...keys].filter((key) => healthy.verdicts[key] !== now.verdicts[key]);
  return Object.fromEntries(changed.sort().map((key) => [key, now.verdicts[key] ?? 'absent']));
}

/** Findings that did not pass, by key. */
export function notPassed({ verdicts }: Played): Record<string, Verdict> {
  return Object.fromEntries(Object.entries(verdicts).filter(([, verdict]) => verdict !== 'pass'));
}
