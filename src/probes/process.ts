/** Which of the named processes run. Arguments of processes hold passwords: only the searched words leave the host's answer. */
import { Unreadable } from '../errors.js';
import { answer, closed, command, contextName, defineProbe } from './define.js';

interface Params {
  names: string[];
  as?: string;
}

/** A process counts when its program's name, or one whole word of its arguments, is the searched name. */
export const processes = defineProbe<Params, unknown>({
  id: 'processes',
  title: 'Which of the named processes run',
  on: 'host',
  params: closed({ names: { type: 'array', items: { type: 'string', pattern: '^\\S+$' }, minItems: 1 }, as: contextName }, ['as']),
  value: closed({
    running: { type: 'array', items: { type: 'string' } },
    missing: { type: 'array', items: { type: 'string' } },
  }),
  // Listed whole and matched here: a search on the host would find its own command line.
  ask: ({ as }) => [command(['ps', '-e', '-o', 'pid=', '-o', 'args='], as, { maxBytes: 2 * 1024 * 1024 })],
  redact: (outputs, { names }) =>
    outputs.map((output) => ({
      ...output,
      stdout: output.stdout
        .split('\n')
        .flatMap((line) => {
          const [, pid, args] = /^\s*(\d+)\s+(.+)$/.exec(line) ?? [];
          return pid === undefined ? [] : [`${pid} ${names.filter((name) => wordsOf(args ?? '').includes(name)).join(' ') || '-'}`];
        })
        .join('\n'),
      stderr: '',
    })),
  read(outputs, { names }) {
    const lines = answer(outputs).trim().split('\n');
    // Where /proc hides other users' processes (hidepid), "not there" would only mean "not shown".
    if (!lines.some((line) => /^\s*1\s/.test(line))) throw new Unreadable('the list of processes does not hold process 1');
    const words = new Set(lines.flatMap((line) => line.trim().split(/\s+/).slice(1)));
    return { running: names.filter((name) => words.has(name)), missing: names.filter((name) => !words.has(name)) };
  },
});

function wordsOf(args: string): string[] {
  const words = args.trim().split(/\s+/);
  const program = words[0]?.replace(/:$/, '').split('/').at(-1) ?? '';
  return [program, ...words];
}
