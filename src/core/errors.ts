/** The three kinds of error: a person's mistake, an answer that proves nothing, and (every other Error) our own bug. */
import type { Problem } from './model.js';

/** A mistake in an argument, inventory, rule pack or output file: one line that says where, what, and what would be right. Exit 2. */
export class UsageError extends Error {
  override name = 'UsageError';
  constructor(
    message: string,
    /** The command to try next, word for word; `NO_COMMAND` where none would help. */
    readonly next?: string,
  ) {
    super(message);
  }
}

/** In the place of a command to try: the mistake's own line says what is right, and no command would say more. */
export const NO_COMMAND = '';

/** Does some work; a mistake in it that names no command to try next gets this one, where there is one for it. */
export function advising<T>(next: (message: string) => string | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UsageError && error.next === undefined)
      throw new UsageError(error.message, next(error.message));
    throw error;
  }
}

/** Thrown by a probe's `read`: the outputs do not prove a value. It leads to `unknown`, never to a value. */
export class Unreadable extends Error {
  override name = 'Unreadable';
  constructor(
    message: string,
    /** Why, when the cause is known from the output itself; absent: the answer has no form that we know. */
    readonly problem?: Problem,
    /** What the problem is about; `host` and `context` are root causes that block other findings. */
    readonly at?: 'host' | 'context' | 'command',
  ) {
    super(message);
  }
}
