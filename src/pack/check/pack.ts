/** Whether a pack's parts fit together: every name that one part uses is declared in another. */

import { builtinProbes } from '../../probes/index.js';
import { forbidden } from '../../probes/read-only.js';
import { vocabulary } from '../condition.js';
import { declaredAsks } from '../declared.js';
import { schemaFault } from '../matchers.js';
import type { Pack } from '../pack.js';
import { isMany, isReserved } from '../roles.js';
import { phaseSentences, rolesInSentence } from '../sentences.js';
import { checkSettings, settingsUsed } from '../settings.js';
import { checkFact, usesSettings } from './fact.js';
import { checkHostPath } from './fact-value.js';
import { checkPorts } from './ports.js';
import { must, mustBound, mustKnow, type PlaceInPack } from './refuse.js';
import { checkRule } from './rule.js';

/** Refuses a pack with a dangling name. @throws UsageError with the place of the rule or of pack.yaml. */
export function checkPack(pack: Pack, at: PlaceInPack): void {
  for (const role of Object.keys(pack.roles)) {
    must(
      !vocabulary.includes(role),
      at(['roles', role]),
      `"${role}" is a word of the rules; give the role another name`,
    );
    must(!isReserved(role), at(['roles', role]), `--${role} is an option already; give the role another name`);
  }
  for (const [name, phase] of Object.entries(pack.phases)) {
    for (const kind of phaseSentences)
      for (const [, word = ''] of phase[kind]?.matchAll(rolesInSentence) ?? [])
        mustKnow(word, Object.keys(pack.roles), at(['phases', name, kind]), 'role');
  }
  for (const role of pack.pair) mustKnow(role, Object.keys(pack.roles), at(['pair']), 'role');
  const [role = '', other] = pack.pair;
  must(role !== other, at(['pair']), 'a pair is two roles; right is [primary, secondary]');
  const compared = other !== undefined || (pack.roles[role] && isMany(pack.roles[role]));
  must(compared === true, at(['pair']), `one role alone is compared where it has several hosts; right is count: "2.."`);
  const asked = pack.pair.find((one) => pack.roles[one]?.endpoint);
  must(asked === undefined, at(['pair']), `${asked} is an endpoint; the hosts that are compared are logged in to`);
  checkDeclaredSettings(pack, at);
  checkContexts(pack, at);
  for (const id of pack.declared) checkCommand(pack, id, at);
  checkPorts(pack, at);
  for (const name of Object.keys(pack.facts)) checkFact(pack, pack.facts, name, at(['facts', name]));
  if (pack.build !== undefined) checkHostPath(pack, pack.facts, pack.build, at(['build']));
  for (const [setting, path] of Object.entries(pack.discover)) {
    mustKnow(setting, Object.keys(pack.settings), at(['discover', setting]), 'setting');
    checkHostPath(pack, pack.facts, path, at(['discover', setting]));
  }
  checkNotVerified(pack, at);
  const seen = new Set<string>();
  for (const rule of pack.rules) {
    must(!seen.has(rule.id), rule.at, `the rule id ${rule.id} is there twice`);
    seen.add(rule.id);
    checkRule(pack, rule);
  }
}

function checkDeclaredSettings(pack: Pack, at: PlaceInPack): void {
  const { settings } = pack;
  for (const [name, { by_release: cases = [], ...one }] of Object.entries(settings)) {
    if ('default' in one) checkSettings(settings, { [name]: one.default }, () => at(['settings', name, 'default']));
    for (const [index, { releases, value }] of cases.entries()) {
      const place = (key: string) => at(['settings', name, 'by_release', index, key]);
      mustBound(pack, releases, place('releases'));
      checkSettings(settings, { [name]: value }, () => place('value'));
    }
  }
}

function checkContexts(pack: Pack, at: PlaceInPack): void {
  for (const [name, { enter, user }] of Object.entries(pack.contexts)) {
    const place = at(['contexts', name]);
    must(name !== 'login' && name !== 'root', place, `"${name}" is the host's own; give the context another name`);
    must(enter.includes('{shell}'), place, 'enter needs the word {shell}, where the shell stands');
    usesSettings(pack, enter, place);
    usesSettings(pack, [user], place);
    // The programs that enter (chroot, su) are allowed here and nowhere else, so they are not the first word that is judged.
    const reason = forbidden(['enter', ...enter], pack.never);
    must(reason === undefined, at(['contexts', name, 'enter']), reason ?? '');
  }
}

function checkCommand(pack: Pack, id: string, at: PlaceInPack): void {
  const place = at(['commands', id]);
  const taken = builtinProbes.some((probe) => probe.id === id);
  must(!taken, place, `"${id}" is a probe of pairflight itself; give the command another name`);
  const { exits, parse } = pack.text.written.commands?.[id] ?? {};
  const both = exits !== undefined && parse?.outcome !== undefined;
  must(!both, at(['commands', id, 'exits']), 'every exit is an outcome; right is parse: { outcome: {} } without exits');
  const probe = pack.probes.get(id);
  const fault = probe && schemaFault(probe.params);
  must(fault === undefined, at(['commands', id, 'params']), `${fault}; right is params: { key: { type: string } }`);
  for (const ask of declaredAsks(pack, id)) {
    mustKnow(ask.as, ['login', 'root', ...Object.keys(pack.contexts)], at(['commands', id, 'as']), 'context');
    const reason = forbidden(ask.argv, pack.never);
    must(reason === undefined, at(['commands', id, 'argv']), reason ?? '');
    usesSettings(pack, ask.argv, at(['commands', id, 'argv']), Object.keys(probe?.params.properties ?? {}));
    must(settingsUsed(ask.argv[0]).length === 0, at(['commands', id, 'argv']), 'a command names its program itself');
  }
}

function checkNotVerified(pack: Pack, at: PlaceInPack): void {
  for (const [index, { id, phases, releases, unless_set: setting, source }] of pack.notVerified.entries()) {
    const place = (...path: (string | number)[]) => at(['not_verified', index, ...path]);
    must(pack.notVerified.findIndex((one) => one.id === id) === index, place('id'), `the id ${id} is there twice`);
    for (const [number, phase] of phases.entries())
      mustKnow(phase, Object.keys(pack.phases), place('phases', number), 'phase');
    mustBound(pack, releases, place('releases'));
    if (setting !== undefined) mustKnow(setting, Object.keys(pack.settings), place('unless_set'), 'setting');
    mustKnow(source.doc, Object.keys(pack.documents), place('source', 'doc'), 'document');
  }
}
