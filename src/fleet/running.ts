/** What a run of a fleet needs from outside, and who is told how it goes on. */
import type { FleetRun, PairEvent } from './events.js';
import type { FleetPair } from './fleet.js';
import type { FleetFolder } from './folder.js';
import type { PackNamed } from './prepare.js';
import type { PairResult, PairRunning } from './run-pair.js';
import type { Shard } from './shard.js';

/** Is told how a run of a fleet goes on. */
export interface FleetObserver {
  /** So many pairs are there, and so many of them were done before. */
  begun(pairs: number, done: number): void;
  asked(pair: string): void;
  done(event: PairEvent): void;
}

/** All that a run of a fleet needs. */
export interface FleetRunning extends PairRunning {
  run: FleetRun;
  runId: string;
  shard?: Shard;
  /** Every pair of the fleet that is meant, sorted by name; of a shard, those of the others too. */
  pairs: readonly FleetPair[];
  packs: PackNamed[];
  folder: FleetFolder;
  parallel: number;
  /** Goes on with what an earlier run has left, unless it is older. */
  resume?: { maxAgeMs: number };
  /** Further files of each pair. */
  pages?(result: PairResult): Promise<Record<string, string>>;
  signal: AbortSignal;
  observer: FleetObserver;
  warn(line: string): void;
}
