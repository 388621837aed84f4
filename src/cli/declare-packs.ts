/** The commands around inventories and packs, as yargs knows them. */
import type { Argv } from 'yargs';
import { withPage } from './help.js';
import type { Done } from './options.js';
import { asJson, given, hosts, output, ownRules, phase, withHosts, withReach, withReports } from './options.js';

/** Declares init, rules, schema and demo. */
export function withPackCommands<T>(yargs: Argv<T>, done: Done) {
  return yargs
    .command(
      'init',
      'write an inventory',
      (y) =>
        withReach(withHosts(withPage(y, 'init')))
          .option('output', {
            alias: 'o',
            type: 'string',
            group: output,
            requiresArg: true,
            default: 'pairflight.yaml',
            describe: 'the file to write; - is stdout',
          })
          .option('discover', {
            type: 'boolean',
            default: false,
            group: output,
            describe: 'ask the hosts for the settings that only they know',
          })
          .option('force', {
            type: 'boolean',
            default: false,
            group: output,
            describe: 'write over a file that is there',
          }),
      (argv) => done(import('./init/init.js').then(({ initCommand }) => initCommand(given(argv)))),
    )
    .command('rules', 'list, explain and test the rules', (y) =>
      withPage(y, 'rules')
        .command(
          'list',
          'one line for each rule',
          (z) =>
            withPack(withPage(z, 'rules list'))
              .option('phase', { ...phase, describe: 'only the rules of this phase' })
              .option('json', asJson),
          (argv) => done(import('./commands/rules.js').then(({ listRules }) => listRules(given(argv)))),
        )
        .command(
          'show <ids..>',
          'explain rules, offline',
          (z) =>
            withPack(withPage(z, 'rules show'))
              .positional('ids', {
                type: 'string',
                array: true,
                demandOption: true,
                describe: 'rule ids, with or without the product; * and ? stand for what they stand for in a shell',
              })
              .option('json', asJson),
          (argv) => done(import('./commands/rules.js').then(({ showRules }) => showRules(given(argv)))),
        )
        .command(
          'coverage',
          'what the documents ask, and what answers it',
          (z) => withPack(withPage(z, 'rules coverage')),
          (argv) => done(import('./commands/rules.js').then(({ showCoverage }) => showCoverage(given(argv)))),
        )
        .command(
          'test [dir]',
          "run a pack's cases",
          (z) => withPack(withPage(z, 'rules test')).positional('dir', { type: 'string', describe: "a pack's folder" }),
          (argv) =>
            done(
              import('./commands/rules.js').then(({ testRules }) =>
                testRules({ ...given(argv), ...(argv.dir === undefined ? {} : { pack: argv.dir }) }),
              ),
            ),
        )
        .command(
          'new <folder>',
          'write the skeleton of a pack',
          (z) =>
            withPage(z, 'rules new').positional('folder', {
              type: 'string',
              demandOption: true,
              describe: "a folder that is not there yet; its last part is the pack's name",
            }),
          (argv) => done(import('./commands/rules.js').then(({ newRules }) => newRules(argv.folder))),
        )
        .demandCommand(1, 'rules needs one of: list, show ID, coverage, test, new PACK'),
    )
    .command(
      'schema <name>',
      'print a JSON schema',
      (y) =>
        withPage(y, 'schema').positional('name', {
          type: 'string',
          demandOption: true,
          describe: 'inventory, pack, rules, cases, evidence, report, bundle or diff',
        }),
      (argv) => done(import('./commands/schema.js').then(({ schemaCommand }) => schemaCommand(argv.name))),
    )
    .command(
      'demo [scenario] [more]',
      'judge a pair that this machine plays',
      (y) =>
        withReports(
          withPage(y, 'demo')
            .positional('scenario', { type: 'string', describe: 'a scenario, or a product; --list names them' })
            .positional('more', { type: 'string', describe: 'after a product: its scenario' })
            .option('list', { type: 'boolean', default: false, describe: 'name the scenarios' })
            .option('phase', {
              ...phase,
              describe: "the phase whose rules are meant (default: the scenario's own)",
            })
            .option('product', {
              type: 'string',
              group: hosts,
              requiresArg: true,
              describe: 'the product whose pair is played',
            })
            .option('evidence', {
              type: 'string',
              requiresArg: true,
              group: output,
              describe: 'save the evidence to a file',
            }),
        ),
      (argv) => done(import('./commands/demo.js').then(({ demoCommand }) => demoCommand(given(argv)))),
    );
}

function withPack<T>(y: Argv<T>) {
  return y
    .option('product', {
      type: 'string',
      group: hosts,
      requiresArg: true,
      describe: 'the product whose rules are meant',
    })
    .option('pack', ownRules);
}
