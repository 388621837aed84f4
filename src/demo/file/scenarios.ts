/** Reads a pack's demo.yaml: scenarios that extend one another by patches. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from '../../core/check-schema.js';
import { suggestion } from '../../core/did-you-mean.js';
import { UsageError } from '../../core/errors.js';
import { isRecord } from '../../core/json.js';
import type { Schema } from '../../core/schema.js';
import type { Document } from '../../core/yaml-document.js';
import { readDocument } from '../../core/yaml-document.js';
import type { Machine, PlayedEndpoint } from './machine.js';
import { demoSchema, endpointSchema, machineSchema } from './schema.js';

/** A scenario's hosts and endpoints, ready to be played, and what its inventory says beside the hosts. */
export interface Scenario {
  name: string;
  description: string;
  /** The phase whose rules it is made for. */
  phase: string;
  /** It passes: the pairs of a fleet that have no fault play it. */
  healthy?: boolean;
  hosts: Machine[];
  endpoints: PlayedEndpoint[];
  inventory: Record<string, unknown>;
}

/** The scenarios of a pack. */
export interface Demo {
  product: string;
  scenarios: Scenario[];
}

const DEFAULT_PHASE = 'preflight';

const DEFAULTS = {
  sshd: 'running',
  sudo: 'nopasswd',
  sudoPassword: 'open-sesame',
  noise: '',
  files: {},
  links: {},
  processes: {},
  listeners: {},
  reach: {},
  contexts: {},
  commands: {},
};

/** Whether a pack has hosts to play. */
export function hasDemo(packDir: string): boolean {
  return existsSync(join(packDir, 'demo.yaml'));
}

/** Reads `demo.yaml` of a pack's folder. @throws UsageError that says where the file is wrong, and what would be right. */
export function loadDemo(packDir: string): Demo {
  const file = join(packDir, 'demo.yaml');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`${file}: cannot be read; a pack's demo needs this file`);
  }
  const last = loaded.get(file);
  if (last?.text === text) return last.demo;
  const demo = readDemo(text, file);
  loaded.set(file, { text, demo });
  return demo;
}

/** The last demo of each file: whoever plays many scenarios has it read once, for as long as its text stays. */
const loaded = new Map<string, { text: string; demo: Demo }>();

/** Reads the text of a demo.yaml. @throws UsageError */
export function readDemo(text: string, file: string): Demo {
  const document: DemoText = readDocument(text, file, demoSchema);
  const names = Object.keys(document.value.scenarios);
  return { product: document.value.product, scenarios: names.map((name) => scenarioOf(document, name)) };
}

/** The scenario of this name. @throws UsageError that names those there are. */
export function findScenario(demo: Demo, name: string): Scenario {
  const found = demo.scenarios.find((scenario) => scenario.name === name);
  if (found) return found;
  const known = demo.scenarios.map((scenario) => scenario.name);
  throw new UsageError(`no scenario "${name}"${suggestion(name, known)}`, 'pairflight demo --list');
}

/** The scenario that stands for a phase, or for all: the first that is made for it. @throws UsageError that names the phases there are. */
export function scenarioFor(demo: Demo, phase?: string): Scenario {
  const found = demo.scenarios.find((scenario) => phase === undefined || scenario.phase === phase);
  if (found) return found;
  const known = [...new Set(demo.scenarios.map((scenario) => scenario.phase))];
  throw new UsageError(
    `no scenario is made for the phase "${phase}"${suggestion(phase ?? '', known)}`,
    'pairflight demo --list',
  );
}

