/** Discovery: settings that only the hosts know, read once and written into the inventory. */

import type { Evidence, Step } from '../core/model.js';
import { fitsSetting } from '../pack/settings.js';
import { hostsOf, type Scope } from '../plan/scope.js';
import { packFacts, planFacts } from '../plan/steps.js';
import { readPath } from './facts.js';
import { EvidenceFacts } from './facts-in-evidence.js';
import { isRead } from './read-answer.js';

/** What was found: settings that all hosts agree on, those of single hosts, and what could not be read. */
export interface Discovered {
  settings: Record<string, unknown>;
  byHost: Record<string, Record<string, unknown>>;
  gaps: string[];
}

/** The steps that discovery needs: the facts of the settings, and those that tell the release. */
export function discoverySteps(scope: Scope): Step[] {
  const { discover, build } = scope.pack;
  return planFacts(scope, [...Object.values(discover), ...(build === undefined ? [] : [build])]);
}

/** Reads the settings out of evidence. */
export function discover(scope: Scope, evidence: Evidence): Discovered {
  const facts = new EvidenceFacts(scope, evidence);
  const found: Discovered = { settings: {}, byHost: {}, gaps: [] };
  const hosts = hostsOf(scope, scope.pack.pair).map((host) => host.name);
  for (const [setting, path] of Object.entries(scope.pack.discover)) {
    const readings = hosts.map((host) => ({
      host,
      reading: readPath(facts, packFacts(scope), path, { kind: 'host', host }),
    }));
    for (const { host, reading } of readings)
      if (!isRead(reading)) found.gaps.push(`${setting} on ${host}: ${reading.unread.reason}`);
    const values = readings
      .flatMap(({ host, reading }) => (isRead(reading) ? [{ host, value: reading.value }] : []))
      .filter(({ host, value }) => {
        const fits = fitsSetting(scope.pack.settings, setting, value);
        if (!fits)
          found.gaps.push(`${setting} on ${host}: the answer ${JSON.stringify(value)} is no value of this setting`);
        return fits;
      });
    const [first] = values;
    if (first && values.length === hosts.length && values.every(({ value }) => value === first.value))
      found.settings[setting] = first.value;
    else for (const { host, value } of values) found.byHost[host] = { ...found.byHost[host], [setting]: value };
  }
  return found;
}
