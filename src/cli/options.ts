/** The options that commands share, as yargs declares them and as the commands take them. */
import type { Argv } from 'yargs';
import { UsageError } from '../core/errors.js';
import { readDuration } from '../core/format.js';
import type { Pace } from '../judge/wait/schedule.js';
import { LONGEST_MS } from '../judge/wait/schedule.js';
import { EVERY } from '../judge/wait/wait.js';

/** Options that say which hosts, which rules and how to reach them. */
export interface TargetOptions {
  inventory?: string;
  host?: string[];
  primary?: string;
  secondary?: string;
  test?: string;
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
  failOn: 'blocker' | 'warning' | 'advice';
  color: boolean;
}

/** The group of options on hosts and rules. */
export const hosts = 'Hosts and rules:';
const waiting = 'Waiting:';
const reach = 'Reaching hosts:';
/** The group of options on what is written, and where. */
export const output = 'Output:';

/** Declares the options that choose hosts and rules. */
export function withTarget<T>(yargs: Argv<T>) {
  return withSelection(withHosts(yargs));
}

/** Declares the options that name hosts, product and settings. */
export function withHosts<T>(yargs: Argv<T>) {
  return yargs
    .option('host', {
      type: 'string',
      array: true,
      group: hosts,
      requiresArg: true,
      describe: 'ROLE=[user@]host[:port][,address=IP], instead of an inventory',
    })
    .option('primary', { type: 'string', group: hosts, requiresArg: true, describe: 'the same as --host primary=...' })
    .option('secondary', {
      type: 'string',
      group: hosts,
      requiresArg: true,
      describe: 'the same as --host secondary=...',
    })
    .option('test', { type: 'string', group: hosts, requiresArg: true, describe: 'the same as --host test=...' })
    .option('product', {
      type: 'string',
      group: hosts,
      requiresArg: true,
      describe: 'the product whose rules are judged',
    })
    .option('release', {
      type: 'string',
      group: hosts,
      requiresArg: true,
      describe: 'the installed release, where the hosts do not tell',
    })
    .option('pack', {
      type: 'string',
      group: hosts,
      requiresArg: true,
      describe: 'a folder of rules of your own; trust it like a script, and look at its plan',
    })
    .option('set', {
      type: 'string',
      array: true,
      group: hosts,
      requiresArg: true,
      describe: 'key=value for a setting of the pack (the value is read as YAML)',
    });
}

function withSelection<T>(yargs: Argv<T>) {
  return yargs
    .option('only', {
      type: 'string',
      array: true,
      group: hosts,
      requiresArg: true,
      describe: 'judge only rules whose id matches the glob',
    })
    .option('skip', {
      type: 'string',
      array: true,
      group: hosts,
      requiresArg: true,
      describe: 'leave out rules whose id matches the glob; guards stay',
    })
    .option('prove-ports', {
      type: 'boolean',
      default: false,
      group: hosts,
      describe: 'listen on refused ports for five seconds to prove them open (ACTIVE in the plan)',
    });
}

/** Declares the option that names an earlier run. */
export function withBaseline<T>(yargs: Argv<T>) {
  return yargs.option('baseline', {
    type: 'string',
    group: hosts,
    requiresArg: true,
    describe: 'evidence of an earlier run on this pair, for what must be as it was before; it is kept in the new one',
  });
}

/** Declares the option on regressions. */
export function withRegressions<T>(yargs: Argv<T>) {
  return yargs.option('fail-on-new', {
    type: 'boolean',
    default: false,
    group: output,
    describe: 'the gate lets pass what failed in the --baseline already, and no less gravely; it stays in the report',
  });
}

/** Refuses to look for what is new where there is nothing to compare with. @throws UsageError */
export function checkFailOnNew({ failOnNew }: RegressionOptions, hasBaseline: boolean): void {
  if (failOnNew && !hasBaseline)
    throw new UsageError('--fail-on-new: new since when? give the evidence of an earlier run with --baseline FILE');
}

/** Declares the options on waiting. */
export function withWait<T>(yargs: Argv<T>) {
  return yargs
    .option('wait', {
      type: 'string',
      group: waiting,
      requiresArg: true,
      describe: 'ask again until the gate passes, for at most so long: 30m, 6h, 2d, 1h30m',
    })
    .option('every', {
      type: 'string',
      group: waiting,
      requiresArg: true,
      describe: 'the time between two rounds while something moves (default: 60s); it grows while nothing does',
    });
}

