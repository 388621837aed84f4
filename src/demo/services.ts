/** What demo.yaml says of the services of a played host. */

import type { Size } from './file/machine.js';
import type { Series } from './play/changing-answers.js';

/** A page of a played web server, or where it sends those who ask for it; a text is a page's body. */
export interface PlayedPage {
  status?: number;
  body?: string;
  /** In place of `body`: what is written as JSON, so that a patch can change a part of it. */
  json?: unknown;
  /** In place of `json`: the entries of a list, by any name. */
  list?: Record<string, unknown>;
  location?: string;
  /** Only who sends this header is given the page (`Name: value`); all others get `without`. */
  header?: string;
  without?: Omit<PlayedPage, 'header' | 'without'>;
}

/** Pages by path. */
export type PlayedWeb = Record<string, Series<PlayedPage | string>>;

/** What is asked over HTTP alone: a web server at an address of its own, which the played hosts reach and nobody else. */
export interface PlayedEndpoint {
  /** The inventory's name of it. */
  name: string;
  role: string;
  address: string;
  /** The played host that asks it. */
  via: string;
  ports: number[];
  web?: PlayedWeb;
  /** As of a played host. */
  tls?: Record<string, string>;
}

/** A PostgreSQL server; positions are as the server writes them, `3/5A000060`. */
export interface PlayedPostgres {
  state?: 'up' | 'starting' | 'down';
  version: number;
  /** The cluster's own number; the same on both hosts unless a scenario says otherwise. */
  system?: string;
  standby: boolean;
  maxWalSenders: number;
  /** Of a primary: where it writes, and by address how far behind each standby is. */
  written?: Series<string>;
  senders?: Record<string, { state: string; lag?: Series<Size>; unreceived?: Series<Size> }>;
  /** Of a standby. */
  received?: Series<string>;
  replayed?: Series<string>;
  paused?: boolean;
  receiver?: string;
  replayAgeSeconds?: number;
}

/** What a rehearsed copy from the peer finds. */
export interface PlayedSync {
  totalFiles: number;
  totalBytes: Size;
  /** Names that differ; `files` and `bytes` are what a copy would move of them. */
  differing?: string[];
  files?: number;
  bytes?: Size;
  young?: number;
}
