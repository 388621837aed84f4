/** One run of the product against a cluster with one change, and what came of it. */
import { readFileSync } from 'node:fs';
import type { Report, Verdict } from '../../../src/core/model.js';
import type { Ran } from '../lab/command.js';
import { pairflight, unconfigured } from '../lab/pairflight.js';
import type { Cluster } from './cluster.js';
import { secrets } from './configuration.js';
import { type ClusterInventory, writeClusterInventory } from './inventory.js';

/** The secret of a Consul token that rows give. */
export const token = 'PLANTED-consul-token';

/** A row of the table of scenarios. */
export interface Row {
  name: string;
  change?: (cluster: Cluster) => void | Promise<void>;
  inventory?: (inventory: ClusterInventory, cluster: Cluster) => void;
  phase: 'preflight' | 'verify';
  env?: Record<string, string>;
  /** The one rule that is judged, where the others would see another moment at each run. */
  only?: string;
  /** Keys of findings whose verdict is another than on a healthy cluster, or that are absent. */
  changes: Record<string, Verdict | 'absent'>;
  exit: number;
  /** What the messages of findings say, by key. */
  says?: Record<string, RegExp>;
  /** Accepted logins on the instances; one each unless said. */
  logins?: [number, number];
}

/** What a run did: to the one who asked, and to the hosts. */
export interface Played {
  ran: Ran;
  report: Report | undefined;
  /** Finding's key to verdict; empty when there was no report. */
  verdicts: Record<string, Verdict>;
  logins: number[];
  /** Files written on any host, and secrets that got out. */
  harm: string[];
}

/** Makes the row's change, runs its phase and gathers what it did. The cluster is not reset. */
export async function play(cluster: Cluster, row: Omit<Row, 'name' | 'changes' | 'exit'>): Promise<Played> {
  await row.change?.(cluster);
  cluster.baseline();
  const before = cluster.logins();
  const file = writeClusterInventory(cluster, (inventory) => row.inventory?.(inventory, cluster));
  const evidence = `${cluster.machines.folder}/evidence.json`;
  const words = [
    row.phase,
    file,
    '--known-hosts',
    cluster.knownHosts,
    ...unconfigured,
    '--report',
    'json',
    '--evidence',
    evidence,
  ];
  if (row.only !== undefined) words.push('--only', row.only);
  const ran = await pairflight(words, { env: { ...process.env, NO_COLOR: '1', ...row.env } });
  const report = ran.stdout.trim() === '' ? undefined : (JSON.parse(ran.stdout) as Report);
  const texts = [ran.stdout, ran.stderr, readFileSync(evidence, 'utf8')];
  const leaked = [...secrets, token].filter((secret) => texts.some((text) => text.includes(secret)));
  return {
    ran,
    report,
    verdicts: Object.fromEntries(report?.findings.map((finding) => [finding.key, finding.verdict]) ?? []),
    logins: cluster.logins().map((count, index) => count - (before[index] ?? 0)),
    harm: [...cluster.changedFiles().map((path) => `wrote ${path}`), ...leaked.map((secret) => `printed ${secret}`)],
  };
}
