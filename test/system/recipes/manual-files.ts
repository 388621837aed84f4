/** What the manual's lines on declared hosts and on fleets read, in the folder of a project. */
import { appendFileSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningFleet, startFleet } from '../../../src/demo/fleet.js';
import { loadDemo } from '../../../src/demo/index.js';
import { packDir } from '../../../src/pack/load.js';
import type { Project } from './project.js';

const pack = packDir('alation');

/** Puts a plan, rendered files and Ansible's facts beside the inventory, which names the plan's resources. */
export function declareHosts({ checkout, inventory }: Project): void {
  copyFileSync(join(pack, 'declared-demo/plan.json'), join(checkout, 'plan.json'));
  for (const folder of ['rendered', 'facts']) mkdirSync(join(checkout, folder));
  const { hosts, ...rest } = inventory;
  for (const name of ['primary', 'secondary']) {
    const terraform = {
      machine: `aws_instance.${name}`,
      installSpace: `aws_instance.${name}`,
      dataDisk: `aws_ebs_volume.${name}_data`,
      backupDisk: `aws_ebs_volume.${name}_backup`,
    };
    Object.assign(hosts[name] ?? {}, { declared: { terraform } });
    writeFileSync(join(checkout, 'rendered', `${name}.disk1`), '/data\n');
    writeFileSync(join(checkout, 'facts', name), JSON.stringify(factsOf(name)));
  }
  writeFileSync(join(checkout, 'pairflight.yaml'), JSON.stringify({ ...rest, hosts }));
}

/** Ansible's facts of a host, in the form of `setup --tree`. */
function factsOf(name: string) {
  return {
    ansible_facts: {
      ansible_architecture: 'x86_64',
      ansible_date_time: { iso8601: '2026-11-20T04:41:00Z' },
      ansible_machine_id: (name === 'primary' ? '1' : '2').repeat(32),
      ansible_memtotal_mb: 64000,
      ansible_nodename: name,
      ansible_processor_vcpus: 16,
    },
    changed: false,
  };
}

/** Plays a fleet of four pairs, one for each of the manual's shards; its file is fleet.yaml. */
export async function playFleetOf({ checkout, home, root }: Project): Promise<RunningFleet> {
  const scene = { count: 4, phase: 'verify', seed: 12, faultPercent: 25 };
  const fleet = await startFleet(loadDemo(pack), scene, join(root, 'fleet'));
  copyFileSync(fleet.file, join(checkout, 'fleet.yaml'));
  appendFileSync(join(home, '.ssh/known_hosts'), readFileSync(fleet.knownHosts));
  return fleet;
}
