/** Workflow commands as GitHub's runner reads them, and lines that it must not take for one. */
import { escapeForTerminal } from '../terminal.js';

/** The levels of an annotation. */
export type Level = 'error' | 'warning' | 'notice';

/** `::error title=...::message` on one line; the message's own line breaks stay line breaks in the annotation. */
export function command(level: Level, title: string, message: string): string {
  const lines = message.split('\n').map(inert).join('\n');
  return `::${level} title=${escapeProperty(inert(title))}::${escapeData(lines)}`;
}

/** A line of the log. It begins with a word of ours: one that begins with `::` would be read as a command. */
export function plainLine(word: string, text: string): string {
  return `${word}: ${inert(text)}`;
}

/** The runner also obeys the older form `##[command]`, wherever in a line it stands; and a log is read in terminals. */
function inert(text: string): string {
  return escapeForTerminal(text).replaceAll('##[', '# #[');
}

/** The runner undoes these four and no others, the percent sign last: it is escaped first. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** In a property a colon would end the command's head, and a comma the property. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
