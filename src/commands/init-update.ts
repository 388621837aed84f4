/** Puts discovered settings into the text of an inventory: all else that somebody wrote there stays, comments too. Pure. */
import { parseDocument } from 'yaml';
import type { Discovered } from '../evidence/discover.js';

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
