/** The text of a new inventory: what was given, each field explained, and the parts that may be added commented out. Pure. */
import { parseDocument, stringify } from 'yaml';
import type { Host } from '../../core/model.js';
import type { Discovered } from '../../evidence/discover.js';
import type { Pack } from '../../pack/pack.js';

/** What a new inventory says. */
export interface Draft {
  name?: string;
  release?: string;
  hosts: Host[];
  settings: Record<string, unknown>;
}

/** How the text tells an editor of its schema, and the day that its examples are about (`2026-11-20`). */
export interface Setting {
  schema?: string;
  today: string;
}

/** Columns before the comments that explain a line. */
const CODE = 33;

/** Stands between a line and its comment until all lines are indented; no value can hold it unquoted. */
const GAP = '\0';

/** The inventory's text; `pairflight plan` takes it as it is. */
export function inventoryText(pack: Pack, draft: Draft, { schema, today }: Setting): string {
  const lines = [
    ...(schema === undefined ? [] : [`# yaml-language-server: $schema=${schema}`]),
    `# The hosts of ${pack.title}, for pairflight. It checks this file without asking them: pairflight plan`,
    draft.name === undefined
      ? said('# name: billing', 'what the pair is called in reports; absent: by its addresses')
      : `name: ${scalar(draft.name)}`,
    `product: ${scalar(pack.name)}`,
    draft.release === undefined
      ? said(`# release: ${quoted(pack.releases.table.at(-1)?.name ?? '1')}`, 'absent: read from the hosts')
      : said(`release: ${quoted(draft.release)}`, 'what the hosts tell must agree with it'),
    'hosts:',
    ...draft.hosts.flatMap((host, at) => indented(hostLines(host, at === 0))),
    ...indented(absentHosts(pack, draft)),
    ...settingLines(pack, draft),
    ...optionalLines(pack, draft, today),
  ];
  return `${lines.map(aligned).join('\n')}\n`;
}

/** A line with its comment in the column that all comments stand in. */
export function aligned(line: string): string {
  const [code = '', comment] = line.split(GAP);
  return comment === undefined ? code : `${code.padEnd(CODE)} # ${comment}`;
}

/** A host; `explained`: with comments on what its fields mean. */
export function hostLines({ name, role, address, connection, via, ssh, settings }: Host, explained: boolean): string[] {
  const why = (line: string, reason: string) => (explained ? said(line, reason) : line);
  const keys = Object.entries(ssh).map(([key, value]) => `${key}: ${scalar(value)}`);
  return [
    `${name}:`,
    ...indented([
      `role: ${scalar(role)}`,
      why(`address: ${scalar(address)}`, 'IPv4: by it the other host reaches this one'),
      ...(via === undefined ? [] : [said(`via: ${scalar(via)}`, 'the host that asks it')]),
      // An endpoint is asked over HTTP, and nobody logs in to it.
      ...(connection === 'ssh' && keys.length > 0 ? loginLines(keys, explained) : []),
      ...(Object.keys(settings).length > 0 ? ['settings:', ...indented(pairs(settings))] : []),
    ]),
  ];
}

function loginLines(keys: string[], explained: boolean): string[] {
  const ssh = explained ? said('ssh:', 'how this machine logs in; the rest says ~/.ssh/config') : 'ssh:';
  const hints = [
    '# identityFile: ~/.ssh/id_ed25519',
    said('# sudoPasswordEnv: SUDO_PASSWORD', 'the variable with it, where sudo asks'),
  ];
  return [ssh, ...indented(keys), ...(explained ? [`  ${hints[0]}`, `${hints[1]}`] : [])];
}

/** Roles that the product knows and that no host has. */
export function absentHosts({ roles }: Pack, { hosts }: Draft): string[] {
  const absent = Object.entries(roles).filter(([role]) => !hosts.some((host) => host.role === role));
  return absent.flatMap(([role, { title }], at) => [
    said(`# ${role}:`, `${title}, where there is one`),
    `#   role: ${role}`,
    `#   address: 10.0.0.${at + 3}`,
  ]);
}

