/** Networks of a test's own: a namespace that ends with the command that ran in it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs a shell script in a network namespace with nothing but loopback; the words are its `$1`, `$2`... */
export async function inNamespace(script: string, words: string[] = []): Promise<string> {
  const argv = ['-n', '/bin/sh', '-euc', `ip link set lo up\n${script}`, 'namespace', ...words];
  const { stdout } = await promisify(execFile)('unshare', argv, { maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}
