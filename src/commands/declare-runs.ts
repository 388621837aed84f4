/** The commands that ask hosts, as yargs knows them. */
import type { Argv } from 'yargs';
import { type Done, given } from './given.js';
import {
  asJson,
  failOn,
  phase,
  withBaseline,
  withReach,
  withRegressions,
  withReports,
  withTarget,
  withWait,
} from './options.js';

const inventory = { type: 'string', describe: 'the inventory file; - is stdin (default: pairflight.yaml)' } as const;

/** Declares preflight, verify, check, plan, collect and bundle. */
export function withRunCommands<T>(yargs: Argv<T>, done: Done) {
  return yargs
    .command(
      'preflight [inventory]',
      'may this pair be set up now?',
      (y) =>
        withRun(y.positional('inventory', inventory)).example(
          '$0 preflight --primary ops@db-a --secondary ops@db-b',
          'ask two hosts',
        ),
      (argv) => done(check(argv, ['preflight'])),
    )
    .command(
      'verify [inventory]',
      'does the pair that was set up really protect?',
      (y) =>
        withWait(withRun(y.positional('inventory', inventory)))
          .example('$0 verify --wait 6h --report junit=verify.xml', 'until the first replication has caught up')
          .example('$0 verify --baseline preflight.json', 'compared with the evidence of the preflight'),
      (argv) => done(check(argv, ['verify'])),
    )
    .command(
      'check [inventory]',
      'the rules of any phase',
      (y) =>
        withWait(
          withRun(
            y.positional('inventory', inventory).option('phase', { ...phase, demandOption: true, default: undefined }),
          ),
        ),
      (argv) => done(check(argv, [String(argv.phase)])),
    )
    .command(
      'plan [inventory]',
      'every command that a run would run, word for word; asks nobody',
      (y) =>
        withTarget(y.positional('inventory', inventory).option('phase', phase).option('json', asJson)).option(
          'timeout',
          {
            type: 'number',
            requiresArg: true,
            describe: 'seconds, as in a run',
          },
        ),
      (argv) => done(import('./plan.js').then(({ planCommand }) => planCommand(given(argv), [argv.phase]))),
    )
    .command(
      'collect [inventory]',
      "save the hosts' answers as evidence, without judging them",
      (y) =>
        withBaseline(withReach(withTarget(y.positional('inventory', inventory).option('phase', phase)))).option(
          'output',
          {
            alias: 'o',
            type: 'string',
            requiresArg: true,
            demandOption: true,
            describe: 'the evidence file; - is stdout',
          },
        ),
      (argv) => done(import('./collect.js').then(({ collectCommand }) => collectCommand(given(argv), [argv.phase]))),
    )
    .command(
      'bundle [inventory]',
      'one archive of a run for a support ticket; the exit code is that of the run',
      (y) =>
        withBaseline(
          withReach(
            withTarget(
              y.positional('inventory', inventory).option('phase', {
                ...phase,
                default: undefined,
                describe: "the phase whose rules are meant (default: the product's first)",
              }),
            ),
          ),
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
          .option('fail-on', failOn)
          .example('$0 bundle pair.yaml --phase verify --summary', 'ask the hosts, and pack what they said')
          .example('$0 bundle --from run.json --redact addresses,hostnames,users', 'pack a saved run under pseudonyms'),
      (argv) => done(import('./bundle.js').then(({ bundleCommand }) => bundleCommand(given(argv)))),
    );
}

function withRun<T>(y: Argv<T>) {
  return withReports(withRegressions(withReach(withBaseline(withTarget(y))))).option('evidence', {
    type: 'string',
    requiresArg: true,
    group: 'Output:',
    describe: 'save the evidence of this run to a file',
  });
}

async function check(argv: object, phases: string[]): Promise<number> {
  const { checkCommand } = await import('./check.js');
  return checkCommand(given(argv), phases);
}
