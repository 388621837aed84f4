/** Whether each row of a pack's port table can be judged: a row that no direction means would vanish. */
import { suggestion } from '../../core/did-you-mean.js';
import type { PortRow } from '../../core/model.js';
import type { Pack } from '../pack.js';
import { must, mustBound, mustKnow, type PlaceInPack } from './refuse.js';

/** Refuses rows between unknown roles, and two rows whose findings would have one key. @throws UsageError with its place */
export function checkPorts(pack: Pack, at: PlaceInPack): void {
  const roles = Object.keys(pack.roles);
  const seen = new Set<string>();
  for (const [index, row] of pack.ports.entries()) {
    const place = (...path: string[]) => at(['ports', index, ...path]);
    for (const end of ['from', 'to'] as const) {
      if (row[end] !== undefined) mustKnow(row[end], roles, place(end), 'role');
    }
    must(row.from === undefined || row.from !== row.to, place(), `leads from ${row.from} to itself`);
    mustBound(pack, row.releases, place('releases'));
    checkNeeded(pack, row, place);
    for (const way of directionsOf(row, roles)) {
      must(!seen.has(`${row.port} ${way}`), place('port'), `port ${row.port} ${way} is there twice`);
      seen.add(`${row.port} ${way}`);
    }
  }
}

/** The directions among all roles that a row means. */
function directionsOf({ from, to }: PortRow, roles: string[]): string[] {
  const ends = (end: string | undefined) => (end === undefined ? roles : [end]);
  return ends(from).flatMap((one) => ends(to).flatMap((other) => (one === other ? [] : [`${one}->${other}`])));
}

function checkNeeded(pack: Pack, row: PortRow, place: (...path: string[]) => string): void {
  const roles = Object.keys(pack.roles);
  for (const [phase, direction] of Object.entries(row.needed ?? {})) {
    // A phase whose rules are still to come may be named already; a near miss of one that is there may not.
    const near = pack.phases[phase] ? '' : suggestion(phase, Object.keys(pack.phases));
    must(!near.startsWith('; did you mean'), place('needed', phase), `unknown phase "${phase}"${near}`);
    if (direction === 'both') continue;
    for (const role of direction.split('->')) mustKnow(role, roles, place('needed', phase), 'role');
    const meant = directionsOf(row, roles).includes(direction);
    must(
      meant,
      place('needed', phase),
      `${direction} is none of the row's directions; right is both, or ${pack.pair.join('->')}`,
    );
  }
}
