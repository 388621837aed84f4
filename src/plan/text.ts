/** The plan of a run as text and as JSON: every command word for word. Pure. */
import { inputInWords } from '../core/format.js';
import type { ExecAsk, Sampling, Step } from '../core/model.js';
import { contextEntry, OWN_COMMANDS, SSH_QUESTIONS } from '../core/shell/contexts.js';
import { PREAMBLE } from '../core/shell/preamble.js';
import { shownLine } from '../core/shell/words.js';
import { askedFrom, HERE } from './endpoints.js';
import { Questions } from './questions.js';
import type { Scope } from './scope.js';

/** Which configuration of the SSH client a run is meant to follow; `none` is none. */
export interface PlanOptions {
  sshConfig?: string | undefined;
}

export function planJson(scope: Scope, steps: Step[], options: PlanOptions = {}) {
  return {
    schema: 'pairflight/plan/1',
    pack: { name: scope.pack.name, version: scope.pack.version, sha256: scope.pack.sha256 },
    phases: scope.phases,
    selection: scope.selection,
    release: scope.releaseName ?? null,
    ...(scope.pack.allowed && { allowCommands: scope.pack.allowed }),
    transport: { onThisMachine: sshQuestions(scope, options), own: OWN_COMMANDS, preamble: PREAMBLE },
    contexts: contextsOf(steps).map(({ host, as, enter, user }) => ({
      host,
      as,
      ...(user !== undefined && { user }),
      ...contextEntry(as, enter),
    })),
    steps,
  };
}

/** The plan as a person reads it; also what the committed snapshots hold. */
export function planText(scope: Scope, steps: Step[], options: PlanOptions = {}): string {
  // A word of several lines is shown once, by number where it is used.
  const scripts = [
    ...new Set(
      steps.flatMap((step) =>
        step.asks.flatMap(({ ask }) => (ask.kind === 'exec' ? ask.argv.filter((word) => word.includes('\n')) : [])),
      ),
    ),
  ];
  const asked = sshQuestions(scope, options);
  const commands = commandsByHost(steps, scripts);
  const release = scope.releaseName ?? (scope.pack.build === undefined ? 'not asked for' : 'read from the hosts');
  const lines = [
    `Plan of ${scope.pack.title} (pack ${scope.pack.name} ${scope.pack.version}), phase ${scope.phases.join(', ')}, release ${release}`,
    ...(scope.pack.allowed ?? []).map((path) => `Not known to only read, and allowed by --allow-command: ${path}`),
    '',
    ...(asked.length > 0 ? ['On this machine the transport itself runs, unless --ssh-config none:'] : []),
    ...asked.map(ownLine),
    'Each host that is reached by SSH: one connection. On it the transport itself runs, where needed:',
    ...OWN_COMMANDS.map(ownLine),
    'Shells are fed these functions; pf and pf_quick run each command with its time limit and stdin from /dev/null, or from a line shown below it:',
    ...indented(PREAMBLE),
  ];
  for (const [index, script] of scripts.entries()) {
    lines.push('', `script ${index + 1}, where a command below names it:`, ...indented(script));
  }
  for (const host of scope.hosts) {
    lines.push('', `${host.name} (${host.role}, ${host.address})${wayTo(host)}`, ...(commands.get(host.name) ?? []));
  }
  const here = [...(commands.get(HERE) ?? []), ...ownAsks(steps).map((line) => `  ${line}`)];
  if (here.length > 0) lines.push('', `On ${named(HERE)}`, ...here);
  return `${lines.join('\n')}\n`;
}

/** What is asked of the `ssh` of this machine, where a host is reached by SSH and a configuration is meant. */
function sshQuestions({ hosts }: Scope, { sshConfig }: PlanOptions): typeof SSH_QUESTIONS {
  return sshConfig === 'none' || hosts.every(({ connection }) => connection !== 'ssh') ? [] : SSH_QUESTIONS;
}

