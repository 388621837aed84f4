/** Judges a declared pair in this process, as the command line does. */
import type { Severity } from '../../src/core/model.js';
import { type Declared, declare } from '../../src/declared/declare.js';
import { judgeEvidence } from '../../src/judge/report.js';
import { parseInventory } from '../../src/plan/inventory.js';
import { scopeOf, type Target } from '../../src/plan/scope.js';
import { pairInventory } from './plans.js';

const cacheOf = (host: string, disk: string, line: string) => ({
  host,
  path: `/opt/alation/alation/.${disk}_cache`,
  file: `${host}.${disk}`,
  bytes: Buffer.from(`${line}\n`),
});

/** The files in which the product keeps where its disks are. */
export const cacheFiles = ['primary', 'secondary'].flatMap((host) => [
  cacheOf(host, 'disk1', '/data'),
  cacheOf(host, 'disk2', '/backup'),
]);

/** The inventory's target. */
export const targetFor = (inventory = pairInventory, only: string[] = []) =>
  scopeOf(parseInventory(inventory, 'pairflight.yaml'), { only });

/** Scope, evidence and report of what is declared. */
export function judgeDeclared(
  plan: unknown,
  {
    inventory = pairInventory,
    failOn = 'blocker' as Severity,
    target = targetFor(inventory),
    ...more
  }: Partial<Declared> & { inventory?: string; failOn?: Severity; target?: Target } = {},
) {
  const terraform =
    plan === undefined
      ? {}
      : {
          terraform: { file: 'plan.json', bytes: Buffer.from(typeof plan === 'string' ? plan : JSON.stringify(plan)) },
        };
  const declared = { ...terraform, files: cacheFiles, defer: false, ...more };
  const { scope, evidence } = declare(target, declared, new Date('2026-11-20T04:41:00Z'));
  return { scope, evidence, report: judgeEvidence(scope, evidence, failOn) };
}

/** The finding of a rule. */
export function findingOf({ report }: Pick<ReturnType<typeof judgeDeclared>, 'report'>, key: string) {
  const finding = report.findings.find((one) => one.key === `alation/${key}`);
  if (!finding) throw new Error(`there is no finding ${key}`);
  return finding;
}
