/** openssl on a played host: when a PEM certificate ends. */
import { X509Certificate } from 'node:crypto';
import { type Answer, fails, says } from './answer.js';
import { allows } from './permissions.js';
import { onHost, type Runner } from './runner.js';
import { lookUp } from './tree.js';

/** `openssl x509 -noout -enddate -in PATH`, and nothing else. */
export function openssl(words: string[], runner: Runner): Answer {
  const path = /^x509 -noout -enddate -in (\/.*)$/.exec(words.join(' '))?.[1];
  if (path === undefined) return fails(`openssl: Invalid command '${words[0] ?? ''}'`);
  const real = onHost(path, runner);
  const entry = lookUp(runner.machine, real);
  if (entry?.kind !== 'file') return fails(`Can't open "${path}" for reading, No such file or directory`);
  if (!allows(real, 'r', runner)) return fails(`Can't open "${path}" for reading, Permission denied`);
  try {
    return says(`notAfter=${new X509Certificate(entry.text).validTo}\n`);
  } catch {
    return fails(`Could not read certificate from ${path}`);
  }
}
