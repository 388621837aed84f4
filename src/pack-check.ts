/** Whether a pack's parts fit together: every name that one part uses is declared in another. */
import { UsageError } from './errors.js';
import { conditionsOf, factOf, referencesOf, sourcesOf } from './expectation.js';
import type { FactDefinition, JsonSchema, Rule } from './model.js';
import type { Pack } from './packs.js';
import { forbidden } from './readonly.js';
import { settingsUsed } from './settings.js';
import { suggestion } from './validation.js';

/** Refuses a pack with a dangling name. @throws UsageError with the place of the rule or of pack.yaml. */
export function checkPack(pack: Pack, at: (path: (string | number)[]) => string): void {
  const must = (holds: boolean, place: string, what: string) => {
    if (!holds) throw new UsageError(`${place}: ${what}`);
  };
  const named = (word: string, known: string[], place: string, kind: string) =>
    must(known.includes(word), place, `unknown ${kind} "${word}"${suggestion(word, known)}`);

  for (const role of pack.pair) named(role, Object.keys(pack.roles), at(['pair']), 'role');
  for (const [name, context] of Object.entries(pack.contexts)) {
    must(context.enter.includes('{shell}'), at(['contexts', name]), 'enter needs the word {shell}, where the shell stands');
    usesSettings(pack, context.enter, at(['contexts', name]));
  }
  for (const id of pack.declared) {
    const asks = pack.probes.get(id)?.ask({}, { name: '', role: '', address: '', connection: 'none' }) ?? [];
    for (const ask of asks) {
      if (ask.kind !== 'exec') continue;
      named(ask.as, ['login', 'root', ...Object.keys(pack.contexts)], at(['commands', id, 'as']), 'context');
      const reason = forbidden(ask.argv, pack.never);
      must(reason === undefined, at(['commands', id, 'argv']), reason ?? '');
    }
  }
  for (const [index, row] of pack.ports.entries()) {
    const fault = row.releases === undefined ? undefined : pack.releases.faultOf(row.releases);
    must(fault === undefined, at(['ports', index, 'releases']), fault ?? '');
  }
  for (const [setting, path] of Object.entries(pack.discover)) {
    named(setting, Object.keys(pack.settings), at(['discover', setting]), 'setting');
    named(path.split('.')[0] ?? '', Object.keys(pack.facts), at(['discover', setting]), 'fact');
    checkPath(pack, pack.facts, path, at(['discover', setting]));
  }
  for (const [name, fact] of Object.entries(pack.facts)) checkFact(pack, pack.facts, name, fact, at(['facts', name]));
  const seen = new Set<string>();
  for (const rule of pack.rules) {
    must(!seen.has(rule.id), rule.at, `the rule id ${rule.id} is there twice`);
    seen.add(rule.id);
    checkRule(pack, rule);
  }
  must(pack.rules.length > 0, at([]), 'the pack has no rules');
}

