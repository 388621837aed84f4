/** Every answer of a run as a person reads it: what was asked of which host, and all that came back. Pure. */

import { escapeForTerminal } from '../core/escape.js';
import { inputInWords } from '../core/format.js';
import type { Evidence, Output } from '../core/model.js';
import { shownWord } from '../core/shell/words.js';

/** The answers in the order of the evidence, host by host; what a host said stands there line by line, and obeys nothing. */
export function answersInText({ steps }: Pick<Evidence, 'steps'>): string {
  const told = steps.flatMap((step) =>
    step.asks.flatMap(({ host, ask }, at) =>
      step.outputs.map((sample, index) => {
        const output = sample[at];
        const which = step.outputs.length > 1 ? `, sample ${index + 1} of ${step.outputs.length}` : '';
        const asked =
          ask.kind === 'exec'
            ? [`$ ${ask.argv.map(word).join(' ')}`, ...(ask.stdin ? [`stdin: ${inputInWords(ask.stdin)}`] : [])]
            : [`(${ask.kind})`];
        const as = ask.kind === 'exec' ? ` as ${ask.as}` : '';
        const head = `== ${host}${as}, step ${step.id}${which}: ${output ? endOf(output) : 'not asked'}`;
        return { host, text: [head, ...asked, ...(output ? saidIn(output) : [])].join('\n') };
      }),
    ),
  );
  const hosts = [...new Set(told.map(({ host }) => host))];
  return `${hosts.flatMap((host) => told.filter((one) => one.host === host).map(({ text }) => text)).join('\n\n')}\n`;
}

function endOf({ exit, problem, startedAt }: Output): string {
  return `${problem ?? `exit ${exit ?? 'none'}`}, ${startedAt}`;
}

function saidIn({ stdout, stderr }: Output): string[] {
  return [...indented('', stdout), ...indented('stderr: ', stderr)];
}

function indented(mark: string, text: string): string[] {
  if (text === '') return [];
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `  ${mark}${escapeForTerminal(line)}`);
}

function word(text: string): string {
  return shownWord(escapeForTerminal(text.replaceAll('\n', '\\n')));
}
