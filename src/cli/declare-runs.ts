/** The commands that ask hosts, as yargs knows them. */
import type { Argv } from 'yargs';
import { withPage } from './help.js';
import type { Done } from './options.js';
import {
  asJson,
  failOn,
  firstPhase,
  given,
  output,
  phase,
  withBaseline,
  withReach,
  withRegressions,
  withReports,
  withTarget,
  withWait,
} from './options.js';

const inventory = { type: 'string', describe: 'the inventory; - is stdin (default: pairflight.yaml)' } as const;

/** Declares preflight, verify, check, plan, collect and bundle. */
export function withRunCommands<T>(yargs: Argv<T>, done: Done) {
  return yargs
    .command(
      'preflight [inventory]',
      'may this pair be set up now?',
      (y) => withRun(withPage(y, 'preflight').positional('inventory', inventory)),
      (argv) => done(check(argv, ['preflight'])),
    )
    .command(
      'verify [inventory]',
      'does the pair that was set up protect?',
      (y) => withWait(withRun(withPage(y, 'verify').positional('inventory', inventory))),
      (argv) => done(check(argv, ['verify'])),
    )
    .command(
      'check [inventory]',
      'the rules of any phase',
      (y) =>
        withWait(
          withRun(
            withPage(y, 'check')
              .positional('inventory', inventory)
              .option('phase', { ...phase, demandOption: true }),
          ),
        ),
      (argv) => done(check(argv, [String(argv.phase)])),
    )
    .command(
      'plan [inventory]',
      'every command of a run; asks nobody',
      (y) =>
        withTarget(
          withPage(y, 'plan').positional('inventory', inventory).option('phase', firstPhase).option('json', asJson),
        ).option('timeout', {
          type: 'number',
          requiresArg: true,
          describe: 'seconds, as in a run',
        }),
      (argv) => done(import('./commands/plan.js').then(({ planCommand }) => planCommand(given(argv), phasesOf(argv)))),
    )
    .command(
      'collect [inventory]',
      "save the hosts' answers, without judging",
      (y) =>
        withBaseline(
          withReach(withTarget(withPage(y, 'collect').positional('inventory', inventory).option('phase', firstPhase))),
        ).option('output', {
          alias: 'o',
          type: 'string',
          group: output,
          requiresArg: true,
          demandOption: true,
          describe: 'the evidence file; - is stdout',
        }),
      (argv) =>
        done(import('./commands/collect.js').then(({ collectCommand }) => collectCommand(given(argv), phasesOf(argv)))),
    )
    .command(
      'bundle [inventory]',
      'one archive of a run for a support ticket',
      (y) =>
        withBaseline(
          withReach(withTarget(withPage(y, 'bundle').positional('inventory', inventory).option('phase', firstPhase))),
        )
          .option('from', {
            type: 'string',
            array: true,
            group: 'Bundle:',
            requiresArg: true,
            describe: 'saved evidence, instead of asking the hosts; repeatable for hosts that were asked apart',
          })
          .option('redact', {
            type: 'string',
            group: 'Bundle:',
            requiresArg: true,
            describe: 'put pseudonyms for addresses, hostnames, users (a list with commas); secrets never get in',
          })
          .option('output', {
            alias: 'o',
            type: 'string',
            group: 'Bundle:',
            requiresArg: true,
            describe: 'the archive (default: pairflight-PRODUCT-PHASE-TIME.tar.gz)',
          })
          .option('summary', {
            type: 'boolean',
            default: false,
            group: 'Bundle:',
            describe: 'print the words to paste into the ticket',
          })
          .option('fail-on', failOn),
      (argv) => done(import('./commands/bundle.js').then(({ bundleCommand }) => bundleCommand(given(argv)))),
    );
}

function withRun<T>(y: Argv<T>) {
  return withReports(withRegressions(withReach(withBaseline(withTarget(y))))).option('evidence', {
    type: 'string',
    requiresArg: true,
    group: output,
    describe: 'save the evidence of this run to a file',
  });
}

function phasesOf({ phase }: { phase?: string | undefined }): string[] | undefined {
  return phase === undefined ? undefined : [phase];
}

async function check(argv: object, phases: string[]): Promise<number> {
  const { checkCommand } = await import('./commands/check.js');
  return checkCommand(given(argv), phases);
}