const ownLine = ({ command, when }: { command: string; when: string }) => `  ${command}    (${when})`;

/** How a host is asked, where that is not by SSH. */
function wayTo(host: Scope['hosts'][number]): string {
  if (host.connection === 'endpoint') return `, asked over HTTP from ${named(askedFrom(host))}`;
  if (host.connection === 'local') return ', this machine: no SSH connection';
  return host.connection === 'none' ? ', not asked by this run: its evidence is collected elsewhere' : '';
}

const named = (host: string) => (host === HERE ? 'this machine' : host);

/** The commands of each host, by the shell that they are fed to; the steps are gone through once, whatever hosts there are. */
function commandsByHost(steps: Step[], scripts: string[]): Map<string, string[]> {
  const asked = new Map<string, { ask: ExecAsk; sample: Sampling }[]>();
  for (const { host, ask, sample } of new Questions(steps).of()) {
    if (ask.kind !== 'exec') continue;
    const key = contextKey(host, ask);
    const known = asked.get(key);
    if (known) known.push({ ask, sample });
    else asked.set(key, [{ ask, sample }]);
  }
  const found = new Map<string, string[]>();
  for (const context of contextsOf(steps)) {
    const { host, as, enter, user } = context;
    const lines = found.get(host) ?? [];
    found.set(host, lines);
    const entry = contextEntry(as, enter);
    lines.push(`  as ${as}: ${entry.shell}`);
    if (user !== undefined) lines.push(`    believed only where it is the shell of the user ${shownLine([user])}`);
    if (as !== 'login') lines.push(`    if sudo refuses that shell, each command by itself: ${entry.each}`);
    for (const { ask, sample } of asked.get(contextKey(host, context)) ?? []) {
      const active = ask.effect === 'listen' ? 'ACTIVE  ' : '';
      const words = ask.argv.map((word) =>
        scripts.includes(word) ? `"script ${scripts.indexOf(word) + 1}"` : shownLine([word]),
      );
      lines.push(`    ${active}${words.join(' ')}    (${ask.timeoutMs / 1000} s${sampled(sample)})`);
      // Of a secret its variable alone is known here.
      if (ask.stdin) lines.push(`      stdin: ${inputInWords(ask.stdin)}`);
    }
  }
  return found;
}

const contextKey = (host: string, { as, enter }: Pick<ExecAsk, 'as' | 'enter'>) => JSON.stringify([host, as, enter]);

function sampled({ times, everyMs }: Sampling): string {
  return times > 1 ? `; sampled ${times} times, ${everyMs / 1000} s apart` : '';
}

/** What this machine is asked itself: no command, but no less shown. */
function ownAsks(steps: Step[]): string[] {
  const lines = new Questions(steps).of().flatMap(({ ask, sample }) => {
    if (ask.kind === 'ping')
      return [
        `${ask.count} ICMP echo requests to ${ask.to} by net-ping, where that is installed and permitted    (${ask.timeoutMs / 1000} s each${sampled(sample)})`,
      ];
    return ask.kind === 'sysinfo' ? [`systeminformation: ${ask.call}${sampled(sample)}`] : [];
  });
  return [...new Set(lines)];
}

const indented = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `  | ${line}`);

type Entered = Pick<ExecAsk, 'as' | 'enter' | 'user'> & { host: string };

/** The contexts in which a plan asks, each with its host. */
export function contextsOf(steps: Step[]): Entered[] {
  const found = new Map<string, Entered>();
  for (const { host, ask } of steps.flatMap((step) => step.asks)) {
    if (ask.kind === 'exec')
      found.set(contextKey(host, ask), {
        host,
        as: ask.as,
        ...(ask.enter && { enter: ask.enter }),
        ...(ask.user !== undefined && { user: ask.user }),
      });
  }
  return [...found.values()].sort((a, b) => rank(a.as) - rank(b.as));
}

const rank = (as: string) => (as === 'login' ? 0 : as === 'root' ? 1 : 2);
