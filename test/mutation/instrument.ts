/** Makes the mutants of some source files, and the source that can be switched from one to the other while it runs. */
import { readFileSync } from 'node:fs';
import { instrumentFiles } from './instrumenter.js';

/** One change of the code. */
export interface Mutant {
  id: string;
  file: string;
  line: number;
  /** What stands there instead. */
  replacement: string;
  /** What was there and what stands there instead, shortened, with a number where a file has it several times: a name that outlives a line more above it. */
  change: string;
}

/** The instrumented text of each file, and all its mutants. */
export interface Instrumented {
  code: Record<string, string>;
  mutants: Mutant[];
}

/** Words of a message are held by the tests of the reports; what a text decides is mutated where it is compared. */
const LEFT_OUT = ['StringLiteral'];

/** A regular expression as it stands behind its switch. */
const REGEX = /\(stryCov_9fa48\(("\d+"(?:, "\d+")*)\), (\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*)\)/g;
/** One that is made once, when its file is loaded, can be reached through this. */
const REGISTERED = 'globalThis.mutation.regex([$1], (stryCov_9fa48($1), $2))';

/** Makes all mutants of some files. */
export async function instrument(files: readonly string[]): Promise<Instrumented> {
  const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
  const made = await instrumentFiles(
    [...texts].map(([name, content]) => ({ name, mutate: true, content })),
    LEFT_OUT,
  );
  const seen = new Map<string, number>();
  const mutants = made.mutants
    .filter(({ status }) => status === undefined)
    .map(({ id, fileName: file, location: { start, end }, replacement }) => {
      const lines = (texts.get(file) ?? '').split('\n').slice(start.line, end.line + 1);
      const last = lines.at(-1) ?? '';
      const was = [...lines.slice(0, -1), last.slice(0, end.column)].join('\n').slice(start.column);
      const change = `${short(was)} -> ${short(replacement)}`;
      const times = (seen.get(file + change) ?? 0) + 1;
      seen.set(file + change, times);
      return { id, file, line: start.line + 1, replacement, change: times === 1 ? change : `${change} (${times})` };
    });
  return {
    mutants,
    code: Object.fromEntries(made.files.map(({ name, content }) => [name, content.replace(REGEX, REGISTERED)])),
  };
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 100 ? line : `${line.slice(0, 60)} ... ${line.slice(-35)}`;
}
