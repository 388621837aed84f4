/** What a played command prints and how it ends. */

export interface Answer {
  stdout: string;
  stderr: string;
  exit: number;
  /** Milliseconds until it answers. */
  delayMs: number;
}

/** A command that succeeded and printed this. */
export function says(stdout: string): Answer {
  return { stdout, stderr: '', exit: 0, delayMs: 0 };
}

/** A command that failed with one line on stderr. */
export function fails(message: string, exit = 1): Answer {
  return { stdout: '', stderr: `${message}\n`, exit, delayMs: 0 };
}

/** What a shell says of a program that is not there. */
export function notFound(program: string): Answer {
  return fails(`sh: ${program}: not found`, 127);
}

/** Answers of several operands as one: a failure of one does not silence the others, the worst exit status stays. */
export function together(answers: Answer[]): Answer {
  return {
    stdout: answers.map((answer) => answer.stdout).join(''),
    stderr: answers.map((answer) => answer.stderr).join(''),
    exit: Math.max(0, ...answers.map((answer) => answer.exit)),
    delayMs: Math.max(0, ...answers.map((answer) => answer.delayMs)),
  };
}
