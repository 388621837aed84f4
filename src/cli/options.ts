/** The options that several commands share, each declared once, and what commands get of them. */
import type { Options } from 'yargs';
import { UsageError } from '../core/errors.js';
import type { Severity } from '../core/model.js';

/** Options that say which hosts, which rules and how to reach them. */
export interface TargetOptions {
  inventory?: string;
  host?: string[];
  /** The hosts that were given by the option of their role. */
  roles?: Record<string, string>;
  product?: string;
  release?: string;
  pack?: string;
  only?: string[];
  skip?: string[];
  set?: string[];
  provePorts?: boolean;
  baseline?: string;
}

/** Options on how hosts are reached. */
export interface ReachOptions {
  identity?: string;
  knownHosts?: string;
  sshConfig?: string;
  transport?: 'auto' | 'ssh2' | 'openssh';
  acceptNewHostKeys: boolean;
  sudoPasswordEnv?: string;
  timeout?: number;
}

/** The option on what the gate looks at. */
export interface RegressionOptions {
  failOnNew?: boolean;
}

/** Options on how long a run waits for the gate to pass. */
export interface WaitOptions {
  wait?: string;
  every?: string;
}

/** Options on what is made of the findings. */
export interface ReportOptions {
  report?: string[];
  failOn: Severity;
  color?: boolean;
}

/** Which pack is meant, where no host is. */
export interface PackOptions {
  product?: string;
  pack?: string;
}

/** The groups of the help. */
export const groups = {
  hosts: 'Hosts and rules:',
  reach: 'Reaching hosts:',
  waiting: 'Waiting:',
  output: 'Output:',
} as const;

/** An option with a value; of a group, or among the general ones. */
export const text = (describe: string, group?: string) =>
  ({ type: 'string', requiresArg: true, describe, ...(group !== undefined && { group }) }) as const satisfies Options;

/** An option that may be given several times. */
export const texts = (describe: string, group: string) => ({ ...text(describe, group), array: true }) as const;

/** An option that is given or not. */
export const flag = (describe: string, group: string) =>
  ({ type: 'boolean', default: false, describe, group }) as const satisfies Options;

/** An option whose value is a number. */
export const number = (describe: string, group?: string) => ({ ...text(describe, group), type: 'number' }) as const;

/** The inventory, as the first word of a command. */
export const inventory = {
  inventory: { type: 'string', describe: 'the inventory; - is stdin (default: pairflight.yaml)' },
} as const;

/** Hosts, product and settings; each role of one host is an option beside `--host`. */
export const hostOptions = {
  host: texts('ROLE=[user@]host[:port][,address=IP], instead of an inventory', groups.hosts),
  product: text('the product whose rules are judged', groups.hosts),
  release: text('the installed release, where the hosts do not tell', groups.hosts),
  pack: text('a folder of rules of your own; trust it like a script, and look at its plan', groups.hosts),
  set: texts('key=value for a setting of the pack (the value is read as YAML)', groups.hosts),
};

/** Hosts and rules. */
export const targetOptions = {
  ...hostOptions,
  only: texts('judge only rules whose id matches the glob', groups.hosts),
  skip: texts('leave out rules whose id matches the glob; guards stay', groups.hosts),
  'prove-ports': flag('listen on refused ports for five seconds to prove them open (ACTIVE in the plan)', groups.hosts),
};

/** An earlier run. */
export const baseline = {
  baseline: text(
    'evidence of an earlier run on this pair, for what must be as it was before; it is kept in the new one',
    groups.hosts,
  ),
};

/** Connections. */
export const reachOptions = {
  identity: text('the private key file to log in with', groups.reach),
  'known-hosts': text('the known_hosts file to verify host keys with', groups.reach),
  'ssh-config': text('the OpenSSH client configuration that is meant; none: no configuration at all', groups.reach),
  transport: {
    choices: ['auto', 'ssh2', 'openssh'],
    requiresArg: true,
    group: groups.reach,
    describe: 'who connects: ssh2 (built in), openssh (the ssh of this machine), or whichever the configuration needs',
  },
  'accept-new-host-keys': flag('trust a host key that is not known yet, and say so', groups.reach),
  'sudo-password-env': text("the name of the variable that holds sudo's password", groups.reach),
  timeout: number('seconds until a connection or an ordinary command counts as timed out', groups.reach),
};

/** Regressions. */
export const failOnNew = {
  'fail-on-new': flag(
    'the gate lets pass what failed in the --baseline already, and no less gravely; it stays in the report',
    groups.output,
  ),
};

/** What fails the gate. */
export const failOn = {
  'fail-on': {
    choices: ['blocker', 'warning', 'advice'],
    default: 'blocker',
    group: groups.output,
    describe: 'the least severity whose failure fails the gate',
  },
} as const;

/** The formats of a report. */
export const formatOptions = {
  report: texts(
    'FORMAT[=PATH]: table, json, junit, markdown, html or github; repeatable; default table',
    groups.output,
  ),
  color: { type: 'boolean', group: groups.output, describe: 'colour the table; --no-color never does' },
} as const;

/** Reports. */
export const reportOptions = { ...formatOptions, ...failOn };

/** Waiting. */
export const waitOptions = {
  wait: text('ask again until the gate passes, for at most so long: 30m, 6h, 2d, 1h30m', groups.waiting),
  every: text(
    'the time between two rounds while something moves (default: 60s); it grows while nothing does',
    groups.waiting,
  ),
};

/** All that a run of one phase takes. */
export const runOptions = {
  ...targetOptions,
  ...baseline,
  ...reachOptions,
  ...failOnNew,
  ...reportOptions,
  evidence: text('save the evidence of this run to a file', groups.output),
};

/** The phase, where there is no other without it. */
export const phase = { phase: text('the phase whose rules are meant', groups.hosts) };

/** The phase, where the product's first is meant without it. */
export const firstPhase = {
  phase: text("the phase whose rules are meant (default: the product's first)", groups.hosts),
};

/** Rules of one's own, where they are known already or only looked at. */
export const ownRules = { pack: text('a folder of rules of your own', groups.hosts) };

/** The pack, where no host is meant. */
export const packOptions = { product: text('the product whose rules are meant', groups.hosts), ...ownRules };

/** JSON instead of text. */
export const json = { json: flag('as JSON', groups.output) };

/** Refuses to look for what is new where there is nothing to compare with. @throws UsageError */
export function checkFailOnNew({ failOnNew }: RegressionOptions, hasBaseline: boolean): void {
  if (failOnNew && !hasBaseline)
    throw new UsageError('--fail-on-new: new since when? give the evidence of an earlier run with --baseline FILE');
}

/** The phases that `--phase` names; undefined: the pack's first. */
export function phasesOf({ phase }: { phase?: string }): string[] | undefined {
  return phase === undefined ? undefined : [phase];
}
