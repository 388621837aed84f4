/** Puts a probe's questions to a played host, without the way there. */

import type { ExecAsk } from '../../src/core/model.js';
import { findScenario, readDemo } from '../../src/demo/file/scenarios.js';
import { Turns } from '../../src/demo/play/changing-answers.js';
import { meaningOf } from '../../src/demo/play/command-line.js';
import { builtinProbes } from '../../src/probes/index.js';
import { refusalOf } from '../../src/probes/read-only.js';
import { read, said, unreadable } from '../probes/support.js';

/** The hosts of the scenario `all`, ready to be asked; what is asked of each is counted from now on. */
export function played(yaml: string) {
  const { hosts, endpoints } = findScenario(readDemo(yaml, 'demo.yaml'), 'all');
  const stages = new Map(
    hosts.map((machine) => [machine.name, { machine, hosts, endpoints, turns: new Turns() }] as const),
  );
  const put = (id: string, params: object, host: string, secret = '') => {
    const [probe, stage] = [builtinProbes.find((one) => one.id === id), stages.get(host)];
    if (!probe || !stage) throw new Error(`no probe ${id}, or no host ${host}`);
    const { name, address } = stage.machine;
    const asks = probe.ask(params, { name, role: name, address, connection: 'ssh' }) as ExecAsk[];
    const outputs = asks.map((ask) => {
      expectAllowed(ask);
      const input = ask.stdin && secret !== '' ? `${ask.stdin.line.replace('{secret}', secret)}\n` : '';
      const meaning = meaningOf({ ...stage, input }, ask.argv, ask.as);
      if (meaning.kind !== 'answer') throw new Error(`${ask.argv[0]} is not played`);
      const { exit, stdout, stderr } = meaning.answer;
      return { ...said(stdout, exit, stderr), startedAt: new Date().toISOString() };
    });
    return { probe, outputs };
  };
  return {
    value: (id: string, params: object, host: string, secret?: string) => {
      const { probe, outputs } = put(id, params, host, secret);
      return read(probe, outputs, params) as Record<string, unknown>;
    },
    whyNot: (id: string, params: object, host: string) => {
      const { probe, outputs } = put(id, params, host);
      return unreadable(probe, outputs, params).message;
    },
    run: (argv: [string, ...string[]], host: string, as: string) => {
      const stage = stages.get(host);
      const meaning = stage && meaningOf(stage, argv, as);
      if (meaning?.kind !== 'answer') throw new Error(`${argv[0]} is not played`);
      return meaning.answer;
    },
  };
}

function expectAllowed(ask: ExecAsk): void {
  const refused = refusalOf(ask, false, []);
  if (refused !== undefined) throw new Error(refused);
}

/** What every host of such a scenario has to say of itself. */
export const HOST = `
      architecture: x86_64
      kernelRelease: 6.1.0
      processors: 2
      memory: 1 GiB
      interfaces: {}
      bootId: 7c1f0a52-3d0e-4b8e-9a57-2f6f0c1a9d11
      machineId: 5f0c6a3be1d24c0f9a7d8b3c2e1f4a60
      filesystems: { /: { device: /dev/sda1, number: "8:1", type: ext4, deviceBytes: 9 GiB, freeBytes: 4 GiB } }`;
