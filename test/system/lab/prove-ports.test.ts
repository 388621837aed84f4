import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Evidence } from '../../../src/core/model.js';
import { describeLab } from './describe-lab.js';
import * as faults from './faults.js';
import type { LabHost } from './host.js';
import type { Lab } from './lab.js';
import { block, hidePrograms } from './obstacles.js';
import { pairflight } from './pairflight.js';
import { type Played, play, type Scenario } from './scenario.js';
import { borrowLab, handBack } from './shared.js';

const proven = 'alation/ha-ports-proven [5432 primary->secondary]';

describeLab('ports proven by listening on them', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await borrowLab({ confDelay: 0.05 });
  });
  afterEach(() => lab.reset());
  afterAll(() => handBack(lab));

  /** The ports that something listens on, with the socket's own number: another socket on the same port shows. */
  async function ears(host: LabHost): Promise<string[]> {
    const { stdout } = await host.exec(['cat', '/proc/net/tcp', '/proc/net/tcp6']);
    const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/));
    return rows.filter((row) => row[3] === '0A').map((row) => `${row[1]} ${row[9]}`);
  }

  /** Plays with --prove-ports; whatever it was, everything listens as before and nothing was written. */
  async function prove(row: Partial<Scenario> = {}): Promise<Played> {
    await row.fault?.(lab);
    const before = await Promise.all(lab.hosts.map(ears));
    const { fault: _, ...rest } = row;
    const played = await play(lab, { ...rest, args: ['--prove-ports', ...(row.args ?? [])] });
    expect(await Promise.all(lab.hosts.map(ears))).toEqual(before);
    expect(before.flat().length).toBeGreaterThan(2);
    expect(played.harm).toEqual([]);
    expect(played.logins).toEqual([1, 1]);
    expect(played.ran.stderr).toBe('');
    return played;
  }

  /** What the listening host said of each port, per direction. */
  function saidBy(name: string): string[] {
    const { steps } = JSON.parse(readFileSync(`${lab.folder}/evidence.json`, 'utf8')) as Evidence;
    const proofs = steps.filter((step) => step.probe === 'port-proof' && step.asks[0]?.host === name);
    return proofs.flatMap((step) => step.outputs[0]?.[0]?.stdout.split('\n') ?? []);
  }

  const postgresStopped = (own: Lab) => faults.stopProcesses(own.secondary, 'postgres');

  it('without the option a refused port stays unproven, and nobody listens', async () => {
    await postgresStopped(lab);
    const { verdicts, report, ran } = await play(lab);
    expect(ran.code).toBe(0);
    expect(verdicts[proven]).toBe('unknown');
    expect(verdicts['alation/ha-ports-reachable [5432 primary->secondary]']).toBe('pass');
    expect(report?.findings.find(({ key }) => key === proven)?.message).toMatch(/--prove-ports/);
    const { stdout } = await pairflight(['plan', lab.inventory()]);
    expect(stdout).not.toContain('port-ears');
  });

  it('a refused port is proven open, and a used one is never taken', async () => {
    const { verdicts, ran } = await prove({ fault: postgresStopped });
    expect(ran.code).toBe(0);
    expect(verdicts[proven]).toBe('pass');
    expect(saidBy('secondary')).toEqual(expect.arrayContaining(['5432 listening', '5432 accepted']));
    expect(saidBy('primary')).toContain('5432 in-use');
    // The login may not listen below 1024, and is not made to.
    for (const host of ['primary', 'secondary']) expect(saidBy(host)).not.toContain('22 listening');
  });

  it('by perl where there is no python3', async () => {
    const fault = async () => {
      await postgresStopped(lab);
      await hidePrograms(lab.secondary, ['python3']);
    };
    const { verdicts } = await prove({ fault });
    expect(verdicts[proven]).toBe('pass');
    expect(saidBy('secondary')).toEqual(expect.arrayContaining(['via perl', '5432 listening', '5432 accepted']));
  });

  it('stays unproven where the peer has nothing to listen with', async () => {
    const fault = async () => {
      await postgresStopped(lab);
      await hidePrograms(lab.secondary, ['python3', 'perl', 'nc', 'ncat']);
    };
    const { verdicts, report } = await prove({ fault });
    expect(verdicts[proven]).toBe('unknown');
    expect(report?.findings.find(({ key }) => key === proven)?.message).toMatch(/none of python3, perl/);
  });

  it("a firewall's RST where nothing listens is found out", async () => {
    const fault = async () => {
      await postgresStopped(lab);
      await block(lab.primary, lab.secondary, 5432, 'reset');
    };
    const { verdicts, ran } = await prove({ fault });
    expect(verdicts[proven]).toBe('fail');
    // A warning: only the documents' own requirement, the way to the port, stops the setup.
    expect(ran.code).toBe(0);
    expect(saidBy('secondary')).toContain('5432 listening');
    expect(saidBy('secondary')).not.toContain('5432 accepted');
  });

  it('a port of the inventory is proven too, and the plan says that this is active', async () => {
    const inventory = () => ({ ports: [{ port: 9092, name: 'Event Bus', from: 'secondary', to: 'primary' }] });
    const { verdicts, ran } = await prove({ inventory });
    expect(ran.code).toBe(0);
    const judged = Object.entries(verdicts).filter(([key]) => key.startsWith('alation/ha-ports-proven [9092'));
    expect(judged.length).toBeGreaterThan(0);
    for (const [, verdict] of judged) expect(verdict).toBe('pass');
    const { stdout } = await pairflight(['plan', '--prove-ports', lab.inventory(inventory())]);
    expect(stdout).toMatch(/ACTIVE.*\n?.*port-ears|port-ears.*ACTIVE/);
  });
});
