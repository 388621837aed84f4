/** What the help of each command shows below its options: a word on its exit code or use, and examples that run as they stand. */
import type { Argv } from 'yargs';

/** An example: what it does, and its command line. */
export interface Example {
  does: string;
  run: string;
}

interface Page {
  /** What the command cannot do without. */
  needs?: string;
  note?: string;
  examples: readonly Example[];
}

const ofRun = 'Exit code: 0 passed, 1 failed, 3 incomplete; pairflight --help has them all.';

/** Columns of an example, so that help fits 80. */
const MOST_COLUMNS = 72;

/** By command; the empty name is the program itself. */
export const pages: Record<string, Page> = {
  '': {
    note: `Exit codes:
  0    the gate passed
  1    the gate failed: a rule that counts does
  2    a mistake on the command line, in a file, or in the rules
  3    incomplete: nothing that counts fails, but not all could be looked at
  70   a bug of pairflight itself
  130  interrupted (143: terminated); what was seen until then is reported

--fail-on says what counts. All formats of a run have one exit code.`,
    examples: [
      { does: 'see it at work on a pair that is played', run: 'pairflight demo' },
      { does: 'write an inventory, by question and answer', run: 'pairflight init' },
      { does: 'see every command that would be run, then run them', run: 'pairflight plan && pairflight preflight' },
    ],
  },
  preflight: {
    note: ofRun,
    examples: [
      { does: 'the pair that pairflight.yaml names', run: 'pairflight preflight' },
      { does: 'two hosts, without an inventory', run: 'pairflight preflight --primary ops@db-a --secondary ops@db-b' },
      {
        does: 'a gate in CI: JUnit and a page for people, and what was seen',
        run: 'pairflight preflight --report junit=run.xml --report markdown=run.md --evidence evidence.json',
      },
    ],
  },
  verify: {
    note: ofRun,
    examples: [
      { does: 'now', run: 'pairflight verify' },
      {
        does: 'until the first replication has caught up',
        run: 'pairflight verify --wait 6h --report junit=verify.xml',
      },
      { does: 'against the evidence of the preflight', run: 'pairflight verify --baseline preflight.json' },
    ],
  },
  check: {
    note: ofRun,
    examples: [{ does: 'before the Secondary is promoted', run: 'pairflight check --phase failover pairflight.yaml' }],
  },
  plan: {
    note: 'A plan never depends on what a host answers; a run asks nothing that it does not show.',
    examples: [
      { does: 'what a preflight would ask', run: 'pairflight plan' },
      { does: 'what one rule would ask', run: "pairflight plan --only '*/two-machines'" },
    ],
  },
  collect: {
    note: 'Exit code: 3 when a host could not be reached.',
    examples: [
      { does: 'save what the hosts say', run: 'pairflight collect -o evidence.json' },
      { does: 'judge it later, or elsewhere', run: 'pairflight evaluate evidence.json' },
    ],
  },
  bundle: {
    note: 'The exit code is that of the run in it.',
    examples: [
      { does: 'ask the hosts, and pack what they said', run: 'pairflight bundle --phase verify --summary' },
      {
        does: 'pack a saved run under pseudonyms',
        run: 'pairflight bundle --from evidence.json --redact addresses,hostnames,users',
      },
    ],
  },
  evaluate: {
    needs: 'an evidence file',
    note: 'The same findings and the same exit code as the run that took the evidence.',
    examples: [
      { does: 'judge a saved run', run: 'pairflight evaluate evidence.json' },
      {
        does: 'only what became worse counts',
        run: 'pairflight evaluate after.json --baseline before.json --fail-on-new',
      },
      { does: 'judge what a support ticket holds', run: 'pairflight evaluate bundle.tar.gz --report markdown' },
    ],
  },
  diff: {
    needs: 'two evidence files',
    note: 'Both runs are judged by the rules of today. Exit code: 1 when something is worse.',
    examples: [{ does: 'what became worse since', run: 'pairflight diff before.json after.json' }],
  },
  report: {
    needs: 'a saved report',
    note: 'Nothing is judged again: the exit code is that of the saved run.',
    examples: [
      { does: 'two formats of one saved run', run: 'pairflight report run.json --report junit=run.xml --report table' },
      { does: 'the run that a support ticket holds', run: 'pairflight report bundle.tar.gz' },
    ],
  },
  init: {
    note: `At a terminal it asks for what is missing; elsewhere it names the options for it.
Beside the inventory it puts the schema that editors complete and check it by.
Exit code: 3 when a host did not tell what --discover asked for.`,
    examples: [
      { does: 'by question and answer', run: 'pairflight init' },
      {
        does: 'by options',
        run: 'pairflight init --primary ops@db-a,address=10.0.0.1 --secondary ops@db-b,address=10.0.0.2',
      },
      { does: 'read into an inventory what only the hosts know', run: 'pairflight init --discover --force' },
    ],
  },
  rules: {
    examples: [
      { does: 'the rules of a phase', run: 'pairflight rules list --phase preflight' },
      { does: 'why a rule is there, and what it asks', run: 'pairflight rules show two-machines' },
    ],
  },
  'rules list': {
    examples: [
      { does: 'all of them', run: 'pairflight rules list' },
      { does: 'those of a phase', run: 'pairflight rules list --phase verify' },
    ],
  },
  'rules show': {
    needs: 'the id of a rule',
    examples: [
      { does: 'one rule', run: 'pairflight rules show two-machines' },
      { does: 'every rule on ports', run: "pairflight rules show '*port*'" },
    ],
  },
  'rules coverage': {
    examples: [{ does: 'requirements and the rules that answer them', run: 'pairflight rules coverage' }],
  },
  'rules test': {
    note: 'Exit code: 1 when a case does not come out as stated, or a rule lacks one.',
    examples: [{ does: 'the cases of the rules that pairflight brings', run: 'pairflight rules test' }],
  },
  'rules new': {
    needs: "the new pack's folder",
    note: 'The README follows it: "Write your own pack in ten minutes".',
    examples: [{ does: 'a pack to begin with', run: 'pairflight rules new my-pair' }],
  },
  schema: {
    needs: 'the name of a schema',
    examples: [{ does: 'for an editor', run: 'pairflight schema inventory > inventory.schema.json' }],
  },
  demo: {
    note: 'Nothing outside this machine is asked. The exit code is that of the played run.',
    examples: [
      { does: 'a pair with faults', run: 'pairflight demo' },
      { does: 'the names of the scenarios', run: 'pairflight demo --list' },
      { does: 'a pair after its setup', run: 'pairflight demo --phase verify' },
    ],
  },
};

/** Adds what belongs below a command's options. */
export function withPage<T>(yargs: Argv<T>, command: string): Argv<T> {
  const { note, examples = [] } = pages[command] ?? {};
  const lines = examples.flatMap(({ does, run }) => [`  ${does}:`, ...inShellLines(run).map((line) => `    ${line}`)]);
  return yargs.epilogue([...(note === undefined ? [] : [note, '']), 'Examples:', ...lines].join('\n'));
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
