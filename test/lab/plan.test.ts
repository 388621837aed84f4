import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Ask, ExecAsk } from '../../src/model.js';
import { describeLab } from './describe-lab.js';
import { allowCommands, setFile } from './faults.js';
import type { LabHost } from './host.js';
import { type Lab, startLab } from './lab.js';
import { pairflight } from './pairflight.js';
import { commandsIn, recordSessions, sessionsOf } from './recorder.js';
import { type Played, play } from './scenario.js';

/** What this test reads of `pairflight plan --json`. */
interface Plan {
  transport: { own: { command: string }[]; preamble: string };
  contexts: { host: string; as: string; shell: string; each: string }[];
  steps: { asks: { host: string; ask: Ask }[] }[];
}

/** A command that ran: the line that opened its shell, and its words. */
type Command = [shell: string, ...argv: string[]];

describeLab('everything that runs stands in the plan', () => {
  let lab: Lab;
  let plan: Plan;
  let text: string;

  beforeAll(async () => {
    lab = await startLab();
    const inventory = lab.inventory();
    plan = JSON.parse((await pairflight(['plan', '--json', inventory])).stdout);
    text = (await pairflight(['plan', inventory])).stdout;
  });
  afterEach(() => lab.reset());
  afterAll(() => lab?.close());

  async function record(fault: (host: LabHost) => void = () => {}): Promise<Played> {
    return play(lab, {
      fault: async () => {
        for (const host of lab.hosts) {
          fault(host);
          await recordSessions(host);
        }
      },
    });
  }

  async function executed(host: LabHost): Promise<Command[]> {
    const commands = sessionsOf(host).map(async (session) => {
      const argvs = await commandsIn(session, plan.transport.preamble);
      return argvs.map((argv): Command => [session.line, ...argv]);
    });
    return (await Promise.all(commands)).flat();
  }

  function planned(host: LabHost): ExecAsk[] {
    const asks = plan.steps.flatMap((step) => step.asks.filter((one) => one.host === host.name));
    const commands = asks.flatMap(({ ask }) => (ask.kind === 'exec' ? [ask] : []));
    const key = ({ as, enter, argv }: ExecAsk) => JSON.stringify([as, enter, argv]);
    return [...new Map(commands.map((ask) => [key(ask), ask])).values()];
  }

  /** The plan's own lines for the context of a question: how its shell is opened, and each command where there is none. */
  function contextOf(host: LabHost, { as, enter }: ExecAsk) {
    const words = enter?.map((word) => (word === '{shell}' ? loginShell(host) : word)).join(' ');
    const found = plan.contexts.find(
      (one) => one.host === host.name && one.as === as && (!words || one.shell.replaceAll("'", '').endsWith(words)),
    );
    if (!found) throw new Error(`the plan has no context ${as} on ${host.name}`);
    return found;
  }

  const own = () => plan.transport.own.map(({ command }) => command);
  function loginShell(host: LabHost): string {
    return plan.contexts.find((one) => one.host === host.name && one.as === 'login')?.shell ?? '';
  }

  it('on a healthy lab: every planned command once, in its own shell, and sudo asked once', async () => {
    const { ran, harm } = await record();
    expect(ran.code, ran.stderr).toBe(0);
    expect(harm).toEqual([]);
    for (const host of lab.hosts) {
      const expected = planned(host).map((ask): Command => [contextOf(host, ask).shell, ...ask.argv]);
      const ours: Command[] = [];
      for (const command of ['id -u', 'sudo -n true']) {
        expect(own()).toContain(command);
        ours.push([loginShell(host), ...command.split(' ')]);
      }
      // The product's place before 4.0 is in the plan, but there is no shell in it.
      const possible = expected.filter(([shell]) => !shell.includes("'/usr/local/alation'"));
      expect(possible.length).toBeLessThan(expected.length);
      expect((await executed(host)).sort()).toEqual([...possible, ...ours].sort());
      const shells = new Set(expected.map(([shell]) => shell));
      for (const { line } of sessionsOf(host)) expect(shells).toContain(line);
    }
  });

  it('where sudo allows single commands: each in the form that the plan shows', async () => {
    const { ran } = await record((host) => {
      setFile(host, `${host.layout.chroot}/etc/noise`, '');
      allowCommands(host);
    });
    expect(ran.code, ran.stderr).toBe(0);
    for (const host of lab.hosts) {
      const shell = loginShell(host);
      const expected = planned(host).map((ask): Command => {
        if (ask.as === 'login') return [shell, ...ask.argv];
        const words = ask.enter?.map((word) => (word === '{shell}' ? ask.argv.join(' ') : word)) ?? ask.argv;
        expect(contextOf(host, ask).each).toMatch(/^sudo -n /);
        return [shell, 'sudo', '-n', ...words];
      });
      const ours = ['id -u', 'sudo -n true', 'sudo -n -l'].map((line): Command => [shell, ...line.split(' ')]);
      expect(own()).toEqual(expect.arrayContaining(['id -u', 'sudo -n true', 'sudo -n -l']));
      expect((await executed(host)).sort()).toEqual([...expected, ...ours].sort());
    }
  });

  it('and the plan that a person reads holds every word of it', () => {
    for (const line of plan.transport.preamble.trim().split('\n')) expect(text).toContain(`  | ${line}\n`);
    for (const { shell, each } of plan.contexts) {
      expect(text).toContain(`: ${shell}\n`);
      if (!shell.startsWith('exec ')) expect(text).toContain(`: ${each}\n`);
    }
    for (const { timeoutMs, argv } of lab.hosts.flatMap(planned)) {
      const script = argv.find((word) => word.includes('\n'));
      const plain = argv.map((word) => (word === script ? /"script \d+"/ : word));
      const words = plain.map((word) =>
        // A word that a shell would take for more than itself stands in quotes.
        word instanceof RegExp ? word.source : `'?${word.replaceAll(/[.*+?^${}()[\]|\\]/g, '\\$&')}'?`,
      );
      expect(text).toMatch(new RegExp(`^ {4}${words.join(' ')} {4}\\(${timeoutMs / 1000} s\\)$`, 'm'));
      for (const line of script?.trimEnd().split('\n') ?? []) expect(text).toContain(`  | ${line}\n`);
    }
  });
});