/** Declares the options on connections. */
export function withReach<T>(yargs: Argv<T>) {
  return yargs
    .option('identity', {
      type: 'string',
      group: reach,
      requiresArg: true,
      describe: 'the private key file to log in with',
    })
    .option('known-hosts', {
      type: 'string',
      group: reach,
      requiresArg: true,
      describe: 'the known_hosts file to verify host keys with',
    })
    .option('ssh-config', {
      type: 'string',
      group: reach,
      requiresArg: true,
      describe: 'the OpenSSH client configuration to read',
    })
    .option('accept-new-host-keys', {
      type: 'boolean',
      default: false,
      group: reach,
      describe: 'trust a host key that is not known yet, and say so',
    })
    .option('sudo-password-env', {
      type: 'string',
      group: reach,
      requiresArg: true,
      describe: "the name of the variable that holds sudo's password",
    })
    .option('timeout', {
      type: 'number',
      group: reach,
      requiresArg: true,
      describe: 'seconds until a connection or an ordinary command counts as timed out',
    });
}

/** The option on what fails the gate. */
export const failOn = {
  choices: ['blocker', 'warning', 'advice'] as const,
  default: 'blocker' as const,
  group: output,
  describe: 'the least severity whose failure fails the gate',
};

/** Declares the options on the formats of a report. */
export function withFormats<T>(yargs: Argv<T>) {
  return yargs
    .option('report', {
      type: 'string',
      array: true,
      group: output,
      requiresArg: true,
      describe: 'FORMAT[=PATH]: table, json, junit, markdown, html or github; repeatable; default table',
    })
    .option('color', { type: 'boolean', group: output, describe: 'colour the table; --no-color never does' });
}

/** Declares the options on reports. */
export function withReports<T>(yargs: Argv<T>) {
  return withFormats(yargs).option('fail-on', failOn);
}

/** `--phase`. */
export const phase = {
  type: 'string',
  group: hosts,
  requiresArg: true,
  describe: 'the phase whose rules are meant',
} as const;

/** `--phase`, where the product's first is meant without it. */
export const firstPhase = { ...phase, describe: `${phase.describe} (default: the product's first)` } as const;

/** `--pack`, where the rules are known already or only looked at. */
export const ownRules = {
  type: 'string',
  group: hosts,
  requiresArg: true,
  describe: 'a folder of rules of your own',
} as const;

/** `--json`. */
export const asJson = { type: 'boolean', default: false, group: output, describe: 'as JSON' } as const;

/** Takes a command's exit code, once it has one. */
export type Done = (result: Promise<number>) => Promise<void>;

/** Options that may be given several times. */
const repeatable = ['from', 'ids', 'host', 'only', 'skip', 'set', 'report', 'files', '_'];

/** The options that were given, under their long names; absent ones are absent, not undefined. @throws UsageError */
// biome-ignore lint/suspicious/noExplicitAny: each command declares what it takes, and yargs has checked the types
export function given(argv: object): any {
  for (const [name, value] of Object.entries(argv)) {
    if (Array.isArray(value) && !repeatable.includes(name))
      throw new UsageError(`--${name} is given ${value.length} times; it takes one value`);
  }
  return Object.fromEntries(Object.entries(argv).filter(([, value]) => value !== undefined));
}

/** `--wait` and `--every` as a pace; undefined without `--wait`. @throws UsageError */
export function paceOf({ wait, every }: WaitOptions): Pace | undefined {
  if (wait === undefined) {
    if (every !== undefined) throw new UsageError('--every: means something with --wait only, for example --wait 6h');
    return undefined;
  }
  const deadlineMs = readDuration('--wait', wait);
  const everyMs = readDuration('--every', every ?? EVERY);
  if (everyMs >= deadlineMs) {
    throw new UsageError(
      `--wait ${wait}: is over before a second round, which begins ${every ?? EVERY} after the first; ` +
        'wait longer, or say for example --every 10s',
    );
  }
  return { everyMs, longestMs: Math.max(everyMs, LONGEST_MS), deadlineMs };
}
