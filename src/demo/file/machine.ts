/** What demo.yaml says of one played host, once its scenario's patches are applied. */
import { stringify } from 'yaml';
import type { Answer } from '../play/answer.js';
import type { Series } from '../play/changing-answers.js';
import type { PlayedPostgres, PlayedSync, PlayedWeb } from '../services.js';

/** Bytes, as a number or as text such as `50 GiB`. */
export type Size = number | string;

export interface PlayedFile {
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
export interface PlayedDirectory {
  mode?: string;
  owner?: number;
}

/** A user; a group has the number of the user whose own it is. */
export interface PlayedUser {
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
export interface PlayedContext {
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
export type SudoMode = 'nopasswd' | 'password' | 'commands' | 'refused';

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
