/** Names in a text that nothing else tells, by what they stand beside: a prompt, a URL, a message on a connection. Pure. */

/** A part of a host's name between dots. */
export const label = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
/** `user@host`, as prompts, logins and messages write it. */
const login = new RegExp(`(?<![\\w.+%-])([A-Za-z_][\\w.-]*)@(${label}(?:\\.${label})*)`, 'g');
/** The host of a URL, which another may hold encoded, and of what an NFS server exports. */
const url = new RegExp(`(?::|%3A)(?://|\\\\/\\\\/|%2F%2F)(${label}(?:\\.${label})*)(?![\\w@])`, 'gi');
const exported = new RegExp(`(?<![\\w./-])(${label}(?:\\.${label})+):/(?!/)`, 'g');
/** The server of a mount, as /proc/self/mountinfo and /proc/mounts print it. */
const network = '(?:nfs4?|cifs|smb3|ceph|lustre|(?:fuse\\.)?glusterfs|fuse\\.(?:sshfs|ceph))';
const mounted = new RegExp(` - ${network} (?://)?(${label}(?:\\.${label})*)[:/]`, 'g');
const listed = new RegExp(`^(?://)?(${label}(?:\\.${label})*)[:/]\\S* \\S+ ${network} `, 'gm');
/** A host that an API tells of, by what such fields are called; within a text of JSON they are escaped. */
const field = new RegExp(`\\\\?"(?:host|node)(?:_?name)?\\\\?" ?: ?\\\\?"(${label}(?:\\.${label})*)\\\\?"`, 'gi');
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
    saidHosts: first([told, answering, mounted, listed, field]),
    hosts: [...logins.map(([, , host = '']) => host), ...first([url, exported])],
  };
}
