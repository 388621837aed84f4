/** What `pairflight plan` says would run on a host, and what did run there. */
import type { Ask, ExecAsk, Sampling } from '../../../src/core/model.js';
import type { LabHost } from './host.js';
import { pairflight } from './pairflight.js';
import { commandsIn, sessionsOf } from './session-log.js';

/** A command that ran: the line that opened its shell, and its words. */
export type Command = [shell: string, ...argv: string[]];

/** A question of the plan, and how often it is asked. */
export type Planned = ExecAsk & { times: number; probe: string };

/** What the tests read of `pairflight plan --json`. */
interface Told {
  transport: { own: { command: string }[]; preamble: string };
  contexts: { host: string; as: string; user?: string; shell: string; each: string }[];
  steps: { probe: string; asks: { host: string; ask: Ask }[]; sample?: Sampling }[];
}

/** A plan, with the questions that it has on a host. */
export class LabPlan {
  readonly #told: Told;

  private constructor(
    told: Told,
    /** The plan as a person reads it. */
    readonly text: string,
  ) {
    this.#told = told;
  }

  /** The plan for the words that name phase and inventory. */
  static async for(...words: string[]): Promise<LabPlan> {
    const told = JSON.parse((await pairflight(['plan', '--json', ...words])).stdout) as Told;
    return new LabPlan(told, (await pairflight(['plan', ...words])).stdout);
  }

  get preamble(): string {
    return this.#told.transport.preamble;
  }

  get contexts(): Told['contexts'] {
    return this.#told.contexts;
  }

  /** Commands that the transport runs for itself. */
  get own(): string[] {
    return this.#told.transport.own.map(({ command }) => command);
  }

  /** Each question once; one that several steps put is asked as often as the step that asks most. */
  on(host: LabHost): Planned[] {
    const found = new Map<string, Planned>();
    for (const { asks, probe, sample } of this.#told.steps) {
      for (const one of asks) {
        if (one.host !== host.name || one.ask.kind !== 'exec') continue;
        const { as, enter, argv } = one.ask;
        const key = JSON.stringify([as, enter, argv]);
        const times = Math.max(sample?.times ?? 1, found.get(key)?.times ?? 1);
        found.set(key, { ...one.ask, times, probe });
      }
    }
    return [...found.values()];
  }

  /** The plan's own lines for the context of a question: how its shell is opened, and each command where there is none. */
  contextOf(host: LabHost, { as, enter }: ExecAsk): Told['contexts'][number] {
    const words = enter?.map((word) => (word === '{shell}' ? this.loginShell(host) : word)).join(' ');
    const found = this.contexts.find(
      (one) => one.host === host.name && one.as === as && (!words || one.shell.replaceAll("'", '').endsWith(words)),
    );
    if (!found) throw new Error(`the plan has no context ${as} on ${host.name}`);
    return found;
  }

  loginShell(host: LabHost): string {
    return this.contexts.find((one) => one.host === host.name && one.as === 'login')?.shell ?? '';
  }

  /** What the log of sessions holds of a host; see `recordSessions`. */
  async executed(host: LabHost): Promise<Command[]> {
    const users = [...new Set(this.contexts.flatMap(({ user }) => user ?? []))];
    const commands = sessionsOf(host).map(async (session) => {
      const argvs = await commandsIn(session, this.preamble, users);
      return argvs.map((argv): Command => [session.line, ...argv]);
    });
    return (await Promise.all(commands)).flat();
  }
}

/** All that a run in lanes has to have run on a host that sudo serves without a password: sudo asked once, each question as often as planned. */
export function expectedOn(plan: LabPlan, host: LabHost): Command[] {
  const ours = ['id -u', 'sudo -n true'].map((line): Command => [plan.loginShell(host), ...line.split(' ')]);
  const asked = plan.on(host).flatMap((ask): Command[] => {
    const command: Command = [plan.contextOf(host, ask).shell, ...ask.argv];
    return Array.from({ length: ask.times }, () => command);
  });
  // The product's place before 4.0 is in the plan, but there is no shell in it.
  return [...ours, ...asked.filter(([shell]) => !shell.includes("'/usr/local/alation'"))].sort();
}
