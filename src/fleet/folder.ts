/** The folder of a run: each pair's files, whole or not there, and `fleet.ndjson`, which says what is done. */

import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { check } from '../core/check-schema.js';
import { UsageError } from '../core/errors.js';
import { isNotThere, systemReason } from '../core/file-error.js';
import { makeFolder } from '../core/folder.js';
import type { Evidence, Report } from '../core/model.js';
import { namesIn, readText } from '../core/read-file.js';
import { sha256 } from '../core/sha256.js';
import { evidenceIn } from '../evidence/evidence.js';
import { reportIn } from '../judge/report-file.js';
import { type FleetEvent, fleetEventSchema, type PairEvent, type RunEvent } from './events.js';
import { lockFolder } from './lock.js';

/** The file of a run's events. */
export const JOURNAL = 'fleet.ndjson';
/** The file that says what a folder is, for whoever puts folders together. */
export const SHARD = 'shard.json';

/** What a folder holds of an earlier run. */
export interface Earlier {
  run: RunEvent;
  /** The last word on each pair. */
  pairs: Map<string, PairEvent>;
}

/** A folder that this process alone writes to. */
export class FleetFolder {
  readonly path: string;
  readonly #unlock: () => void;
  readonly #warn: (line: string) => void;
  #journal: number | undefined;
  /** What was found in it; undefined where it was empty. */
  readonly earlier: Earlier | undefined;

  private constructor(path: string, unlock: () => void, warn: (line: string) => void) {
    this.path = path;
    this.#unlock = unlock;
    this.#warn = warn;
    this.earlier = this.#read();
  }

  /** Takes a folder, which is made where it is missing. @throws UsageError while another run has it, or where it is somebody else's */
  static open(path: string, warn: (line: string) => void): FleetFolder {
    makePrivateFolder(path);
    const strangers = namesIn(path).filter((name) => !name.startsWith('fleet.lock'));
    if (strangers.length > 0 && !strangers.includes(JOURNAL))
      throw new UsageError(
        `${path}: is not empty (${strangers[0]}), and holds no run of a fleet; name a folder of its own`,
      );
    const unlock = lockFolder(path);
    try {
      return new FleetFolder(path, unlock, warn);
    } catch (error) {
      unlock();
      throw error;
    }
  }

  /** Removes what an earlier run left of its own: nothing of it may pass for this one's. */
  clear(): void {
    for (const [pair, { files = {} }] of this.earlier?.pairs ?? [])
      for (const name of Object.keys(files)) this.#remove(join(pair, name));
    this.#remove(SHARD);
    this.#replace(JOURNAL, '');
  }

  /** The folder is no whole shard until the run has ended. */
  reopen(): void {
    this.#remove(SHARD);
  }

  /** Adds a line to the events; all of it, or nothing. @throws UsageError where the disk does not take it */
  append(event: FleetEvent): void {
    this.#journal ??= openSync(join(this.path, JOURNAL), 'a', 0o600);
    const { size } = fstatSync(this.#journal);
    const line = Buffer.from(`${JSON.stringify(event)}\n`);
    try {
      let written = 0;
      while (written < line.length) written += writeSync(this.#journal, line, written);
    } catch (error) {
      ftruncateSync(this.#journal, size);
      throw notWritten(join(this.path, JOURNAL), error);
    }
  }

  /** Writes the files of a pair; gives their hashes. @throws UsageError where the disk does not take them */
  writePair(pair: string, files: Readonly<Record<string, string>>): Record<string, string> {
    const hashes = Object.entries(files).map(([name, text]) => {
      this.#replace(join(pair, name), text);
      return [name, sha256(text)] as const;
    });
    return Object.fromEntries(hashes);
  }

  /** Writes a file of the folder's own. @throws UsageError where the disk does not take it */
  write(name: string, text: string): void {
    this.#replace(name, text);
  }

  /** Whether the files of a pair are still those that were written; evidence and report must be among them. */
  holds({ pair, files = {} }: PairEvent): boolean {
    if (files['evidence.json'] === undefined || files['report.json'] === undefined) return false;
    return Object.entries(files).every(([name, hash]) => {
      try {
        return sha256(readFileSync(join(this.path, pair, name))) === hash;
      } catch {
        // What cannot be read is asked anew.
        return false;
      }
    });
  }

  /** The report and the evidence of a pair. @throws UsageError where they are none */
  saved(pair: string): { report: Report; evidence: Evidence } {
    const fileOf = (name: string) => join(this.path, pair, name);
    const bytes = (name: string) => () => readFileSync(fileOf(name));
    return {
      report: reportIn(bytes('report.json'), fileOf('report.json')),
      evidence: evidenceIn(bytes('evidence.json'), fileOf('evidence.json')),
    };
  }

  /** Gives the folder back. */
  close(): void {
    if (this.#journal !== undefined) closeSync(this.#journal);
    this.#journal = undefined;
    this.#unlock();
  }

  /** @throws UsageError where what is there cannot be removed */
  #remove(name: string): void {
    const path = join(this.path, name);
    try {
      unlinkSync(path);
    } catch (error) {
      if (isNotThere(error)) return;
      throw new UsageError(`${path}: is of an earlier run, and cannot be removed: ${systemReason(error)}`);
    }
  }

  #replace(name: string, text: string): void {
    const path = join(this.path, name);
    const temporary = `${path}.${process.pid}`;
    try {
      makeFolder(dirname(path));
      writeFileSync(temporary, text, { mode: 0o600 });
      renameSync(temporary, path);
    } catch (error) {
      try {
        rmSync(temporary, { force: true });
      } catch {
        // Where the folder itself is none there is nothing to remove.
      }
      throw notWritten(path, error);
    }
  }

  /** The events of an earlier run; a line that was not written to its end is taken away. */
  #read(): Earlier | undefined {
    const file = join(this.path, JOURNAL);
    if (!existsSync(file)) return undefined;
    const text = readText(file);
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) {
      this.#warn(`${file}: the last line is torn, and left out: the run before was ended while it wrote`);
      this.#replace(JOURNAL, whole);
    }
    let run: RunEvent | undefined;
    const pairs = new Map<string, PairEvent>();
    for (const [index, line] of whole.split('\n').entries()) {
      if (line === '') continue;
      const event = parsed(line);
      if (event === undefined) this.#warn(`${file}:${index + 1}: is no event, and left out`);
      else if (event.event === 'run') run = event;
      else if (event.event === 'pair') pairs.set(event.pair, event);
    }
    return run && { run, pairs };
  }
}

/** Makes a folder, where it is missing, that nobody else may look into. @throws UsageError */
export function makePrivateFolder(path: string): void {
  try {
    makeFolder(path);
  } catch (error) {
    throw notWritten(path, error);
  }
}

function parsed(line: string): FleetEvent | undefined {
  try {
    const event: unknown = JSON.parse(line);
    return check(fleetEventSchema, event).length === 0 ? (event as FleetEvent) : undefined;
  } catch {
    return undefined;
  }
}

function notWritten(path: string, error: unknown): UsageError {
  return new UsageError(`${path}: cannot be written: ${systemReason(error)}`);
}
