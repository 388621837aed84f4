/** Whether one host logs in to the other with a key, as a product's own copying does: without a question, and in silence. */
import { Unreadable } from '../core/errors.js';
import type { Output } from '../core/model.js';
import { closed, command, contextName, defineProbe, firstLine, hostAddress, ran, refusal } from './define.js';

interface Params {
  key: string;
  user: string;
  address: string;
  as: string;
}

/** Words before the key: no configuration is read, no question asked, no file written (ssh would keep new host keys by itself). */
export const SSH_OPTIONS = [
  ...['-F', 'none', '-n', '-T', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes', '-o', 'UpdateHostKeys=no'],
  ...['-o', 'ControlPath=none', '-o', 'IdentitiesOnly=yes', '-o', 'ConnectTimeout=10', '-i'],
] as const;

/** A key's path without what ssh expands in it. */
export const sshKey = { type: 'string', pattern: '^/[A-Za-z0-9_@.+/-]*$', maxLength: 4096 };
/** A login's name; never an option. */
export const sshUser = { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_.-]*\\$?$', maxLength: 255 };

/** `silent` is what a product needs: any word on the way (a banner, a warning) is taken for the answer of what it runs. */
export const sshBatch = defineProbe<Params, unknown>({
  id: 'ssh-batch',
  title: "Whether this host's ssh logs in to the peer with a key, without questions and in silence",
  on: 'pair',
  params: closed({ key: sshKey, user: sshUser, address: hostAddress, as: contextName }),
  value: closed({ state: { enum: ['silent', 'noisy', 'refused', 'unreachable'] }, said: { type: 'string' } }, ['said']),
  restless: ['said'],
  ask: ({ key, user, address, as }) => [
    command(['ssh', ...SSH_OPTIONS, key, '-l', user, address, 'true'], as, { timeoutMs: 30_000, maxBytes: 64 * 1024 }),
  ],
  read(outputs, params) {
    const output = ran(outputs);
    const problem = keyProblem(output, params) ?? hostKeyProblem(output, params);
    if (problem) throw problem;
    const said = firstLine(`${output.stderr}\n${output.stdout}`);
    if (output.exit === 0)
      return output.stdout === '' && output.stderr === '' ? { state: 'silent' } : { state: 'noisy', said };
    // 255 is ssh's own; any other status is that of whatever stood in for `true` on the peer, or for ssh here.
    const failure = output.exit === 255 ? loginFailure(output) : undefined;
    if (failure === undefined) throw refusal(output);
    return failure;
  },
});

/** Why ssh could not log in, in its own words; undefined where it says something else. */
export function loginFailure({ stderr }: Output): { state: 'refused' | 'unreachable'; said: string } | undefined {
  const failure = failures.find(([, pattern]) => pattern.test(stderr));
  if (!failure) return undefined;
  const [state, why] = failure;
  return { state, said: firstLine(stderr.split('\n').find((line) => why.test(line)) ?? '') };
}

const failures: ['refused' | 'unreachable', RegExp][] = [
  ['refused', /Permission denied \(|Too many authentication failures|No supported authentication methods/],
  ['unreachable', /Connection refused|timed out|No route to host|unreachable|Could not resolve hostname|Host is down/i],
];

/** Without the key there is nothing to ask: the path is a setting, and the setting may be wrong. */
export function keyProblem({ stderr }: Output, { key }: Pick<Params, 'key'>): Unreadable | undefined {
  if (/^(?:Warning: )?Identity file .* not accessible: No such file or directory\.?\s*$/m.test(stderr))
    return new Unreadable(`no key file ${key} there; set settings.replicationKey`);
  const [unreadable] =
    /^(?:Warning: )?Identity file .* not accessible: .*$|^Load key .*: Permission denied\s*$/m.exec(stderr) ?? [];
  return unreadable === undefined ? undefined : new Unreadable(firstLine(unreadable), 'denied', 'command');
}

/** A peer that cannot be told from a stranger was not asked: neither its answer nor its silence is one. */
export function hostKeyProblem(
  { exit, stderr }: Output,
  { address, as }: Omit<Params, 'key' | 'user'>,
): Unreadable | undefined {
  if (exit === 0) return undefined;
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED/.test(stderr))
    return new Unreadable(`the peer ${address} shows another host key than the one that is known to ${userOf(as)}`);
  if (!/Host key verification failed|host key is known for/.test(stderr)) return undefined;
  return new Unreadable(`the peer's host key is not known to ${userOf(as)} (${address} in known_hosts)`);
}

function userOf(as: string): string {
  return as === 'login' ? 'the login' : as === 'root' ? 'root' : `the ${as} shell's user`;
}
