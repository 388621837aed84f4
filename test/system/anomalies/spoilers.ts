/** Ways in which one answer can be spoiled. */
import type { Output } from '../../../src/core/model.js';

const base = { exit: null, stdout: '', stderr: '', startedAt: '2026-01-31T02:00:00.000Z', durationMs: 1 };

/** Answers in which nothing can be read: a finding that rests on one cannot pass. */
export const unreadable: Record<string, (output: Output) => Output> = {
  timeout: () => ({ ...base, problem: 'timeout', problemAt: 'command' }),
  'timeout with the whole answer': (output) => ({ ...output, exit: null, problem: 'timeout', problemAt: 'command' }),
  'truncated, the beginning kept': (output) => ({
    ...output,
    exit: null,
    stdout: output.stdout.slice(0, 200),
    problem: 'truncated',
    problemAt: 'command',
  }),
  'truncated, all kept': (output) => ({ ...output, problem: 'truncated', problemAt: 'command' }),
  'command denied': () => ({ ...base, problem: 'denied', problemAt: 'command' }),
  'context denied': () => ({
    ...base,
    stderr: 'sudo: a password is required',
    problem: 'denied',
    problemAt: 'context',
  }),
  'host unreachable': () => ({ ...base, stderr: 'connection refused', problem: 'unreachable', problemAt: 'host' }),
  'program not found': () => ({
    ...base,
    exit: 127,
    stderr: 'sh: not found',
    problem: 'not-found',
    problemAt: 'command',
  }),
  'not run': () => ({ ...base, problem: 'not-run' }),
  'empty, exit 0': () => ({ ...base, exit: 0 }),
  'blank, exit 0': () => ({ ...base, exit: 0, stdout: '\n \n' }),
  'the whole answer, exit 1': (output) => ({ ...output, exit: 1, stderr: 'something broke' }),
  'permission denied': () => ({ ...base, exit: 1, stderr: 'cat: x: Permission denied' }),
  garbage: () => ({ ...base, exit: 0, stdout: '\u0000\u001b[2J\ufffd\u202e{"a":[1]} 0x7f ;; -1\n' }),
  JSON: () => ({ ...base, exit: 0, stdout: '{"value":null,"exists":true,"ports":[22]}\n' }),
  'a number': () => ({ ...base, exit: 0, stdout: '1\n' }),
  'a megabyte of one letter': () => ({ ...base, exit: 0, stdout: 'a'.repeat(1024 * 1024) }),
};

/** Answers that may be a value (a file that is not there), but never one that turns a finding green. */
export const misleading: Record<string, (output: Output) => Output> = {
  'no such file': () => ({ ...base, exit: 1, stderr: 'cat: x: No such file or directory' }),
  'warnings beside the answer': (output) => ({ ...output, stderr: 'warning: something is odd\n' }),
};
