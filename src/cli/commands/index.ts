/** Every command, in the order of the help. */
import type { Command, Group } from '../command.js';
import { bundle } from './bundle.js';
import { check } from './check.js';
import { collect } from './collect.js';
import { demo } from './demo.js';
import { diff } from './diff.js';
import { evaluate } from './evaluate.js';
import { fleet } from './fleet.js';
import { fleetCheck } from './fleet-check.js';
import { fleetMerge } from './fleet-merge.js';
import { fleetPreflight, fleetVerify } from './fleet-phases.js';
import { fleetPlan } from './fleet-plan.js';
import { fleetReach } from './fleet-reach.js';
import { init } from './init.js';
import { plan } from './plan.js';
import { preflight } from './preflight.js';
import { reach } from './reach.js';
import { report } from './report.js';
import { coverage } from './rules/coverage.js';
import { list } from './rules/list.js';
import { newPack } from './rules/new.js';
import { rules } from './rules/rules.js';
import { show } from './rules/show.js';
import { test } from './rules/test.js';
import { schema } from './schema.js';
import { verify } from './verify.js';

/** The registry: a command is its file and a line here; the parts of a group come after it. */
export const commands: readonly (Command | Group)[] = [
  preflight,
  verify,
  check,
  plan,
  reach,
  collect,
  bundle,
  evaluate,
  diff,
  report,
  fleet,
  fleetPreflight,
  fleetVerify,
  fleetCheck,
  fleetPlan,
  fleetReach,
  fleetMerge,
  init,
  rules,
  list,
  show,
  coverage,
  test,
  newPack,
  schema,
  demo,
];

/** The command that the words of a command line begin with; options may stand before and between them. */
export function commandMeant(args: readonly string[]): Command | Group | undefined {
  const words = args.filter((word) => !word.startsWith('-'));
  const named = (count: number) => commands.find(({ name }) => name === words.slice(0, count).join(' '));
  return named(2) ?? named(1);
}