function checkRule(pack: Pack, rule: Rule): void {
  const named = (word: string, known: string[], kind: string) => {
    if (!known.includes(word)) throw new UsageError(`${rule.at}: ${rule.id}: unknown ${kind} "${word}"${suggestion(word, known)}`);
  };
  if (!rule.id.startsWith(`${pack.name}/`)) throw new UsageError(`${rule.at}: the rule id ${rule.id} must begin with ${pack.name}/`);
  const roles = Object.keys(pack.roles);
  named(rule.source.doc, Object.keys(pack.documents), 'document');
  for (const phase of rule.phases) named(phase, Object.keys(pack.phases), 'phase');
  for (const role of rule.hosts ?? []) named(role, roles, 'role');
  const facts = { ...pack.facts, ...rule.facts };
  for (const [name, fact] of Object.entries(rule.facts)) checkFact(pack, facts, name, fact, `${rule.at}: ${rule.id}`);
  for (const bound of [rule.releases, ...rule.expect.flatMap((one) => one.releases ?? [])]) {
    const fault = pack.releases.faultOf(bound);
    if (fault !== undefined) throw new UsageError(`${rule.at}: ${rule.id}: ${fault}`);
  }
  const used = new Set<string>();
  for (const expectation of rule.expect) {
    for (const phase of expectation.phases ?? []) named(phase, rule.phases, 'phase of this rule');
    for (const role of expectation.hosts ?? []) named(role, roles, 'role');
    for (const condition of conditionsOf(expectation)) {
      usesSettings(pack, condition, `${rule.at}: ${rule.id}`);
      const dependent = settingsUsed(condition).find((setting) => pack.settings[setting]?.by_release);
      if (dependent) throw new UsageError(`${rule.at}: ${rule.id}: an expectation cannot use ${dependent}, which the release decides; use it in a fact`);
      const name = factOf(condition);
      const paths = [...(name === undefined ? [] : [condition.path]), ...referencesOf(condition).map((reference) => reference.path)];
      for (const path of paths) {
        const [fact = ''] = path.split('.');
        named(fact, Object.keys(rule.facts), 'fact');
        used.add(fact);
        checkPath(pack, facts, path, `${rule.at}: ${rule.id}`);
      }
      for (const { who } of referencesOf(condition)) named(who, ['self', 'peer', ...roles], 'host');
    }
  }
  for (const phase of rule.phases) {
    if (!rule.expect.some((one) => !one.phases || one.phases.includes(phase))) {
      throw new UsageError(`${rule.at}: ${rule.id}: expects nothing in the phase ${phase}`);
    }
  }
  for (const fact of Object.values(rule.facts)) for (const source of sourcesOf(fact)) used.add(source.split('.')[0] ?? '');
  for (const name of Object.keys(rule.facts)) {
    if (!used.has(name)) throw new UsageError(`${rule.at}: ${rule.id}: the fact "${name}" is not used by any expectation`);
  }
}

function checkFact(pack: Pack, facts: Record<string, FactDefinition>, name: string, fact: FactDefinition, place: string): void {
  if ('probe' in fact) {
    const probe = pack.probes.get(fact.probe);
    if (!probe) throw new UsageError(`${place}: unknown probe "${fact.probe}"${suggestion(fact.probe, [...pack.probes.keys()])}`);
    usesSettings(pack, fact.with, place);
    return;
  }
  const sources = sourcesOf(fact);
  if (sources.length === 0) {
    throw new UsageError(`${place}: the fact "${name}" needs a probe or a source; right is { probe: filesystem, with: { path: /data } }`);
  }
  for (const source of sources) {
    const [origin = ''] = source.split('.');
    if (!facts[origin] || origin === name) throw new UsageError(`${place}: unknown fact "${origin}"${suggestion(origin, Object.keys(facts))}`);
    checkPath(pack, facts, source, place);
  }
}

/** Whether a path's properties exist in the schema of the probe's value. */
function checkPath(pack: Pack, facts: Record<string, FactDefinition>, path: string, place: string): void {
  const [name = '', ...properties] = path.split('.');
  const fact = facts[name];
  if (!fact) return;
  const known: JsonSchema | undefined =
    'probe' in fact ? pack.probes.get(fact.probe)?.value : 'captures' in fact || 'addresses' in fact || 'sum' in fact || 'first' in fact ? undefined : { properties: { value: {} }, additionalProperties: false };
  let schema = known;
  for (const property of properties) {
    if (schema?.properties === undefined) return;
    if (!(property in schema.properties)) {
      throw new UsageError(`${place}: the fact "${name}" has no "${property}"${suggestion(property, Object.keys(schema.properties))}`);
    }
    schema = schema.properties[property];
  }
}

function usesSettings(pack: Pack, value: unknown, place: string): void {
  for (const name of settingsUsed(value)) {
    if (!pack.settings[name]) throw new UsageError(`${place}: unknown setting "${name}"${suggestion(name, Object.keys(pack.settings))}`);
  }
}
