/** One run of the product against a pair, and what came of it. */
import type { Report, Verdict } from '../../../src/core/model.js';
import type { Ran } from '../lab/command.js';
import type { Overrides } from '../lab/inventory.js';
import { pairflight, unconfigured } from '../lab/pairflight.js';
import type { Pair } from './pair.js';

/** The phase that is judged. */
export type Phase = 'preflight' | 'verify' | 'failover';

/** What a run gave. */
export interface Played {
  ran: Ran;
  /** Verdict by the finding's key, the pack's name left out. */
  verdicts: Record<string, Verdict>;
  /** Message by the same key. */
  messages: Record<string, string>;
  /** What the servers logged of the run and should not have. */
  complaints: string[];
  /** Connections of the run that a server had beside two others: the samples of the lag have one, all else another. */
  crowded: string[];
}

/** Runs a phase against the pair as it is now. */
export async function play(pair: Pair, phase: Phase = 'verify', overrides: Overrides = {}): Promise<Played> {
  const before = pair.servers.map((server) => server.log().length);
  const verb = phase === 'failover' ? ['check', '--phase', phase] : [phase];
  const words = [
    ...verb,
    pair.inventory(overrides),
    '--known-hosts',
    pair.hosts.knownHosts,
    ...unconfigured,
    '--report',
    'json',
  ];
  const ran = await pairflight(words);
  if (ran.stdout.trim() === '') throw new Error(`lab: no report: ${ran.stderr}`);
  const { findings } = JSON.parse(ran.stdout) as Report;
  const byKey = <T>(of: (finding: Report['findings'][number]) => T) =>
    Object.fromEntries(findings.map((finding) => [finding.key.replace('postgresql/', ''), of(finding)]));
  const logged = pair.servers.map((server, index) => ({
    name: server.host.name,
    lines: server.log().slice(before[index]).split('\n'),
  }));
  return {
    ran,
    verdicts: byKey(({ verdict }) => verdict),
    messages: byKey(({ message }) => message),
    complaints: logged.flatMap(({ name, lines }) =>
      lines
        .filter((line) => / pairflight (?:ERROR|WARNING|PANIC|STATEMENT):/.test(line))
        .map((line) => `${name}: ${line}`),
    ),
    crowded: logged.flatMap(({ name, lines }) => crowdedIn(lines).map((line) => `${name}: ${line}`)),
  };
}

/** Lines in which a connection of the product's begins while two others of its are open. */
function crowdedIn(lines: readonly string[]): string[] {
  const open = new Set<string>();
  const found: string[] = [];
  for (const line of lines) {
    const [, process = '', event] =
      /\[(\d+)\] (?:\S+ )?LOG: {2}(connection authorized(?=.*application_name=pairflight)|disconnection)/.exec(line) ??
      [];
    if (event === 'disconnection') open.delete(process);
    else if (event !== undefined) {
      open.add(process);
      if (open.size > 2) found.push(line);
    }
  }
  return found;
}

/** A rule that does not apply demands nothing: it is as good as one that passes. */
const fine = (verdict: Verdict | undefined) => verdict === 'pass' || verdict === 'skip';

/** Findings of `now` that are judged otherwise than in `healthy`; one that came or went shows as `absent`. */
export function changes(healthy: Played, now: Played): Record<string, Verdict | 'absent'> {
  const keys = new Set([...Object.keys(healthy.verdicts), ...Object.keys(now.verdicts)]);
  const changed = [...keys].filter((key) => {
    const [before, after] = [healthy.verdicts[key], now.verdicts[key]];
    return before !== after && !(fine(before) && fine(after));
  });
  return Object.fromEntries(changed.sort().map((key) => [key, now.verdicts[key] ?? 'absent']));
}

/** Findings that are neither passed nor without demand. */
export function notPassed({ verdicts }: Played): Record<string, Verdict> {
  return Object.fromEntries(Object.entries(verdicts).filter(([, verdict]) => !fine(verdict)));
}
