/** What a run that waits says of each round: what it still waits for, and how that moves. */
import { escapeForTerminal } from '../../core/escape.js';
import { oneLine, plural, shorten, showDuration } from '../../core/format.js';
import type { Awaited } from './prospects.js';
import type { End } from './schedule.js';

/** Rules that a line names; the others are counted. */
const NAMED = 3;
const LONGEST_MESSAGE = 160;

/** The line of a round that is followed by another: `nextMs` until that begins, and whether it is a full one. */
export function roundLine(
  sinceMs: number,
  awaited: readonly Awaited[],
  next: { inMs: number; full: boolean },
  connected: boolean,
): string {
  const hopeful = awaited.filter(({ prospect }) => prospect !== 'hopeless');
  const parts = [
    `after ${showDuration(sinceMs)}`,
    hopeful.length === 0 ? 'nothing that was asked again fails' : `waiting for ${rulesOf(hopeful)}`,
    ...movementsOf(hopeful),
    ...hopelessOf(awaited),
    ...(connected ? [] : ['a host cannot be reached']),
    `${next.full ? 'a full round' : 'the next round'} ${next.inMs < 1000 ? 'now' : `in ${showDuration(next.inMs)}`}`,
  ];
  return escapeForTerminal(parts.join('; '));
}

/** The line that ends the waiting; `fullMs` is when the round began that decides. */
export function endLine(end: End, sinceMs: number, fullMs: number, awaited: readonly Awaited[]): string {
  return escapeForTerminal(endInWords(end, sinceMs, fullMs, awaited));
}

function endInWords(end: End, sinceMs: number, fullMs: number, awaited: readonly Awaited[]): string {
  const time = `after ${showDuration(sinceMs)}`;
  const hopeful = awaited.filter(({ prospect }) => prospect !== 'hopeless');
  const decides = `the full round that began after ${showDuration(fullMs)} decides`;
  switch (end) {
    case 'passed':
      return `${time}: the gate passed in a full round`;
    case 'deadline':
      return hopeful.length === 0
        ? `${time}: the time is over before another full round; ${decides}`
        : `${time}: the time is over, still waiting for ${rulesOf(hopeful)}; ${decides}`;
    case 'hopeless':
      return `${time}: waiting ends, because it does not help ${reasonsOf(awaited)}`;
  }
}

/** `a, b, c and 2 more`: the rules, each once. */
function rulesOf(awaited: readonly Awaited[]): string {
  const rules = [...new Set(awaited.map(({ finding }) => finding.rule))];
  const more = rules.length - NAMED;
  const shown = rules.slice(0, NAMED).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** A finding that was judged by a series says itself where it stands and when it arrives. */
function movementsOf(awaited: readonly Awaited[]): string[] {
  const moving = awaited.filter(({ finding }) => finding.samples && finding.samples.length > 0);
  return moving.slice(0, NAMED).map(({ finding }) => told(finding.message));
}

/** What keeps the gate closed however long the run waits: somebody has to do something about it. */
function hopelessOf(awaited: readonly Awaited[]): string[] {
  const hopeless = awaited.filter(({ prospect }) => prospect === 'hopeless');
  return hopeless.length === 0 ? [] : [`waiting does not help ${rulesOf(hopeless)}`];
}

function reasonsOf(awaited: readonly Awaited[]): string {
  if (awaited.length === 0) return 'where no gating rule applies';
  const shown = awaited
    .slice(0, NAMED)
    .map(({ finding }) => `${finding.key} (${finding.verdict}: ${told(finding.message)})`);
  const more = awaited.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${plural(more, 'more finding')}` : '');
}

function told(message: string): string {
  return shorten(oneLine(message), LONGEST_MESSAGE);
}
