/** The commands and their options, as yargs knows them; each command's code is loaded when it is called. */
import yargs from 'yargs';
import {
  failOn,
  withBaseline,
  withFormats,
  withReach,
  withRegressions,
  withReports,
  withTarget,
  withWait,
} from './commands/options.js';
import { UsageError } from './errors.js';
import { tool } from './version.js';

const inventory = { type: 'string', describe: 'the inventory file; - is stdin (default: pairflight.yaml)' } as const;
const phase = {
  type: 'string',
  requiresArg: true,
  default: 'preflight',
  describe: 'the phase whose rules are meant',
} as const;
const json = { type: 'boolean', default: false, describe: 'as JSON' } as const;

/** Parses the command line and runs the command; resolves to the exit code. @throws UsageError */
export async function parse(args: string[]): Promise<number> {
  let code: number | undefined;
  const done = async (result: Promise<number>) => {
    code = await result;
  };
  const parser = yargs(args)
    .scriptName('pairflight')
    .usage(
      '$0 <command>\n\nProves whether a primary/standby pair may be set up, and whether it protects its users. Writes nothing to the hosts.',
    )
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
        withTarget(y.positional('inventory', inventory).option('phase', phase).option('json', json)).option('timeout', {
          type: 'number',
          requiresArg: true,
          describe: 'seconds, as in a run',
        }),
      (argv) => done(import('./commands/plan.js').then(({ planCommand }) => planCommand(given(argv), [argv.phase]))),
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
      (argv) =>
        done(import('./commands/collect.js').then(({ collectCommand }) => collectCommand(given(argv), [argv.phase]))),
    )
    .command(
      'evaluate <files..>',
      'judge saved evidence again, offline',
      (y) =>
        withBaseline(
          withRegressions(
            withReports(
              y.positional('files', { type: 'string', array: true, demandOption: true, describe: 'evidence files' }),
            ),
          ),
        ).option('pack', { type: 'string', requiresArg: true, describe: 'a folder of rules of your own' }),
      (argv) => done(import('./commands/evaluate.js').then(({ evaluateCommand }) => evaluateCommand(given(argv)))),
    )
    .command(
      'diff <before> <after>',
      'what two saved runs on a pair tell apart: findings, and facts; exit code 1 when something is worse',
      (y) =>
        y
          .positional('before', { type: 'string', demandOption: true, describe: 'evidence of the earlier run' })
          .positional('after', { type: 'string', demandOption: true, describe: 'evidence of the later run' })
          .option('report', {
            type: 'string',
            array: true,
            group: 'Output:',
            requiresArg: true,
            describe: 'FORMAT[=PATH]: table or json; repeatable; default table',
          })
          .option('color', {
            type: 'boolean',
            group: 'Output:',
            describe: 'colour the table; --no-color never does',
          })
          .option('pack', { type: 'string', requiresArg: true, describe: 'a folder of rules of your own' })
          .example('$0 diff monday.json tuesday.json', 'what became worse since Monday, under the rules of today'),
      (argv) => done(import('./commands/diff.js').then(({ diffCommand }) => diffCommand(given(argv)))),
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
      (argv) => done(import('./commands/bundle.js').then(({ bundleCommand }) => bundleCommand(given(argv)))),
    )
    .command(
      'report <file>',
      'turn a saved JSON report, or that of a bundle, into any format; the exit code is that of its run',
      (y) =>
        withFormats(
          y.positional('file', { type: 'string', demandOption: true, describe: 'a report of --report json=FILE' }),
        ).example('$0 report run.json --report junit=run.xml --report table', 'two formats of one saved run'),
      (argv) => done(import('./commands/report.js').then(({ reportCommand }) => reportCommand(given(argv)))),
    )
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
      (argv) => done(import('./commands/init.js').then(({ initCommand }) => initCommand(given(argv)))),
    )
    .command('rules', 'the rules themselves', (y) =>
      y
        .command(
          'list',
          'one line for each rule',
          (z) => withPack(z).option('json', json),
          (argv) => done(import('./commands/rules.js').then(({ listRules }) => listRules(given(argv)))),
        )
        .command(
          'show <id>',
          'explain one rule',
          (z) =>
            withPack(z)
              .positional('id', { type: 'string', demandOption: true, describe: 'a rule id' })
              .option('json', json),
          (argv) => done(import('./commands/rules.js').then(({ showRule }) => showRule(given(argv)))),
        )
        .command(
          'coverage',
          'what the documents ask for, and which rule answers it',
          (z) => withPack(z),
          (argv) => done(import('./commands/rules.js').then(({ showCoverage }) => showCoverage(given(argv)))),
        )
        .command(
          'test [dir]',
          "run a pack's cases",
          (z) => withPack(z).positional('dir', { type: 'string', describe: "a pack's folder" }),
          (argv) =>
            done(
              import('./commands/rules.js').then(({ testRules }) =>
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
      (argv) => done(import('./commands/schema.js').then(({ schemaCommand }) => schemaCommand(argv.name))),
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
      (argv) => done(import('./commands/demo.js').then(({ demoCommand }) => demoCommand(given(argv)))),
    )
    .demandCommand(1, 'which command? pairflight --help names them; pairflight demo shows the tool at work')
    .strict()
    .recommendCommands()
    .parserConfiguration({ 'greedy-arrays': false, 'strip-aliased': true })
    .help()
    .alias('help', 'h')
    .version(tool().version)
    .wrap(Math.min(110, process.stdout.columns ?? 100))
    .exitProcess(false)
    .fail((message, error) => {
      // yargs' own errors are mistakes on the command line; what a command throws goes on as it is.
      if (error && error.name !== 'YError') throw error;
      throw new UsageError(`${(message ?? error.message).split('\n')[0]}; pairflight --help shows what there is`);
    });
  await parser.parseAsync();
  return code ?? 0;
}

function withRun<T>(y: import('yargs').Argv<T>) {
  return withReports(withRegressions(withReach(withBaseline(withTarget(y))))).option('evidence', {
    type: 'string',
    requiresArg: true,
    group: 'Output:',
    describe: 'save the evidence of this run to a file',
  });
}

function withPack<T>(y: import('yargs').Argv<T>) {
  return y
    .option('product', { type: 'string', requiresArg: true, describe: 'the product whose rules are meant' })
    .option('pack', { type: 'string', requiresArg: true, describe: 'a folder of rules of your own' });
}

async function check(argv: object, phases: string[]): Promise<number> {
  const { checkCommand } = await import('./commands/check.js');
  return checkCommand(given(argv), phases);
}

/** Options that may be given several times. */
const repeatable = ['from', 'host', 'only', 'skip', 'set', 'report', 'files', '_'];

/** The options that were given, under their long names; absent ones are absent, not undefined. @throws UsageError */
// biome-ignore lint/suspicious/noExplicitAny: each command declares what it takes, and yargs has checked the types
function given(argv: object): any {
  for (const [name, value] of Object.entries(argv)) {
    if (Array.isArray(value) && !repeatable.includes(name))
      throw new UsageError(`--${name} is given ${value.length} times; it takes one value`);
  }
  return Object.fromEntries(Object.entries(argv).filter(([, value]) => value !== undefined));
}
