/** Workflow commands as GitHub's runner reads them, and lines that it must not take for one. */
import { disarm, escapeForTerminal } from '../../core/escape.js';
import { unicodeEscape } from '../../core/format.js';

/** The levels of an annotation. */
export type Level = 'error' | 'warning' | 'notice';

/** `::error title=...::message` on one line; the message's own line breaks stay line breaks in the annotation. */
export function command(level: Level, title: string, message: string): string {
  const lines = message.split('\n').map(escapeForTerminal).join('\n');
  return `::${level} title=${escapeProperty(escapeForTerminal(title))}::${escapeData(lines)}`;
}

/** A line of the log. It begins with a word of ours: one that begins with `::` would be read as a command. */
export function plainLine(word: string, text: string): string {
  return `${word}: ${escapeForTerminal(text)}`;
}

/** How a format writes a character so that its readers read the same; the other formats escape a host's words one by one. */
const references: Record<string, (character: string) => string> = {
  json: unicodeEscape,
  junit: (character) => `&#${character.charCodeAt(0)};`,
};

/** A finished report in which the runner finds no command of a host's making, should it be printed into a job's log. */
export function forLog(format: string, text: string): string {
  const reference = references[format];
  return reference ? disarm(text, reference) : text;
}

/** The runner undoes these four and no others, the percent sign last: it is escaped first. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** In a property a colon would end the command's head, and a comma the property. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
