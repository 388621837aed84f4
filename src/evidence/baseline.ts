/** The baseline: the evidence of an earlier run on the same pair, with which this one is compared. */
import { isDeepStrictEqual } from 'node:util';
import { UsageError } from '../core/errors.js';
import type { Evidence } from '../core/model.js';
import type { Pack } from '../pack/pack.js';

/** An earlier run's evidence, without a baseline of its own: only one step back is looked at. */
export type Baseline = NonNullable<Evidence['baseline']>;

/**
 * Refuses a baseline that would prove nothing: of another product or pair, or not older than the run.
 * @throws UsageError that names the difference
 */
export function checkBaseline(
  baseline: Baseline,
  run: Pick<Evidence, 'takenAt' | 'inventory'>,
  pack: Pick<Pack, 'name' | 'pair'>,
  file: string,
): void {
  const { product } = baseline.inventory;
  if (product !== pack.name) throw new UsageError(`${file}: is about ${product}, and this run about ${pack.name}`);
  // Addresses may be given only once hosts are there.
  const isDeclared = baseline.run.declared !== undefined;
  const differing = pack.pair
    .map((role) => ({
      role,
      before: namesOf(baseline.inventory, role, isDeclared),
      now: namesOf(run.inventory, role, isDeclared),
    }))
    .find(({ before, now }) => !isDeepStrictEqual(before, now));
  if (differing) {
    const { role, before, now } = differing;
    throw new UsageError(
      `${file}: is of another pair: the host of the role ${role} is ${named(before)} there and ${named(now)} here; ` +
        'a baseline has the names, roles and addresses of the pair that is judged',
    );
  }
  if (Date.parse(baseline.takenAt) >= Date.parse(run.takenAt)) {
    throw new UsageError(
      `${file}: was taken at ${baseline.takenAt}, and this run at ${run.takenAt}; a baseline is older than the run it is compared with`,
    );
  }
}

type Names = { name: string; address: string }[];

/** The hosts of a role, in the order of their names. */
function namesOf({ hosts }: Evidence['inventory'], role: string, namesAlone: boolean): Names {
  return hosts
    .filter((host) => host.role === role)
    .map(({ name, address }) => ({ name, address: namesAlone ? 'of any address' : address }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function named(hosts: Names): string {
  return hosts.map(({ name, address }) => `${name} (${address})`).join(', ') || 'nobody';
}
