/** `demo declared`: no host is played; a plan that shrinks the Secondary's data disk is judged. */
import { join } from 'node:path';
import { packDir, packIndex } from '../pack/load.js';
import type { ReportOptions } from './options.js';
import { checkHosts } from './run.js';

/** Judges the plan that the default product brings. */
export function demoDeclared({
  report,
  reportMode,
  failOn,
  color,
  all,
  evidence,
}: ReportOptions & { evidence?: string }): Promise<number> {
  const folder = join(packDir(packIndex().default), 'declared-demo');
  const outputs = {
    failOn,
    ...(report && { report }),
    ...(reportMode !== undefined && { reportMode }),
    ...(color !== undefined && { color }),
    ...(all !== undefined && { all }),
    ...(evidence !== undefined && { evidence }),
  };
  const declared = [`terraform=${join(folder, 'plan.json')}`];
  return checkHosts({ ...outputs, acceptNewHostKeys: false, inventory: join(folder, 'pairflight.yaml'), declared }, [
    'preflight',
  ]);
}
