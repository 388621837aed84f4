/** Keys and known hosts that a plain configuration leads to and that ssh alone understands. */
import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/** The files of one login. */
export interface LoginFiles {
  /** Private keys, in the words of `ssh -G`; those that do not exist are passed over. */
  identities: readonly string[];
  /** Files of host keys. */
  knownHosts: readonly string[];
}

/** More of a file does not say what it is. */
const HEAD_BYTES = 4096;

/** Why ssh itself has to use these files; undefined where ssh2 can. */
export function onlySshReads({ identities, knownHosts }: LoginFiles): string | undefined {
  const keys = identities.map(atHome);
  const certified = keys.find((file) => existsSync(`${file}-cert.pub`) && existsSync(file));
  if (certified !== undefined) return `${certified} has a certificate`;
  const strange = keys.find((file) => isStrange(textOf(file)));
  if (strange !== undefined) return `${strange} is a key that ssh2 cannot read`;
  const authority = knownHosts.map(atHome).find((file) => /^[ \t]*@cert-authority[ \t]/m.test(textOf(file)));
  return authority === undefined ? undefined : `${authority} names a certificate authority`;
}

/** A key of a security key, in PKCS#8, or encrypted as ssh2 cannot undo it. */
function isStrange(text: string): boolean {
  const [, kind, body = ''] = /^-----BEGIN (.*)PRIVATE KEY-----$([\s\S]*)/m.exec(text.slice(0, HEAD_BYTES)) ?? [];
  if (kind === undefined) return false;
  if (kind !== 'OPENSSH ') return kind === '' || kind === 'ENCRYPTED ';
  const blob = Buffer.from(body, 'base64').toString('latin1');
  return /chacha20-poly1305@openssh\.com|sk-(ssh|ecdsa)-/.test(blob);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

/** ssh takes the home from the list of users. */
const atHome = (file: string) => (file.startsWith('~/') ? join(userInfo().homedir, file.slice(2)) : file);
