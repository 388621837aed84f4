/** What a command is: one object says how it is declared, what its help shows, and what it does. */
import type { Options, PositionalOptions } from 'yargs';

/** An example: what it does, and its command line. */
export interface Example {
  does: string;
  run: string;
}

/** What the help shows below the options. */
export interface Page {
  /** What the command cannot do without. */
  needs?: string;
  note?: string;
  examples: readonly Example[];
}

/** Options by their names, in the order of the help. */
export type Declared = Readonly<Record<string, Options>>;

/** One command of the command line. */
export interface Command extends Page {
  /** Its words: `rules list`. */
  name: string;
  /** What follows them: `<files..>`. */
  takes?: string;
  does: string;
  positionals?: Readonly<Record<string, PositionalOptions & { array?: boolean }>>;
  options?: Declared;
  /**
   * Resolves to the exit code. It takes what was given, under long names; what it needs is loaded when it is called, so that no
   * command costs another time.
   */
  // biome-ignore lint/suspicious/noExplicitAny: each command declares what it takes, and yargs has checked the types
  run(options: any): Promise<number>;
}

/** Words that other commands begin with. */
export type Group = Omit<Command, 'run'>;

/** The word on exit codes below each run's options. */
export const exitCodes = 'Exit code: 0 passed, 1 failed, 3 incomplete; pairflight --help has them all.';
