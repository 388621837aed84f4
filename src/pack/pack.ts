/** A pack: all that is known of one product, as rules and settings. */
import type { FactDefinition, PortRow, Rule } from '../core/model.js';
import type { CommandDeclaration } from '../probes/command.js';
import type { AnyProbe } from '../probes/define.js';
import type { Products } from '../probes/reading-programs.js';
import type { Mappings } from './mappings.js';
import type { Releases } from './releases.js';
import type { Role } from './roles.js';
import type { Phase } from './sentences.js';
import type { SettingDeclaration } from './settings.js';

/** A loaded pack. */
export interface Pack {
  name: string;
  version: string;
  title: string;
  dir: string;
  sha256: string;
  roles: Record<string, Role>;
  /** The roles whose hosts are compared, two of one host each or one of many; rules without `hosts` mean them. */
  pair: string[];
  phases: Record<string, Phase>;
  /** Rule files without their ending, in the order of the report. */
  sections: string[];
  documents: Record<string, { title: string; url?: string }>;
  settings: Record<string, SettingDeclaration>;
  releases: Releases;
  /** Path of the fact that carries the installed build. */
  build?: string;
  /** Settings that the hosts themselves know: the path of the fact that tells each. */
  discover: Record<string, string>;
  ports: PortRow[];
  /** `user`: whom whoever enters has become; another's shell is never believed. */
  contexts: Record<string, { title: string; enter: [string, ...string[]]; user: string }>;
  /** Words that must not occur in any command. */
  never: string[];
  facts: Record<string, FactDefinition>;
  /** In words: what of these rules was never run against the real thing, and what stood in for it. */
  notRun: string[];
  notVerified: {
    id: string;
    what: string;
    why: string;
    phases: string[];
    releases?: string;
    /** It is verified, and so not said, where this setting has a value. */
    unless_set?: string;
    source: { doc: string; section: string };
  }[];
  rules: Rule[];
  probes: Map<string, AnyProbe>;
  /** Ids of the probes that the pack itself declares. */
  declared: Set<string>;
  /** Programs of products that only read, asked as here: pairflight's own list, from rules/index.yaml. */
  reading: Products;
  /** Absolute paths of programs that may run though they are not known to only read; whoever runs pairflight says so. */
  allowed?: readonly string[];
  /** What a plan tells of its facts, where the pack says so. */
  mappings?: Mappings;
  /** What it was made of. */
  text: PackText;
}

/** A pack's files as they were read, and the rules in the form that is judged. Plain data: it can be kept. */
export interface PackText {
  written: Written;
  rules: Rule[];
  mappings?: Mappings;
}

export interface Written
  extends Omit<
    Pack,
    | 'releases'
    | 'ports'
    | 'probes'
    | 'notVerified'
    | 'notRun'
    | 'declared'
    | 'reading'
    | 'allowed'
    | 'mappings'
    | 'text'
  > {
  releases: { name: string; build?: string }[];
  ports?: (Omit<PortRow, 'mustListen'> & { must_listen?: boolean })[];
  commands?: Record<string, Omit<CommandDeclaration, 'timeoutMs'> & { timeout_ms?: number }>;
  not_verified?: Pack['notVerified'];
  not_run?: string[];
}
