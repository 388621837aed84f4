/** Release gates: whether a rule, an expectation or a row is meant for what the hosts run, and why not. */

import { list } from '../core/format.js';
import type { ReleaseSource } from '../evidence/facts.js';
import { nameRelease, type Unread } from '../evidence/read-answer.js';
import type { Decision } from '../pack/releases.js';
import type { Scope } from '../plan/scope.js';

/** The decision on a bound, with the sentence for the finding it ends. */
export interface ReleaseBounds {
  decide(bound: string, hosts: string[]): { decision: Decision; why: string; next?: string };
  /** What explains that no release is known; empty when it is. */
  causes(hosts: string[]): Unread[];
}

/** Gates for one scope. Hosts that contradict each other, or the named release, decide nothing. */
export function releaseBounds(scope: Scope, source: ReleaseSource): ReleaseBounds {
  const { releases } = scope.pack;
  const all = scope.hosts.filter((host) => scope.pack.pair.includes(host.role)).map((host) => host.name);
  const knownOn = (hosts: string[]) =>
    hosts.flatMap((host) => {
      const build = source.buildOf(host);
      return build ? [{ host, ...build }] : [];
    });
  return {
    decide(bound, hosts) {
      if (bound === '*') return { decision: 'yes', why: '' };
      const own = knownOn(hosts);
      const known = own.length > 0 ? own : knownOn(all);
      const liar = scope.release && known.find((one) => scope.release && !releases.agree(one.release, scope.release));
      if (liar) {
        return {
          decision: 'undecided',
          why: `--release ${scope.releaseName} contradicts the build ${liar.text} of ${liar.host}`,
          next: 'run again without --release, or with the one that is installed',
        };
      }
      const decisions = new Set(
        known.map((one) => {
          const decision = releases.decide(bound, one.release);
          return decision === 'undecided' ? releases.decide(bound, scope.release) : decision;
        }),
      );
      if (known.length === 0) decisions.add(releases.decide(bound, scope.release));
      const installed =
        known.length > 0 ? list([...new Set(known.map((one) => one.text))]) : (scope.releaseName ?? 'not known');
      if (decisions.size > 1)
        return {
          decision: 'undecided',
          why: `the hosts run different releases (${installed}); the rule is for ${bound}`,
          next: 'install one release on all hosts, then run again',
        };
      const [decision = 'undecided'] = decisions;
      if (decision === 'undecided')
        return {
          decision,
          why: `the rule is for ${bound} and the installed release is ${installed}; give --release`,
          next: nameRelease,
        };
      return { decision, why: decision === 'no' ? `applies to ${bound}; installed: ${installed}` : '' };
    },
    causes: (hosts) =>
      knownOn(hosts).length > 0
        ? []
        : hosts.map((host) => ({ reason: 'the release is not known', host, at: 'context' as const })),
  };
}
