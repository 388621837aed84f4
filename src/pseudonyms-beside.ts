/** Names in a text that nothing else tells, by what they stand beside: a prompt, a URL, a message on a connection. Pure. */

/** A part of a host's name between dots. */
export const label = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
/** `user@host`, as prompts, logins and messages write it. */
const login = new RegExp(`(?<![\\w.+%-])([A-Za-z_][\\w.-]*)@(${label}(?:\\.${label})*)`, 'g');
/** The host of a URL, and of what an NFS server exports. */
const url = new RegExp(`://(${label}(?:\\.${label})*)(?![\\w@])`, 'g');
const exported = new RegExp(`(?<![\\w./-])(${label}(?:\\.${label})+):/(?!/)`, 'g');
/** As messages on connections call a host and a login: pairflight's own, and OpenSSH's. */
const told = new RegExp(
  '(?:cannot connect to|the connection to|the host key of|at the jump host|resolve hostname|connect to host|ssh-keyscan -p \\d+) ' +
    `\\[?(${label}(?:\\.${label})*)`,
  'g',
);
const answering = new RegExp(
  `(?<![\\w.-])(${label}(?:\\.${label})*)(?: port \\d+)? (?:did not answer within|refused the login)`,
  'g',
);
const refused = /refused the login of ([A-Za-z_][\w.-]*)/g;
const home = /\/home\/([A-Za-z_][\w.-]*)/g;

/** Names by where they stand: `saidHosts` are called a host in so many words, `hosts` may be a word that means much else. */
export function namesBeside(text: string): { hosts: string[]; saidHosts: string[]; users: string[] } {
  const logins = [...text.matchAll(login)];
  const first = (patterns: RegExp[]) =>
    patterns.flatMap((pattern) => Array.from(text.matchAll(pattern), ([, name = '']) => name));
  return {
    users: [...logins.map(([, user = '']) => user), ...first([home, refused]).map((user) => user.replace(/[.]+$/, ''))],
    saidHosts: first([told, answering]),
    hosts: [...logins.map(([, , host = '']) => host), ...first([url, exported])],
  };
}
