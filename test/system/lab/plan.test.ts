import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { waitingLine } from '../../../src/core/shell/contexts.js';
import { describeLab } from './describe-lab.js';
import { allowCommands, setFile } from './faults.js';
import type { LabHost } from './host.js';
import type { Lab } from './lab.js';
import { pairflightProcess } from './pairflight.js';
import { type Command, expectedOn, LabPlan } from './planned.js';
import { type Played, play } from './scenario.js';
import { recordSessions, sessionsOf } from './session-log.js';
import { borrowLab, handBack } from './shared.js';

describeLab('everything that runs stands in the plan', () => {
  let lab: Lab;
  let plan: LabPlan;

  beforeAll(async () => {
    lab = await borrowLab();
    plan = await LabPlan.for(lab.inventory());
  });
  afterEach(() => lab.reset());
  afterAll(() => handBack(lab));

  async function record(fault: (host: LabHost) => void = () => {}): Promise<Played> {
    const recorded = async () => {
      for (const host of lab.hosts) {
        fault(host);
        await recordSessions(host);
      }
    };
    return play(lab, { fault: recorded, configured: true }, pairflightProcess);
  }

  it('on a healthy lab: every planned command once, in its own shell, and sudo asked once', async () => {
    const { ran, harm } = await record();
    expect(ran.code, ran.stderr).toBe(0);
    expect(harm).toEqual([]);
    for (const host of lab.hosts) {
      for (const command of ['id -u', 'sudo -n true']) expect(plan.own).toContain(command);
      expect((await plan.executed(host)).sort()).toEqual(expectedOn(plan, host));
      const shells = new Set(plan.on(host).map((ask) => plan.contextOf(host, ask).shell));
      for (const { line } of sessionsOf(host)) expect(shells).toContain(line);
      // The first shell of each context, and of no other, was opened ahead; the plan says so.
      expect(plan.own).toContain(waitingLine('<shell>'));
      const ahead = sessionsOf(host).filter(({ waited }) => waited);
      expect(ahead.map(({ line }) => line).sort()).toEqual(
        [...shells].filter((line) => !line.startsWith('exec ')).sort(),
      );
    }
  });

  it('where sudo allows single commands: each in the form that the plan shows', async () => {
    const { ran } = await record((host) => {
      setFile(host, `${host.layout.chroot}/etc/noise`, '');
      allowCommands(host);
    });
    expect(ran.code, ran.stderr).toBe(0);
    for (const host of lab.hosts) {
      const shell = plan.loginShell(host);
      const single = (enter: readonly string[] | undefined, argv: readonly string[]): Command => {
        const words = enter?.map((word) => (word === '{shell}' ? argv.join(' ') : word)) ?? argv;
        return [shell, 'sudo', '-n', ...words];
      };
      const asked = plan.on(host);
      // The list allows nothing in the product's place before 4.0: nobody is known to answer there, and nothing more is asked.
      const expected = asked.flatMap((ask): Command[] => {
        if (ask.as === 'login') return [[shell, ...ask.argv]];
        expect(plan.contextOf(host, ask).each).toMatch(/^sudo -n /);
        return ask.enter?.includes('/usr/local/alation') ? [] : [single(ask.enter, ask.argv)];
      });
      const entries = asked.filter(({ as }) => as !== 'login').map(({ enter }) => JSON.stringify(enter ?? null));
      const who = [...new Set(entries)].map((entry) => single(JSON.parse(entry) ?? undefined, ['id', '-un']));
      const once = ['id -u', 'sudo -n true', 'sudo -n -l'];
      const ours = [...who, ...once.map((line): Command => [shell, ...line.split(' ')])];
      expect(plan.own).toEqual(expect.arrayContaining([...once, 'id -un']));
      expect((await plan.executed(host)).sort()).toEqual([...expected, ...ours].sort());
    }
  });

  it('and the plan that a person reads holds every word of it', () => {
    expect(plan.text).toContain('/usr/local/alation');
    for (const line of plan.preamble.trim().split('\n')) expect(plan.text).toContain(`  | ${line}\n`);
    for (const { shell, each } of plan.contexts) {
      expect(plan.text).toContain(`: ${shell}\n`);
      if (!shell.startsWith('exec ')) expect(plan.text).toContain(`: ${each}\n`);
    }
    for (const { timeoutMs, argv } of lab.hosts.flatMap((host) => plan.on(host))) {
      const scripts = argv.filter((word) => word.includes('\n'));
      const plain = argv.map((word) => (scripts.includes(word) ? /"script \d+"/ : word));
      const words = plain.map((word) =>
        // A word that a shell would take for more than itself stands in quotes.
        word instanceof RegExp ? word.source : `'?${word.replaceAll(/[.*+?^${}()[\]|\\]/g, '\\$&')}'?`,
      );
      expect(plan.text).toMatch(new RegExp(`^ {4}${words.join(' ')} {4}\\(${timeoutMs / 1000} s\\)$`, 'm'));
      for (const line of scripts.flatMap((script) => script.trimEnd().split('\n')))
        expect(plan.text).toContain(`  | ${line}\n`);
    }
  });
});