function scenarioOf(document: DemoText, name: string): Scenario {
  const chain = chainOf(document, name);
  const inventory = chain.reduce((base: Patch, { inventory: more = {} }) => merged(base, more), {});
  const where = `${document.at(['scenarios', name])}: ${name}`;
  const complete = (what: string, schema: Schema, said: Patch) => {
    const [mistake] = check(schema, said);
    if (mistake) throw new UsageError(`${where}, ${what}: ${mistake.message}`);
  };
  const hosts = namesIn(chain, 'hosts').flatMap((host) => {
    const layers = chain.map(({ every, hosts: own }) => ({ every, own: own?.[host] }));
    const said = layered(layers, DEFAULTS);
    if (!said) return [];
    complete(`host ${host}`, machineSchema, said);
    const hostKey = said.hostKey ?? host;
    return [{ hostname: host, knownHostKey: hostKey, ...said, hostKey, name: host } as unknown as Machine];
  });
  if (hosts.length === 0) throw new UsageError(`${where}: no hosts; name at least two, or extend a scenario`);
  const endpoints = namesIn(chain, 'endpoints').flatMap((endpoint) => {
    const layers = chain.map(({ endpoints: own }) => ({ own: own?.[endpoint] }));
    const said = layered(layers, {});
    if (!said) return [];
    complete(`endpoint ${endpoint}`, endpointSchema, said);
    const played = { ...said, name: endpoint } as unknown as PlayedEndpoint;
    const names = hosts.map((host) => host.name);
    if (!names.includes(played.via))
      throw new UsageError(
        `${where}, endpoint ${endpoint}: no host "${played.via}" to ask it${suggestion(played.via, names)}`,
      );
    return [played];
  });
  const { description = '', healthy } = chain.at(-1) ?? {};
  const phase = chain.findLast((one) => one.phase !== undefined)?.phase ?? DEFAULT_PHASE;
  return { name, description, phase, ...(healthy && { healthy }), hosts, endpoints, inventory };
}

function namesIn(chain: ScenarioText[], table: 'hosts' | 'endpoints'): string[] {
  return [...new Set(chain.flatMap((one) => Object.keys(one[table] ?? {})))];
}

/** What a scenario says differently from the one it rests on. */
type Patch = Record<string, unknown>;

/** What one scenario of a chain says: of all at once, and of the one that is put together. Null takes that one away. */
interface Layer {
  every?: Patch | undefined;
  own?: Patch | null | undefined;
}

/** What a chain of scenarios comes to for one of its hosts or endpoints; undefined where it is not there, or was taken away. */
function layered(layers: readonly Layer[], defaults: Patch): Patch | undefined {
  let common = defaults;
  let said: Patch | undefined;
  for (const { every = {}, own } of layers) {
    common = merged(common, every);
    if (own === null) said = undefined;
    else if (said) said = merged(merged(said, every), own ?? {});
    else if (own) said = merged(common, own);
  }
  return said;
}

/** JSON merge patch (RFC 7396): objects are merged, null takes away, everything else replaces. */
function merged(base: Patch, patch: Patch): Patch {
  const result = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = isRecord(value) ? merged(isRecord(result[key]) ? result[key] : {}, value) : value;
  }
  return result;
}

/** One scenario, as it differs from the one that it extends. */
interface ScenarioText {
  description: string;
  extends?: string;
  phase?: string;
  healthy?: boolean;
  inventory?: Patch;
  every?: Patch;
  /** Null takes away what an earlier scenario named. */
  hosts?: Record<string, Patch | null>;
  endpoints?: Record<string, Patch | null>;
}

/** The file. */
type DemoText = Document<{ product: string; scenarios: Record<string, ScenarioText> }>;

/** The scenarios that a scenario is made of, the one it rests on first. */
function chainOf(document: DemoText, name: string): ScenarioText[] {
  const { scenarios } = document.value;
  const chain: ScenarioText[] = [];
  const seen = new Set<string>();
  for (let next: string | undefined = name; next !== undefined; ) {
    const scenario: ScenarioText | undefined = scenarios[next];
    if (!scenario) break;
    chain.unshift(scenario);
    seen.add(next);
    const base: string | undefined = scenario.extends;
    if (base === undefined) break;
    const at = document.at(['scenarios', next, 'extends']);
    if (!(base in scenarios))
      throw new UsageError(`${at}: no scenario "${base}"${suggestion(base, Object.keys(scenarios))}`);
    if (seen.has(base)) throw new UsageError(`${at}: ${base} extends itself`);
    next = base;
  }
  return chain;
}
