/** Which of the named processes run. Arguments of processes hold passwords: only the searched words leave the host's answer. */
import { Unreadable } from '../core/errors.js';
import { answer, closed, command, contextName, defineProbe } from './define.js';

interface Params {
  names: string[];
  as?: string;
}

/** Programs that run what their arguments name. Others (less, tail, an editor) may well name a program that does not run. */
const runtime = /^(java|jsvc|python[\d.]*|node|ruby|perl|php)$/;

/** A process counts when its program's name, or one whole word of a runtime's arguments, is the searched name. */
export const processes = defineProbe<Params, unknown>({
  id: 'processes',
  title: 'Which of the named processes run',
  on: 'host',
  params: closed(
    { names: { type: 'array', items: { type: 'string', pattern: '^[^\\s-]\\S*$' }, minItems: 1 }, as: contextName },
    ['as'],
  ),
  value: closed({
    running: { type: 'array', items: { type: 'string' } },
    missing: { type: 'array', items: { type: 'string' } },
  }),
  // Listed whole and matched here: a search on the host would find its own command line.
  ask: ({ as }) => [command(['ps', '-e', '-o', 'pid=', '-o', 'args='], as, { maxBytes: 2 * 1024 * 1024 })],
  redact: (outputs, { names }) =>
    outputs.map((output) => ({
      ...output,
      stdout: listed(output.stdout)
        .map(({ pid, words }) => `${[pid, KEPT, ...namedBy(words, names)].join(' ')}\n`)
        .join(''),
      stderr: '',
    })),
  read(outputs, { names }) {
    const found = listed(answer(outputs));
    // Where /proc hides other users' processes (hidepid), "not there" would only mean "not shown".
    if (!found.some(({ pid }) => pid === '1')) throw new Unreadable('the list of processes does not hold process 1');
    const running = new Set(found.flatMap(({ words }) => namedBy(words, names)));
    return { running: names.filter((name) => running.has(name)), missing: names.filter((name) => !running.has(name)) };
  },
});

/** Stands for a program and its arguments after redaction; what follows it are searched names that were found. */
const KEPT = '-';

function listed(text: string): { pid: string; words: string[] }[] {
  return text.split('\n').flatMap((line) => {
    const [pid = '', ...words] = line.trim().split(/\s+/);
    return /^\d+$/.test(pid) ? [{ pid, words }] : [];
  });
}

function namedBy([program = '', ...words]: string[], names: string[]): string[] {
  const base = program.replace(/:$/, '').split('/').at(-1) ?? '';
  const meant = program === KEPT || runtime.test(base) ? [base, program, ...words] : [base, program];
  return names.filter((name) => meant.includes(name));
}
