/** Which programs a host has. */
import { Unreadable } from '../core/errors.js';
import { answer, closed, command, contextName, defineProbe } from './define.js';

/**
 * Takes names; prints `NAME yes` or `NAME no` for each, then `end`. What the shell itself has is not on
 * the PATH by that, and some shells name a file that nobody may run.
 */
export const programsScript = `for n; do
  f=no
  c=$(command -v "$n" 2>/dev/null)
  case $c in
    /*) if [ -f "$c" ] && [ -x "$c" ]; then f=yes; fi ;;
    '') ;;
    *) i=$IFS IFS=:; for d in $PATH; do if [ -f "$d/$n" ] && [ -x "$d/$n" ]; then f=yes; fi; done; IFS=$i ;;
  esac
  echo "$n $f"
done
echo end
`;

/** The PATH is that of the context: a login's often lacks the sbin directories, root's has them. */
export const programs = defineProbe<{ names: string[]; as?: string }, unknown>({
  id: 'programs',
  title: 'Which of the named programs are on the PATH',
  on: 'host',
  params: closed(
    {
      names: {
        type: 'array',
        items: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._+-]*$', maxLength: 255 },
        minItems: 1,
        maxItems: 64,
        uniqueItems: true,
      },
      as: contextName,
    },
    ['as'],
  ),
  value: closed({
    found: { type: 'array', items: { type: 'string' } },
    missing: { type: 'array', items: { type: 'string' } },
  }),
  ask: ({ names, as }) => [command(['/bin/sh', '-c', programsScript, 'programs', ...names], as)],
  read(outputs, { names }) {
    const lines = answer(outputs).trimEnd().split('\n');
    if (lines.pop() !== 'end' || lines.length !== names.length)
      throw new Unreadable('the list of programs is not whole');
    const there = names.map((name, index) => {
      if (lines[index] !== `${name} yes` && lines[index] !== `${name} no`)
        throw new Unreadable('the list of programs is not whole');
      return lines[index] === `${name} yes`;
    });
    return { found: names.filter((_, index) => there[index]), missing: names.filter((_, index) => !there[index]) };
  },
});
