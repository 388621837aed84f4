/** The commands around inventories and packs, as yargs knows them. */
import type { Argv } from 'yargs';
import { type Done, given } from './given.js';
import { asJson, phase, withReach, withReports, withTarget } from './options.js';

/** Declares init, rules, schema and demo. */
export function withPackCommands<T>(yargs: Argv<T>, done: Done) {
  return yargs
    .command(
      'init',
      'write an inventory; --discover reads the settings that only the hosts know',
      (y) =>
        withReach(withTarget(y))
          .option('output', {
            alias: 'o',
            type: 'string',
            requiresArg: true,
            default: 'pairflight.yaml',
            describe: 'the file to write; - is stdout',
          })
          .option('discover', { type: 'boolean', default: false, describe: 'ask the hosts' })
          .option('force', { type: 'boolean', default: false, describe: 'write over a file that is there' })
          .example(
            '$0 init --primary ops@db-a,address=10.0.0.1 --secondary ops@db-b,address=10.0.0.2 --discover',
            'a complete inventory',
          ),
      (argv) => done(import('./init.js').then(({ initCommand }) => initCommand(given(argv)))),
    )
    .command('rules', 'the rules themselves', (y) =>
      y
        .command(
          'list',
          'one line for each rule',
          (z) => withPack(z).option('json', asJson),
          (argv) => done(import('./rules.js').then(({ listRules }) => listRules(given(argv)))),
        )
        .command(
          'show <id>',
          'explain one rule',
          (z) =>
            withPack(z)
              .positional('id', { type: 'string', demandOption: true, describe: 'a rule id' })
              .option('json', asJson),
          (argv) => done(import('./rules.js').then(({ showRule }) => showRule(given(argv)))),
        )
        .command(
          'coverage',
          'what the documents ask for, and which rule answers it',
          (z) => withPack(z),
          (argv) => done(import('./rules.js').then(({ showCoverage }) => showCoverage(given(argv)))),
        )
        .command(
          'test [dir]',
          "run a pack's cases",
          (z) => withPack(z).positional('dir', { type: 'string', describe: "a pack's folder" }),
          (argv) =>
            done(
              import('./rules.js').then(({ testRules }) =>
                testRules({ ...given(argv), ...(argv.dir === undefined ? {} : { pack: argv.dir }) }),
              ),
            ),
        )
        .demandCommand(1, 'rules needs one of: list, show ID, coverage, test'),
    )
    .command(
      'schema <name>',
      'print a schema: inventory, pack, rules, cases, evidence, report, bundle, diff',
      (y) => y.positional('name', { type: 'string', demandOption: true }),
      (argv) => done(import('./schema.js').then(({ schemaCommand }) => schemaCommand(argv.name))),
    )
    .command(
      'demo [scenario]',
      'judge an embedded pair: two SSH servers on this machine that play a scenario',
      (y) =>
        withReports(
          y
            .positional('scenario', { type: 'string', describe: 'a scenario; --list names them' })
            .option('list', { type: 'boolean', default: false, describe: 'name the scenarios' })
            .option('phase', {
              ...phase,
              default: undefined,
              describe: "the phase whose rules are meant (default: the scenario's own)",
            })
            .option('product', { type: 'string', requiresArg: true, describe: 'the product whose pair is played' })
            .option('evidence', {
              type: 'string',
              requiresArg: true,
              group: 'Output:',
              describe: 'save the evidence to a file',
            }),
        ),
      (argv) => done(import('./demo.js').then(({ demoCommand }) => demoCommand(given(argv)))),
    );
}

function withPack<T>(y: Argv<T>) {
  return y
    .option('product', { type: 'string', requiresArg: true, describe: 'the product whose rules are meant' })
    .option('pack', { type: 'string', requiresArg: true, describe: 'a folder of rules of your own' });
}
