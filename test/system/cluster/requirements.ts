/** What the cluster needs of the machine beside what the lab needs. */
import { accessSync, constants } from 'node:fs';
import { describe } from 'vitest';
import { whyNoLab } from '../lab/requirements.js';

const programs = { nginx: 'nginx-light', sshfs: 'sshfs', curl: 'curl', openssl: 'openssl' };

function installed(program: string): boolean {
  return ['/usr/local/bin', '/usr/sbin', '/usr/bin'].some((folder) => {
    try {
      accessSync(`${folder}/${program}`, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Why no cluster can run on this machine; undefined when one can. */
async function whyNoCluster(): Promise<string | undefined> {
  const gone = Object.entries(programs).filter(([program]) => !installed(program));
  if (gone.length > 0)
    return `missing programs: ${gone.map(([name, debian]) => `${name} (package ${debian})`).join(', ')}`;
  try {
    accessSync('/dev/fuse', constants.R_OK);
  } catch {
    return 'the kernel has no FUSE';
  }
  return whyNoLab();
}

const reason = await whyNoCluster();

/**
 * `describe` for tests that need the cluster. Where it cannot run they are skipped with the reason in their name, unless
 * PAIRFLIGHT_LAB_REQUIRED=1 demands it: then the run fails.
 */
export function describeCluster(name: string, tests: () => void): void {
  if (reason === undefined) describe(name, tests);
  else if (process.env.PAIRFLIGHT_LAB_REQUIRED !== '1') describe.skip(`${name} (skipped: ${reason})`, tests);
  else throw new Error(`PAIRFLIGHT_LAB_REQUIRED=1, but the cluster cannot run: ${reason}`);
}
