/** What help shows below the options: a word on exit codes or use, and examples that run as they stand. */
import type { Page } from './command.js';

/** Columns of an example, so that help fits 80. */
const MOST_COLUMNS = 72;

/** The page of the program itself. */
export const program: Page = {
  note: `Exit codes:
  0    the gate passed
  1    the gate failed: at least one gating rule failed
  2    a mistake on the command line, in a file, or in the rules
  3    incomplete: no gating rule failed, but at least one could not be judged
  70   a bug of pairflight itself
  130  interrupted (143: terminated); the report so far is written

--fail-on sets which severities gate. The exit code is the same for every format.`,
  examples: [
    { does: 'try it on a simulated pair', run: 'pairflight demo' },
    { does: 'write an inventory, by question and answer', run: 'pairflight init' },
    { does: 'see every command that would be run, then run them', run: 'pairflight plan && pairflight preflight' },
  ],
};

/** A page as it is printed. */
export function pageText({ note, examples }: Page): string {
  const lines = examples.flatMap(({ does, run }) => [`  ${does}:`, ...inShellLines(run).map((line) => `    ${line}`)]);
  return [...(note === undefined ? [] : [note, '']), 'Examples:', ...lines].join('\n');
}

/** A command in lines that a shell takes as one, broken before its options. */
function inShellLines(run: string): string[] {
  const lines: string[] = [];
  for (const part of run.split(/ (?=--)/)) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${part}`.length <= MOST_COLUMNS) lines[lines.length - 1] = `${last} ${part}`;
    else lines.push(last === undefined ? part : `  ${part}`);
  }
  return lines.map((line, at) => (at < lines.length - 1 ? `${line} \\` : line));
}
