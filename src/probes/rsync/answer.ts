/** What one dry run of a copy told: rsync's own exit status, its statistics, and the words of whatever kept it from comparing. */
import { Unreadable } from '../../core/errors.js';
import type { Output } from '../../core/model.js';
import { firstLine, groupsOf, neverRan, refusal, wholeNumber } from '../define.js';
import { hostKeyProblem, keyProblem, loginFailure } from '../ssh-batch.js';

/** How the login was tried. */
interface DryRun {
  key: string;
  address: string;
  as: string;
}

/** A directory's path without the slash at its end. */
export const bare = (path: string): string => path.replace(/\/+$/, '');

/** What one path's dry run told; a text is the noise that spoiled it. */
export function readDryRun(output: Output, params: DryRun, { remote, local }: { remote: string; local: string }) {
  if (neverRan(output)) throw new Unreadable(firstLine(output.stderr) || 'no rsync', 'not-found', 'command');
  if (output.exit !== 0) throw refusal(output);
  if (output.stdout === 'missing\nend\n') throw new Unreadable(`no directory ${local} on this host that can be seen`);
  const [exit] = groupsOf(/\nexit (\d+)\nend\n$/, output.stdout, 'the rsync script did not finish');
  const said = noiseOf(Number(exit), output.stderr);
  if (said !== undefined) return said;
  if (exit !== '0' && exit !== '24') throw failure({ ...output, exit: Number(exit) }, params, remote);
  return {
    vanished: exit === '24',
    changes: counted(output.stdout, /^changes (\d+)$/m),
    young: counted(output.stdout, /^young (\d+)$/m),
    listed: [...output.stdout.matchAll(/^named (.*)$/gm)].map(([, name = '']) =>
      `${bare(local)}/${name.replace(/\p{Cc}/gu, ' ')}`.slice(0, 400),
    ),
    files: counted(output.stdout, /^stat Number of (?:regular )?files transferred: ([\d.,']+)$/m),
    bytes: counted(output.stdout, /^stat Total transferred file size: ([\d.,']+) bytes$/m),
    totalFiles: counted(output.stdout, /^stat Number of files: ([\d.,']+)(?: \(.*\))?$/m),
    totalBytes: counted(output.stdout, /^stat Total file size: ([\d.,']+) bytes$/m),
    freeBytes: counted(output.stdout, /^free .*\s\d+\s+\d+\s+(\d+)\s+(?:\d+%|-)\s+\/.*$/m, 1024),
  };
}

/** rsync groups digits from 3.1 on, by the locale's mark. */
function counted(text: string, form: RegExp, unit = 1): number {
  const why = 'the rsync script told less than was asked for';
  const [marked = ''] = groupsOf(form, text, why);
  const digits = marked.replace(/[.,']/g, '');
  if (digits === '') throw new Unreadable(why);
  return wholeNumber(digits, unit);
}

/** What the login said where rsync expected the peer's; a peer that says nothing at all broke off, and proves nothing. */
function noiseOf(exit: number, stderr: string): string | undefined {
  const why = /is your shell clean|unexpected tag|protocol version mismatch|[Ii]nvalid (?:message|file index|packet)/;
  if (exit !== 2 && exit !== 12) return undefined;
  return why.test(stderr) ? wordsOf(stderr, why) : undefined;
}

function failure(output: Output & { exit: number }, params: DryRun, remote: string): Unreadable {
  const { exit, stderr } = output;
  const { address } = params;
  const ssh = keyProblem(output, params) ?? hostKeyProblem(output, params);
  if (ssh) return ssh;
  // rsync may see that ssh has closed before it sees how ssh ended: then it says 12 for what is otherwise 255.
  const unanswered = exit === 255 || (exit === 12 && stderr.includes('(0 bytes received so far)'));
  const login = unanswered ? loginFailure(output) : undefined;
  if (login) return new Unreadable(login.said, login.state === 'refused' ? 'denied' : 'unreachable', 'command');
  if (/change_dir .* failed: No such file or directory/.test(stderr))
    return new Unreadable(`no directory ${remote} on the peer ${address}`);
  if (exit === 23 && /Permission denied/.test(stderr))
    return new Unreadable(wordsOf(stderr, /Permission denied/), 'denied', 'command');
  if (exit === 30 || exit === 35)
    return new Unreadable(`rsync waited too long: ${wordsOf(stderr)}`, 'timeout', 'command');
  if (exit === 127 || /command not found|rsync: not found/.test(stderr))
    return new Unreadable(`the peer ${address} has no rsync for this login`, 'not-found', 'command');
  if (exit === 14) return new Unreadable(wordsOf(stderr), 'not-found', 'command');
  return new Unreadable(`rsync ended with exit ${exit}: ${wordsOf(stderr)}`);
}

/** The first line that says why; else the first of all. */
function wordsOf(stderr: string, why = /./): string {
  return firstLine(stderr.split('\n').find((line) => why.test(line)) ?? stderr);
}
