/** What the tests of probes share: outputs, fixtures, and what a probe makes of them after redaction, as in a run. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { check } from '../../src/core/check-schema.js';
import { Unreadable } from '../../src/core/errors.js';
import type { Output } from '../../src/core/model.js';
import type { AnyProbe } from '../../src/probes/define.js';
import { refusalOf } from '../../src/probes/read-only.js';

/** The text of a file under fixtures/. */
export const fixture = (path: string): string => readFileSync(new URL(`./fixtures/${path}`, import.meta.url), 'utf8');

/** The output of a command that ended by itself. */
export function said(stdout: string, exit: number | null = 0, stderr = ''): Output {
  return { exit, stdout, stderr, startedAt: '2026-01-01T00:00:00.000Z', durationMs: 1 };
}

/** The output of a command that failed with these words. */
export const failed = (stderr: string, exit = 1): Output => said('', exit, stderr);

/** Reads as a run does: redacted first, and the value judged by its schema. */
export function read(probe: AnyProbe, outputs: Output[], params: object = {}): unknown {
  const kept = probe.redact ? probe.redact(outputs, params, String) : outputs;
  const value = probe.read(kept, params);
  expect(check(probe.value, value)).toEqual([]);
  return value;
}

/** Why these outputs give no value. Fails where they give one. */
export function unreadable(probe: AnyProbe, outputs: Output[], params: object = {}): Unreadable {
  let value: unknown;
  try {
    value = read(probe, outputs, params);
  } catch (error) {
    if (error instanceof Unreadable) return error;
    throw error;
  }
  throw new Error(`a value was read where there is none: ${JSON.stringify(value)}`);
}

/** Why these words are not run for a probe; nothing where they may run. */
export const refused = (argv: readonly string[]): string | undefined =>
  refusalOf(
    { kind: 'exec', argv: argv as [string, ...string[]], as: 'login', effect: 'read', timeoutMs: 1, maxBytes: 1 },
    false,
    ['-s'],
  );

/** Every way in which an answer is no answer, whatever was asked. */
export const noAnswers: [string, Output][] = [
  ['an unreachable host', { ...said('', null), problem: 'unreachable', problemAt: 'host' }],
  ['a refused context', { ...said('', null, 'sudo: a password is required'), problem: 'denied', problemAt: 'context' }],
  ['a program that is not there', { ...said('', 127, 'sh: 1: not found'), problem: 'not-found', problemAt: 'command' }],
  ['a time limit', { ...said('', 124), problem: 'timeout', problemAt: 'command' }],
  ['a question that was not asked', { ...said('', null), problem: 'not-run', problemAt: 'command' }],
  ['permission denied', failed('cat: /x: Permission denied')],
  ['another error', failed('cat: /x: Input/output error')],
  ['a stale mount', failed('cat: /x: Stale file handle')],
  ['a signal', said('', 137)],
  ['no exit at all', said('text', null)],
  // Whatever could not start the program uses the words of a file that is not there.
  ['a shell that did not find the program', failed('/bin/sh: 1: /usr/bin/cat: No such file or directory', 127)],
  ['timeout without its program', failed("timeout: failed to run command 'cat': No such file or directory", 1)],
  ['a chroot without a shell', failed('su: failed to execute /bin/bash: No such file or directory', 1)],
  ['a chroot that is not there', failed("chroot: cannot change root directory to '/x': No such file or directory", 1)],
];

/** The same answer as it comes with a problem: even a perfect text must not be read then. */
export const spoiled = (output: Output): Output[] =>
  (['unreachable', 'denied', 'not-found', 'timeout', 'truncated', 'not-run'] as const).map((problem) => ({
    ...output,
    problem,
    problemAt: 'command',
  }));
