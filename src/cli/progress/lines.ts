/** The lines of progress, one for each host, each fitted to the width of the terminal. Pure. */

import { escapeForTerminal } from '../../core/escape.js';
import { widthOf } from '../../reporters/terminal/wrap.js';
import type { HostView } from './host.js';
import type { Left } from './time-left.js';

const GAP = '  ';
/** Fewer columns do not tell what happens. */
const LEAST_DOING = 14;
/** More columns only drive the times away from what takes them. */
const MOST_DOING = 42;

/** The hosts' lines, none wider than `width`; where there is no room the estimate goes first, then the time, then the words. */
export function progressLines(views: readonly HostView[], width: number): string[] {
  const most = Math.max(4, Math.floor(width / 4));
  const names = column(views.map(({ name }) => cut(escapeForTerminal(name), most)));
  const counts = column(
    views.map(({ done, total }) => `${done}/${total}`),
    true,
  );
  const heads = views.map((_, at) => names[at] + GAP + counts[at]);
  const elapsed = views.map(({ elapsedMs }) => clockOf(elapsedMs));
  const times = views.map(({ left }, at) => elapsed[at] + (left ? `, ${leftInWords(left)}` : ''));
  const free = width - widest(heads) - GAP.length;
  const layouts = [
    { tails: times, room: free - GAP.length - widest(times) },
    { tails: elapsed, room: free - GAP.length - widest(elapsed) },
    { tails: views.map(() => ''), room: free },
  ];
  const layout = layouts.find(({ room }) => room >= LEAST_DOING);
  if (!layout) return heads.map((head, at) => fitting([head + GAP + elapsed[at], head], width));
  const room = Math.min(layout.room, MOST_DOING);
  return views.map((view, at) => {
    const doing = doingIn(view, room);
    const blank = ' '.repeat(room - widthOf(doing));
    return (heads[at] + GAP + doing + blank + GAP + layout.tails[at]).trimEnd();
  });
}

/** What the host does, with the limit where it fits beside enough of the words. */
function doingIn({ doing, limit }: HostView, width: number): string {
  const words = escapeForTerminal(doing);
  const rest = width - widthOf(limit) - 1;
  if (limit === '' || rest < LEAST_DOING) return cut(words, width);
  return `${cut(words, rest)} ${limit}`;
}

/** `0:04`, `12:00`, `1:05:09`. */
export function clockOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (number: number) => String(number).padStart(2, '0');
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

/** `about 0:09 left`; the longer it is, the coarser. */
function leftInWords({ ms, least }: Left): string {
  const step = ms <= 60_000 ? 1_000 : ms <= 600_000 ? 10_000 : 60_000;
  return `${least ? 'at least' : 'about'} ${clockOf((least ? Math.floor(ms / step) : Math.ceil(ms / step)) * step)} left`;
}

const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(widthOf));

function column(texts: readonly string[], right = false): string[] {
  const width = widest(texts);
  return texts.map((text) => {
    const blank = ' '.repeat(width - widthOf(text));
    return right ? blank + text : text + blank;
  });
}

function fitting(texts: readonly string[], width: number): string {
  return texts.find((text) => widthOf(text) <= width) ?? cut(texts.at(-1) ?? '', width);
}

function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const end = width > 6 ? '...' : '';
  let kept = '';
  let used = end.length;
  for (const character of text) {
    used += widthOf(character);
    if (used > width) break;
    kept += character;
  }
  return kept + end;
}
