/** What demo.yaml says of one played host, once its scenario's patches are applied. */
import { stringify } from 'yaml';
import type { Answer } from '../play/answer.js';
import type { Series } from '../play/changing-answers.js';
/** Bytes, as a number or as text such as `50 GiB`. */
export type Size = number | string;

interface PlayedFile {
  text?: string;
  /** In place of `text`: what is written as YAML, so that a patch can change one key. */
  yaml?: Record<string, unknown>;
  /** Octal, `0644` unless said; without the read bit for others only root reads it. */
  mode?: string;
  owner?: number;
  /** Unix seconds. */
  modifiedAt?: number;
  /** The size that a listing shows, where the text is not the whole file. */
  bytes?: number | string;
  /** In place of `modifiedAt`: hours before the moment it is looked at. */
  ageHours?: number;
}

/** A directory whose owner or mode is not root's `0755`, or that is empty. */
interface PlayedDirectory {
  mode?: string;
  owner?: number;
}

/** A user; a group has the number of the user whose own it is. */
interface PlayedUser {
  uid: number;
  /** Beside the user's own. */
  groups?: number[];
}

export interface PlayedFilesystem {
  /** The device, or the server and directory behind a network file system (`nas:/export`). */
  device: string;
  /** `major:minor`. */
  number: string;
  type: string;
  deviceBytes: Size;
  freeBytes: Size;
  /** As the mount table lists them; a first `ro` is the mount's own, too. `rw` unless said. */
  options?: string;
}

/** A product's own shell: the words that enter it from root, and what it knows beyond the host. */
interface PlayedContext {
  /** The word `{shell}` stands for the command line. */
  enter: string[];
  user: string;
  uid: number;
  /** The directory that is `/` inside. */
  root?: string;
  noise?: string;
  commands?: Record<string, Series<PlayedCommand>>;
}

/** What a command prints, or its whole answer; what is not said is empty, 0 and at once. */
export type PlayedCommand = string | Partial<Answer>;

/** `commands`: sudo refuses a shell, but allows each command by itself. */
type SudoMode = 'nopasswd' | 'password' | 'commands' | 'refused';

export type Reach = 'open' | 'refused' | 'filtered' | 'unreachable' | 'unresolved';

export interface Machine {
  /** The inventory's name of the host. */
  name: string;
  /** Its name unless said. */
  role?: string;
  address: string;
  hostname: string;
  sshd: 'running' | 'stopped';
  sudo: SudoMode;
  sudoPassword: string;
  /** What profile scripts print before a shell listens. */
  noise: string;
  /** Hosts that name the same key show the same key. */
  hostKey: string;
  /** The key that known_hosts holds of it. */
  knownHostKey: string;
  bootId: string;
  machineId: string;
  architecture: string;
  kernelRelease: string;
  processors: number;
  memory: Size;
  files: Record<string, PlayedFile | string>;
  directories?: Record<string, PlayedDirectory>;
  /** Users beside root, the login and those of the contexts. */
  users?: Record<string, PlayedUser>;
  links: Record<string, string>;
  /** By mount point. */
  filesystems: Record<string, PlayedFilesystem>;
  /** Command lines, by any name. */
  processes: Record<string, string>;
  /** `address/prefix`, by interface. */
  interfaces: Record<string, string>;
  /** `address:port`, by any name. */
  listeners: Record<string, string>;
  /** By `address:port`; what is not said follows from the other host's listeners. */
  reach: Record<string, Reach>;
  /** Addresses from which no echo comes back. */
  echo?: Record<string, 'filtered'>;
  /** Milliseconds that its clock is ahead. */
  clockOffsetMs?: number;
  /** As `date '+%Z %z'` prints it; UTC unless said. */
  timezone?: string;
  /** What du says of a directory; what is not said follows from its files. */
  usage?: Record<string, Size>;
  /** Programs that it has, or lacks, other than usual. */
  programs?: Record<string, boolean>;
  contexts: Record<string, PlayedContext>;
  /** By words; a last word `...` stands for any others. */
  commands: Record<string, Series<PlayedCommand>>;
  /** What its web servers serve, by path. */
  web?: PlayedWeb;
  /** The ports on which they expect TLS: by port, the file of the authority that signed their certificate, on who asks. */
  tls?: Record<string, string>;
  postgres?: PlayedPostgres;
  sync?: PlayedSync;
}

const UNITS = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 } as const;

/** A size in bytes. */
export function bytesOf(size: Size): number {
  if (typeof size === 'number') return size;
  const [number, unit] = size.split(' ');
  return Math.round(Number(number) * UNITS[unit as keyof typeof UNITS]);
}

/** A file with everything said; its age is by the clock of its host. */
export function fileOf(
  file: PlayedFile | string,
  clockOffsetMs = 0,
): Required<Omit<PlayedFile, 'ageHours' | 'bytes' | 'yaml'>> & Pick<PlayedFile, 'bytes'> {
  const defaults = { mode: '0644', owner: 0, modifiedAt: 1_760_000_000 };
  if (typeof file === 'string') return { ...defaults, text: file };
  const { ageHours, yaml, text = yaml === undefined ? '' : stringify(yaml), ...said } = file;
  const aged =
    ageHours === undefined ? {} : { modifiedAt: Math.floor((Date.now() + clockOffsetMs) / 1000 - ageHours * 3600) };
  return { ...defaults, ...aged, ...said, text };
}

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
  senders?: Record<string, PlayedSender>;
  waitingCommits?: number;
  slots?: Record<string, PlayedSlot>;
  archiver?: 'works' | 'fails';
  /** Of a standby. */
  received?: Series<string>;
  replayed?: Series<string>;
  paused?: boolean;
  receiver?: string;
  /** As whom it asks, over which slot, and when it last heard of its primary. */
  name?: string;
  slot?: string;
  heardAgeSeconds?: number;
  replayAgeSeconds?: number;
  /** What its settings are other than a healthy server's; what its files say of the next start; what waits for a restart. */
  settings?: Record<string, string>;
  files?: Record<string, string>;
  waiting?: string[];
}

/** A process that sends to a standby. */
export interface PlayedSender {
  state: string;
  name?: string;
  sync?: string;
  lag?: Series<Size>;
  unreceived?: Series<Size>;
  replyAgeSeconds?: number;
}

/** A slot; it is physical and active unless said. */
export interface PlayedSlot {
  type?: 'physical' | 'logical';
  active?: boolean;
  retained?: Size;
}

/** What a dry run of a copy from the peer finds. */
interface PlayedSync {
  totalFiles: number;
  totalBytes: Size;
  /** Names that differ; `files` and `bytes` are what a copy would move of them. */
  differing?: string[];
  files?: number;
  bytes?: Size;
  young?: number;
}
