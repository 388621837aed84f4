/** Whether a user may read a file: the permissions of all that lies on the way to it. Nobody's rights are taken on for that. */
import { Unreadable } from '../../core/errors.js';
import type { Output } from '../../core/model.js';
import { answer, firstLine, groupsOf, ran, refusal, saysMissing, wholeNumber } from '../define.js';

/**
 * Takes a path. Says first whether ls marks access lists; then, from the root on, what each directory is and at last the
 * path's end, every link followed on its own way: each of them can keep a user out.
 */
export const permissionsScript = `case $(ls --version 2>/dev/null) in *GNU*) echo marks ;; *) echo plain ;; esac
r=\${1#/} c= n=0
echo at /
ls -ldn / || exit 1
while [ -n "$r" ]; do
  f=\${r%%/*}
  case $r in */*) r=\${r#*/} ;; *) r= ;; esac
  case $f in '' | .) continue ;; ..) c=\${c%/*}; continue ;; esac
  if [ -L "$c/$f" ]; then
    n=$((n + 1))
    if [ $n -gt 40 ]; then break; fi
    t=$(readlink "$c/$f") || exit 1
    case $t in /*) c= ;; esac
    r=$t\${r:+/$r}
    continue
  fi
  c=$c/$f
  printf 'at %s\\n' "$c"
  ls -ldn "$c" || exit 1
done
if [ $n -le 40 ]; then echo end; fi
`;

/** A directory on the way, or what lies at its end. */
interface Component {
  path: string;
  kind: 'file' | 'directory' | 'other';
  /** The nine letters of ls. */
  mode: string;
  /** An access list says more than the mode; `unseen`: this ls does not tell. */
  list: 'none' | 'there' | 'unseen';
  owner: number;
  group: number;
  /** Of a file. */
  bytes?: number;
}

/** Who wants to read. */
interface Reader {
  user: string;
  uid: number;
  groups: number[];
}

/** The components of a path; undefined where nothing is there. @throws Unreadable */
export function readComponents(output: Output): Component[] | undefined {
  if (output.exit !== 0) {
    if (saysMissing({ ...output, stdout: '' }, 'ls')) return undefined;
    throw refusal(output);
  }
  const [marks, ...lines] = output.stdout.split('\n');
  if ((marks !== 'marks' && marks !== 'plain') || lines.pop() !== '' || lines.pop() !== 'end' || lines.length % 2 !== 0)
    throw new Unreadable('the way to the file was not told whole');
  const components: Component[] = [];
  for (let index = 0; index < lines.length; index += 2) {
    const why = 'ls did not answer in its form';
    const [path = ''] = groupsOf(/^at (\/.*)$/, lines[index] ?? '', why);
    const form = /^([-dcbps])([-rwxsStT]{9})([+.@]?) +\d+ +(\d+) +(\d+) +(?:(\d+) )?/;
    const [type, mode = '', mark, owner, group, bytes] = groupsOf(form, lines[index + 1] ?? '', why);
    components.push({
      path,
      kind: type === 'd' ? 'directory' : type === '-' ? 'file' : 'other',
      mode,
      list: marks === 'plain' ? 'unseen' : mark === '+' ? 'there' : 'none',
      owner: wholeNumber(owner),
      group: wholeNumber(group),
      ...(type === '-' && { bytes: wholeNumber(bytes) }),
    });
  }
  if (components.length === 0) throw new Unreadable('the way to the file was not told whole');
  return components;
}

/** A user's numbers, from `id -u USER` and `id -G USER`. @throws Unreadable where there is no such user */
export function readReader(outputs: Output[], first: number, user: string): Reader {
  for (const index of [first, first + 1]) {
    const { exit, stderr } = ran(outputs, index);
    if (exit === 1 && /no such user|unknown user/.test(stderr)) throw new Unreadable(firstLine(stderr));
  }
  const [uid, groups] = [answer(outputs, first), answer(outputs, first + 1)];
  if (!/^\d+\n$/.test(uid) || !/^\d+( \d+)*\n$/.test(groups)) throw new Unreadable('id did not answer with numbers');
  return {
    user,
    uid: wholeNumber(uid),
    groups: groups.split(' ').map((group) => wholeNumber(group)),
  };
}

/**
 * Whether modes and owners let a user read what lies at the end. An access list that could decide otherwise leaves it
 * undecided; what a security module or a service's sandbox forbids beyond that cannot be seen from here.
 */
export function mayRead(
  components: readonly Component[],
  reader: Reader,
): { readable: 'yes' | 'no' | 'undecided'; why?: string } {
  const last = components.length - 1;
  const doubts = components.flatMap((one, index) => {
    const letters = index < last ? 'x' : one.kind === 'directory' ? 'rx' : 'r';
    const allowed = allows(one, reader, letters);
    return allowed === 'yes' ? [] : [{ allowed, one, letters }];
  });
  const decisive = doubts.find(({ allowed }) => allowed === 'no') ?? doubts[0];
  if (!decisive) return { readable: 'yes' };
  const { allowed, one, letters } = decisive;
  const what = letters === 'x' ? 'pass' : 'read';
  const told = `${one.path} (${one.mode}, owner ${one.owner}, group ${one.group})`;
  const list =
    one.list === 'there' ? 'has an access list, which' : 'may have an access list, which this ls does not tell and';
  return {
    readable: allowed,
    why:
      allowed === 'no'
        ? `${reader.user} may not ${what} ${told}`
        : `${told} ${list} may decide otherwise for ${reader.user}`,
  };
}

function allows(
  { mode, list, owner, group }: Component,
  { uid, groups }: Reader,
  letters: string,
): 'yes' | 'no' | 'undecided' {
  if (uid === 0) return 'yes';
  const whose = uid === owner ? 0 : groups.includes(group) ? 3 : 6;
  const bits = mode.slice(whose, whose + 3);
  const granted = [...letters].every((letter) => (letter === 'x' ? /[xst]/.test(bits[2] ?? '') : bits[0] === 'r'));
  // The owner's letters are the owner's with a list too.
  if (whose > 0 && (list === 'there' || (list === 'unseen' && !granted))) return 'undecided';
  return granted ? 'yes' : 'no';
}
