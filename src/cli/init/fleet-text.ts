/** The text of a new fleet: what its pairs have in common, one pair, and the parts that may be added commented out. Pure. */
import type { Pack } from '../../pack/pack.js';
import {
  absentHosts,
  aligned,
  type Draft,
  hostLines,
  indented,
  nextYear,
  quoted,
  said,
  scalar,
  settingLines,
} from './text.js';

/** What a fleet and its first pair are called, and the day that its examples are about. */
export interface FleetNames {
  fleet: string;
  pair: string;
  today: string;
}

/** The fleet's text; `pairflight fleet plan` takes it as it is. */
export function fleetText(pack: Pack, draft: Draft, { fleet, pair, today }: FleetNames): string {
  const rule = pack.rules.find((one) => !one.guard)?.id;
  const [gap] = pack.notVerified;
  const until = quoted(nextYear(today));
  const settings = settingLines(pack, draft);
  const lines = [
    `# Pairs of ${pack.title}, for pairflight. It checks this file without asking a host: pairflight fleet plan FILE`,
    said(`fleet: ${scalar(fleet)}`, 'what the whole is called in reports'),
    said('defaults:', 'below each pair: what a pair says itself wins'),
    ...indented([
      `product: ${scalar(pack.name)}`,
      draft.release === undefined
        ? said(`# release: ${quoted(pack.releases.table.at(-1)?.name ?? '1')}`, 'absent: read from the hosts')
        : `release: ${quoted(draft.release)}`,
      said('# ssh: { user: ops, identityFile: ~/.ssh/id_ed25519 }', 'the rest says ~/.ssh/config'),
      said('# sudoPasswordEnv: SUDO_PASSWORD', 'the variable with it, where sudo asks'),
      ...settings,
    ]),
    'pairs:',
    ...indented([
      said(`${scalar(pair)}:`, 'the name of the pair: its folder, its row in every report'),
      ...indented([
        said('# labels: { site: fra }', '--where site=fra asks the pairs that have it'),
        'hosts:',
        ...draft.hosts.flatMap((host, at) => indented(hostLines(host, at === 0))),
        ...indented(absentHosts(pack, draft)),
      ]),
    ]),
    '#',
    '# What may be added:',
    said('# include: [inventories/*.yaml]', 'ordinary inventories, each a pair by the name of its file'),
    ...(rule === undefined
      ? []
      : [
          said('# waivers:', 'failures that somebody accepts, on the pairs of a label, or of names, or on all'),
          `#   - { where: { site: fra }, rule: ${rule}, reason: drill, owner: ops, until: ${until} }`,
        ]),
    ...(gap === undefined
      ? []
      : [
          said('# attest:', "somebody's word on what pairflight cannot verify, for these pairs or for all"),
          `#   - { pairs: [${scalar(pair)}], what: ${gap.id}, by: ops on duty, when: ${quoted(today)}, until: ${until} }`,
        ]),
  ];
  return `${lines.map(aligned).join('\n')}\n`;
}
