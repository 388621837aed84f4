/** One run of the product against the lab with one thing changed, and what came of it. */
import type { Report, Verdict } from '../../src/model.js';
import type { Ran } from './command.js';
import type { Overrides } from './inventory.js';
import type { Lab, LabOptions } from './lab.js';
import { pairflight } from './pairflight.js';
import { secrets } from './product.js';

/** A row of the table of scenarios. */
export interface Scenario {
  name: string;
  /** What cannot be changed on a running lab, such as sizes: the scenario gets a lab of its own. */
  lab?: LabOptions;
  fault?: (lab: Lab) => void | Promise<void>;
  inventory?: (lab: Lab) => Overrides;
  /** Words added to the command line. */
  args?: string[];
  /** Keys of findings whose verdict is another than on a healthy lab. */
  changes: Record<string, Verdict>;
  exit: number;
}

/** What a run did: to the one who asked, and to the hosts. */
export interface Played {
  ran: Ran;
  /** Finding's key to verdict; empty when there was no report. */
  verdicts: Record<string, Verdict>;
  /** Per host, in the order primary, secondary. */
  logins: [number, number];
  /** Files written on either host, calls that would have changed the product, planted secrets that were printed. */
  harm: string[];
}

/** Applies the scenario's fault, runs `pairflight preflight` and gathers what it did. The lab is not reset. */
export async function play(
  lab: Lab,
  { fault, inventory, args = [] }: Omit<Scenario, 'changes' | 'exit'>,
): Promise<Played> {
  await fault?.(lab);
  lab.baseline();
  const before = lab.hosts.map((host) => lab.acceptedLogins(host));
  const file = lab.inventory(inventory?.(lab));
  const ran = await pairflight(['preflight', file, '--known-hosts', lab.knownHosts, '--report', 'json', ...args]);
  const harm = lab.hosts.flatMap((host) => [
    ...lab.changedFiles(host).map((path) => `${host.name}: wrote ${path}`),
    ...lab.traps(host).map((call) => `${host.name}: called ${call}`),
  ]);
  const leaked = secrets.filter((secret) => `${ran.stdout}${ran.stderr}`.includes(secret));
  const [primary = 0, secondary = 0] = lab.hosts.map((host, index) => lab.acceptedLogins(host) - (before[index] ?? 0));
  return {
    ran,
    verdicts: verdictsOf(ran.stdout),
    logins: [primary, secondary],
    harm: [...harm, ...leaked.map((secret) => `printed ${secret}`)],
  };
}

function verdictsOf(json: string): Record<string, Verdict> {
  if (json.trim() === '') return {};
  const { findings } = JSON.parse(json) as Report;
  return Object.fromEntries(findings.map((finding) => [finding.key, finding.verdict]));
}

/** Findings of `now` that are judged otherwise than in `healthy`; one that came or went shows as `absent`. */
export function changes(healthy: Played, now: Played): Record<string, Verdict | 'absent'> {
  const keys = new Set([...Object.keys(healthy.verdicts), ...Object.keys(now.verdicts)]);
  const changed = [...keys].filter((key) => healthy.verdicts[key] !== now.verdicts[key]);
  return Object.fromEntries(changed.sort().map((key) => [key, now.verdicts[key] ?? 'absent']));
}
