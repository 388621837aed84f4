/** Names by who says them: an inventory, and a host that is asked for nothing but names. */
import { isIP } from 'node:net';
import type { Evidence } from '../../core/model.js';
import type { Whence } from '../../evidence/texts.js';
import type { NamePseudonyms } from './names.js';

/** Gives pseudonyms to what an inventory calls a host or a person. */
export function noteInventory({ inventory, baseline }: Evidence, roles: string[], names: NamePseudonyms): void {
  const all = [inventory, ...(baseline ? [baseline.inventory] : [])];
  for (const { name: pair, hosts } of all) {
    for (const { name, address, reachedAs } of hosts) {
      if (!roles.includes(name)) names.host(name);
      for (const one of [address, reachedAs]) if (one !== undefined && isIP(one) === 0) names.host(one);
    }
    // Its name is often made of its hosts'.
    if (pair !== undefined) names.host(pair);
  }
  for (const { waivers, attest, settings, hosts } of all) {
    for (const { owner } of waivers) names.user(owner);
    for (const { by } of attest) names.user(by);
    for (const own of [settings, ...hosts.map((host) => host.settings)]) {
      for (const [name, value] of Object.entries(own))
        if (/user$/i.test(name) && typeof value === 'string') names.user(value);
    }
  }
}

/** Gives pseudonyms to an answer that is a name and nothing else. */
export function noteAnswer(text: string, { argv }: Whence, names: NamePseudonyms): void {
  const [program = '', ...rest] = argv ?? [];
  const asked = [program.replace(/^.*\//, ''), ...rest].join(' ');
  const said = text.trim();
  if (/^id -un$|^whoami$/.test(asked) && /^[A-Za-z_][\w.@\\-]*\$?$/.test(said)) names.user(said);
  if (/^hostname( -[sf])?$|^uname -n$|^cat \/etc\/hostname$/.test(asked) && /^[\w.-]+$/.test(said)) names.host(said);
  if (asked === 'cat /etc/hosts') {
    for (const [, listed = ''] of text.matchAll(/^\s*[\da-fA-F.:]+[ \t]+([^#\n]*)/gm))
      for (const name of listed.trim().split(/\s+/)) if (!/^(localhost|ip6-)/.test(name)) names.host(name);
  }
}
