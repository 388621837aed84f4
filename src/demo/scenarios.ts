/** Reads a pack's demo.yaml: scenarios that extend one another by patches. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, readDocument } from '../document.js';
import { UsageError } from '../errors.js';
import { isRecord } from '../record.js';
import { check, suggestion } from '../validation.js';
import type { Machine } from './machine.js';
import { demoSchema, machineSchema } from './schema.js';

/** A scenario's pair, ready to be played, and what its inventory says beside the hosts. */
export interface Scenario {
  name: string;
  description: string;
  /** The phase whose rules it is made for. */
  phase: string;
  hosts: Machine[];
  inventory: Record<string, unknown>;
}

/** The scenarios of a pack. */
export interface Demo {
  product: string;
  scenarios: Scenario[];
}

type Patch = Record<string, unknown>;

interface ScenarioText {
  description: string;
  extends?: string;
  phase?: string;
  inventory?: Patch;
  every?: Patch;
  hosts?: Record<string, Patch>;
}

type DemoText = Document<{ product: string; scenarios: Record<string, ScenarioText> }>;

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

/** Reads `demo.yaml` of a pack's folder. @throws UsageError that says where the file is wrong, and what would be right. */
export function loadDemo(packDir: string): Demo {
  const file = join(packDir, 'demo.yaml');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`${file}: cannot be read; a pack's demo needs this file`);
  }
  return readDemo(text, file);
}

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
  throw new UsageError(`no scenario "${name}"${suggestion(name, known)}`);
}

/** The scenario that stands for a phase: the first that is made for it. @throws UsageError that names the phases there are. */
export function scenarioFor(demo: Demo, phase: string): Scenario {
  const found = demo.scenarios.find((scenario) => scenario.phase === phase);
  if (found) return found;
  const known = [...new Set(demo.scenarios.map((scenario) => scenario.phase))];
  throw new UsageError(`no scenario is made for the phase "${phase}"${suggestion(phase, known)}`);
}

function scenarioOf(document: DemoText, name: string): Scenario {
  const chain = chainOf(document, name);
  const inventory = chain.reduce((base: Patch, { inventory: more = {} }) => merged(base, more), {});
  const names = [...new Set(chain.flatMap(({ hosts = {} }) => Object.keys(hosts)))];
  const where = document.at(['scenarios', name]);
  if (names.length === 0) throw new UsageError(`${where}: ${name}: no hosts; name at least two, or extend a scenario`);
  const hosts = names.map((host) => {
    const said = chain.reduce(
      (base: Patch, { every = {}, hosts: own = {} }) => merged(merged(base, every), own[host] ?? {}),
      DEFAULTS,
    );
    const [mistake] = check(machineSchema, said);
    if (mistake) throw new UsageError(`${where}: ${name}, host ${host}: ${mistake.message}`);
    const hostKey = said.hostKey ?? host;
    return { hostname: host, knownHostKey: hostKey, ...said, hostKey, name: host } as unknown as Machine;
  });
  const { description = '' } = chain.at(-1) ?? {};
  const phase = chain.findLast((one) => one.phase !== undefined)?.phase ?? DEFAULT_PHASE;
  return { name, description, phase, hosts, inventory };
}

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

/** JSON merge patch (RFC 7396): objects are merged, null takes away, everything else replaces. */
function merged(base: Patch, patch: Patch): Patch {
  const result = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = isRecord(value) ? merged(isRecord(result[key]) ? result[key] : {}, value) : value;
  }
  return result;
}
