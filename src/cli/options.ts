/** The options that several commands share, each declared once, and what commands get of them. */
import type { Options } from 'yargs';
import { UsageError } from '../core/errors.js';
import { list } from '../core/format.js';
import type { Severity } from '../core/model.js';
import { reporters } from '../reporters/index.js';

/** The inventory that is read when none is named. */
export const DEFAULT_INVENTORY = 'pairflight.yaml';

/** Options that say which hosts, which rules and how to reach them. */
export interface TargetOptions {
  inventory?: string;
  host?: string[];
  /** The hosts that were given by the option of their role. */
  roles?: Record<string, string>;
  name?: string;
  product?: string;
  release?: string;
  pack?: string;
  only?: string[];
  skip?: string[];
  set?: string[];
  provePorts?: boolean;
  allowCommand?: string[];
  baseline?: string;
  promised?: string;
}

/** Options on what declares hosts that are not there to be asked. */
export interface DeclaredOptions {
  declared?: string[];
  declaredFile?: string[];
  defer?: 'after-apply';
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
  reportMode?: string;
  failOn: Severity;
  color?: boolean;
  all?: boolean;
}

/** Which pack is meant, where no host is. */
export interface PackOptions {
  product?: string;
  pack?: string;
}

/** The groups of the help. */
export const groups = {
  hosts: 'Hosts and rules:',
  declared: 'Before the hosts exist:',
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
  inventory: { type: 'string', describe: `the inventory; - is stdin (default: ${DEFAULT_INVENTORY})` },
} as const;

/** Hosts, product and settings; each role of one host is an option beside `--host`. */
export const hostOptions = {
  host: texts('ROLE=[user@]host[:port][,address=IP], instead of an inventory', groups.hosts),
  name: text('what the pair is called in reports', groups.hosts),
  product: text('the product to judge', groups.hosts),
  release: text('the installed release, if it cannot be read from the hosts', groups.hosts),
  pack: text('a folder with your own rules; it is as trusted as a script: read its plan first', groups.hosts),
  'allow-command': texts(
    'the absolute path of a program that --pack may run though it may do more than read',
    groups.hosts,
  ),
  set: texts('key=value for a setting of the pack (the value is read as YAML)', groups.hosts),
};

/** Hosts and rules. */
export const targetOptions = {
  ...hostOptions,
  only: texts('judge only rules whose id matches the glob', groups.hosts),
  skip: texts('leave out rules whose id matches the glob; guards always run', groups.hosts),
  'prove-ports': flag(
    'let the hosts listen for five seconds on ports that refused, to prove the path (ACTIVE in the plan)',
    groups.hosts,
  ),
};

/** An earlier run. */
export const baseline = {
  baseline: text(
    'evidence of an earlier run on this pair, to compare with; the new evidence includes it',
    groups.hosts,
  ),
};

/** Hosts that are declared: nobody is asked. */
const declaredOptions = {
  declared: texts(
    'terraform=FILE (terraform show -json; - is stdin) or ansible=DIR: judge this, and ask no host',
    groups.declared,
  ),
  'declared-file': texts("HOST:/path=FILE: a rendered file that stands for the host's", groups.declared),
  promised: text('evidence of a declared run: say where the real hosts differ from it', groups.declared),
  defer: {
    choices: ['after-apply'],
    requiresArg: true,
    group: groups.declared,
    describe: 'list what is unknown until the plan is applied, and do not count it',
  },
} as const;

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
  'accept-new-host-keys': flag('trust and save host keys that are not known yet, with a message', groups.reach),
  'sudo-password-env': text("the name of the variable that holds sudo's password", groups.reach),
  timeout: number('timeout of a connection or an ordinary command, in seconds', groups.reach),
};

/** Regressions. */
export const failOnNew = {
  'fail-on-new': flag(
    'fail only on what is new or worse than in the --baseline; known failures stay in the report',
    groups.output,
  ),
};

/** What fails the gate. */
export const failOn = {
  'fail-on': {
    choices: ['blocker', 'warning', 'advice'],
    default: 'blocker',
    group: groups.output,
    describe: 'the lowest severity that can fail the gate',
  },
} as const;

/** The formats of a report. */
export const formatOptions = {
  report: texts(`FORMAT[=PATH]: ${list(Object.keys(reporters), 'or')}; repeatable; default: table`, groups.output),
  'report-mode': text('the mode of report files, for example 0644 (default: 0600)', groups.output),
  color: { type: 'boolean', group: groups.output, describe: 'colour the table; --no-color never does' },
} as const;

/** The table, which is short by itself. */
export const whole = { all: flag('the whole table: every finding, with its values', groups.output) };

/** Reports. */
export const reportOptions = { ...formatOptions, ...whole, ...failOn };

/** Waiting. */
export const waitOptions = {
  wait: text('repeat until the gate passes, for at most this long: 30m, 6h, 2d, 1h30m', groups.waiting),
  every: text('time between rounds while values change (default: 60s); longer while nothing changes', groups.waiting),
};

/** All that a run of one phase takes. */
export const runOptions = {
  ...targetOptions,
  ...baseline,
  ...declaredOptions,
  ...reachOptions,
  ...failOnNew,
  ...reportOptions,
  evidence: text('save the evidence of this run to a file', groups.output),
};

/** The phase, where there is no other without it. */
export const phase = { phase: text('the phase to judge', groups.hosts) };

/** The phase, where the product's first is meant without it. */
export const firstPhase = {
  phase: text("the phase to judge (default: the product's first)", groups.hosts),
};

/** Rules of one's own, where they are known already or only looked at. */
export const ownRules = { pack: text('a folder with your own rules', groups.hosts) };

/** The pack, where no host is meant. */
export const packOptions = { product: text('the product to judge', groups.hosts), ...ownRules };

/** JSON instead of text. */
export const json = { json: flag('as JSON', groups.output) };

/** Refuses to look for what is new where there is nothing to compare with. @throws UsageError */
export function checkFailOnNew({ failOnNew }: RegressionOptions, hasBaseline: boolean): void {
  if (failOnNew && !hasBaseline)
    throw new UsageError('--fail-on-new needs --baseline FILE: the evidence of an earlier run');
}

/** The phases that `--phase` names; undefined: the pack's first. */
export function phasesOf({ phase }: { phase?: string }): string[] | undefined {
  return phase === undefined ? undefined : [phase];
}