/** The settings that were given, and those that `init` asks for, with the default that holds without them. */
export function settingLines(pack: Pack, { hosts, settings }: Draft): string[] {
  const asked = Object.entries(pack.settings).filter(
    ([name, { ask, default: usual }]) =>
      ask !== undefined && usual !== undefined && !(name in settings) && !hosts.some((host) => name in host.settings),
  );
  const given = Object.entries(settings).flatMap(([name, value]) => {
    const [first = '', ...more] = pairs({ [name]: value });
    return [more.length > 0 ? first : said(first, pack.settings[name]?.title ?? ''), ...more];
  });
  const defaults = asked.map(([name, { default: usual, title }]) => said(`# ${pairs({ [name]: usual })[0]}`, title));
  if (given.length > 0) return ['settings:', ...indented([...given, ...defaults])];
  return defaults.length > 0 ? ['# settings:', ...defaults.map((line) => line.replace('# ', '#   '))] : [];
}

/** What else an inventory may hold, with examples that hold as they are. */
function optionalLines(pack: Pack, { hosts }: Draft, today: string): string[] {
  const rule = pack.rules.find((one) => !one.guard)?.id;
  const [gap] = pack.notVerified;
  const [from = '', to = from] = pack.pair;
  const host = hosts.findLast((one) => one.role === to)?.name ?? to;
  const until = quoted(nextYear(today));
  const example = (key: string, why: string, fields: string) => [said(`# ${key}:`, why), `#   - { ${fields} }`];
  return [
    '#',
    '# What may be added:',
    ...(pack.rules.some(({ each }) => each === 'ports')
      ? example(
          'ports',
          'ports that the product uses here beside its own',
          `port: 9999, name: events, from: ${from}, to: ${to}`,
        )
      : []),
    ...(rule === undefined
      ? []
      : example(
          'waivers',
          'failures that somebody accepts, to the end of a day (UTC)',
          `rule: ${rule}, host: ${host}, reason: rolling patch, owner: ops, until: ${until}`,
        )),
    ...(gap === undefined
      ? []
      : example(
          'attest',
          "somebody's word on what pairflight cannot verify",
          `what: ${gap.id}, by: ops on duty, when: ${quoted(today)}, until: ${until}`,
        )),
  ];
}

/** The same day a year later. */
export function nextYear(day: string): string {
  return day.replace(/^\d+/, (year) => String(Number(year) + 1)).replace(/-02-29$/, '-02-28');
}

/** A line with a comment behind it. */
export function said(line: string, comment: string): string {
  return comment === '' ? line : `${line}${GAP}${comment.replace(/\s+/g, ' ').trim()}`;
}

/** Lines that belong to the one above them. */
export function indented(lines: string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function pairs(values: Record<string, unknown>): string[] {
  return stringify(values, { lineWidth: 0 }).trimEnd().split('\n');
}

/** A value as YAML has it. */
export function scalar(value: unknown): string {
  return stringify(value, { lineWidth: 0 }).trimEnd();
}

/** A text that must stay one. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** The text with the settings: those of all hosts once, those of one host with it. */
export function withSettings(text: string, { settings, byHost }: Discovered): string {
  const document = parseDocument(text);
  const hosts = Object.keys((document.toJS() as { hosts: object }).hosts);
  for (const [name, value] of Object.entries(settings)) {
    document.setIn(['settings', name], value);
    // What one host had for itself would win over it.
    for (const host of hosts)
      if (document.hasIn(['hosts', host, 'settings', name])) document.deleteIn(['hosts', host, 'settings', name]);
  }
  for (const [host, own] of Object.entries(byHost)) {
    for (const [name, value] of Object.entries(own)) document.setIn(['hosts', host, 'settings', name], value);
  }
  return document.toString({ lineWidth: 0 });
}
