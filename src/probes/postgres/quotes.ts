/** Which words of a line of pg_hba.conf stand in quotes: there `all` and `replication` are names, and the view of the lines shows no quotes. Pure. */
import type { AccessLine } from './access-query.js';

/** A word of a line; `quoted` is undefined where it may have come out of another file. */
export interface Word {
  text: string;
  quoted: boolean | undefined;
}

/** The words of a line that the server gives a meaning to, by their field. */
export interface Words {
  databases: Word[];
  users: Word[];
  address: Word[];
}

/** A word as it was written; `file` is one that stands for the words of another file. */
type Kind = 'bare' | 'quoted' | 'file';

/** A remark, behind all that is none. */
const remark = /^((?:"[^"]*"|[^"#])*)#.*/;
/** Words end at a blank or a comma, but not within quotes. */
const word = /(?:"[^"]*(?:"|$)|[^ ,"])+/g;
/** A comma at the end of a word holds the next one to its field. */
const list = new RegExp(`${word.source}(?:,[ ,]*${word.source})*`, 'g');

/** The words of a line with their quotes; where its file was not read, all are taken as bare. */
export function wordsOf({ databases, users, address, shape }: AccessLine): Words {
  const fields = typeof shape === 'string' ? matches(list, shape.replace(remark, '$1')) : undefined;
  const field = (words: readonly string[], place: number): Word[] => {
    const kinds = fields && matches(word, fields[place] ?? '').map(kindOf);
    return words.map((text, index) => ({ text, quoted: kinds ? quotedAt(kinds, words.length, index) : false }));
  };
  return {
    databases: field(databases ?? [], 1),
    users: field(users ?? [], 2),
    address: field(address === null ? [] : [address], 3),
  };
}

function matches(pattern: RegExp, text: string): string[] {
  return text.match(pattern) ?? [];
}

function kindOf(written: string): Kind {
  return written.startsWith('"') ? 'quoted' : /^@./.test(written) ? 'file' : 'bare';
}

function quotedAt(kinds: readonly Kind[], count: number, index: number): boolean | undefined {
  const file = kinds.indexOf('file');
  // What a file holds stands in its place, so that what comes before it keeps its own.
  return (file < 0 ? kinds.length === count : index < file) ? kinds[index] === 'quoted' : undefined;
}
