/** `bundle`: one archive of a run for a support ticket, proven to be judged as the run itself before it is handed over. */
import { accessSync, constants } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Bundled } from '../../bundle/proven.js';
import type { Redactable } from '../../bundle/pseudonyms/index.js';
import { suggestion } from '../../core/did-you-mean.js';
import { UsageError } from '../../core/errors.js';
import type { Evidence } from '../../core/model.js';
import type { Scope } from '../../plan/scope.js';
import type { Command } from '../command.js';
import {
  baseline,
  failOn,
  firstPhase,
  flag,
  inventory,
  phasesOf,
  type ReachOptions,
  type ReportOptions,
  reachOptions,
  type TargetOptions,
  targetOptions,
  text,
  texts,
} from '../options.js';
import type { Signal } from '../session.js';

/** Options of `bundle`. */
export interface BundleOptions extends TargetOptions, ReachOptions, Pick<ReportOptions, 'failOn'> {
  /** The pack's first unless given. */
  phase?: string;
  /** Saved evidence, instead of asking hosts. */
  from?: string[];
  output?: string;
  redact?: string;
  summary: boolean;
}

const group = 'Bundle:';

/** `pairflight bundle`: the exit code of the run in it; refused when the bundle would not be judged as the run. */
export const bundle: Command = {
  name: 'bundle',
  takes: '[inventory]',
  does: 'one archive of a run for a support ticket',
  positionals: inventory,
  options: {
    ...firstPhase,
    ...targetOptions,
    ...reachOptions,
    ...baseline,
    from: texts(
      'saved evidence, instead of asking the hosts; repeatable for hosts that were collected separately',
      group,
    ),
    redact: text(
      'replace addresses, hostnames, users by pseudonyms (a comma-separated list); secrets are never in it',
      group,
    ),
    output: { ...text('the archive (default: pairflight-PRODUCT-PHASE-TIME.tar.gz)', group), alias: 'o' },
    summary: flag('print the text to paste into the ticket', group),
    ...failOn,
  },
  note: 'The exit code is that of the run in it.',
  examples: [
    { does: 'ask the hosts, and pack what they said', run: 'pairflight bundle --phase verify --summary' },
    {
      does: 'pack a saved run under pseudonyms',
      run: 'pairflight bundle --from evidence.json --redact addresses,hostnames,users',
    },
  ],
  async run(options: BundleOptions) {
    const [
      { proven },
      { redactable },
      { summaryOf },
      { sha256 },
      { judgeEvidence },
      { write, writePrivate },
      { openOutput },
      { exitCodeOf },
    ] = await Promise.all([
      import('../../bundle/proven.js'),
      import('../../bundle/pseudonyms/index.js'),
      import('../../bundle/ticket.js'),
      import('../../core/sha256.js'),
      import('../../judge/report.js'),
      import('../deliver.js'),
      import('../output-file.js'),
      import('../run.js'),
    ]);
    const classes = redactions(options.redact, redactable);
    const { output } = options;
    if (output === '-' || output === '')
      throw new UsageError('-o -: an archive goes to a file, for example -o bundle.tar.gz; its summary goes to stdout');
    if (output === undefined) writable('.');
    const file = output === undefined ? undefined : await openOutput(output);
    const run = await (options.from ? savedSubject(options, options.from) : liveSubject(options));
    const report = judgeEvidence(run.scope, run.evidence, options.failOn);
    const made = await proven(run, report, classes, options.failOn);
    const path = output ?? nameOf(run.scope, run.evidence, classes.length > 0);
    await (file ? file.write(made.bytes) : writePrivate(path, made.bytes));
    for (const name of made.kept) {
      process.stderr.write(`pairflight: the host name ${name} is a word of the pack itself, so it stays as it is\n`);
    }
    const sealed = {
      name: basename(path),
      bytes: made.bytes.length,
      sha256: sha256(made.bytes),
      pseudonyms: classes,
    };
    await write(
      options.summary
        ? summaryOf(made.report, sealed)
        : `${path}: ${sealed.bytes} bytes, SHA-256 ${sealed.sha256}; judged again from the archive, with the same verdicts; ${classes.length > 0 ? `under pseudonyms: ${classes.join(', ')}` : 'it holds real names and addresses (--redact replaces them)'}\n`,
    );
    return exitCodeOf(run, report.run.exitCode);
  },
};

async function liveSubject(options: BundleOptions): Promise<Bundled & { signal?: Signal }> {
  const [{ inputsOf, refuseOneFile }, { runTarget }, { readTarget }] = await Promise.all([
    import('../run-files.js'),
    import('../run.js'),
    import('../target.js'),
  ]);
  const target = readTarget(options, phasesOf(options));
  refuseOneFile(archiveOf(options), inputsOf(target, options));
  const run = await runTarget(target, options);
  const known = {
    hosts: target.hosts.flatMap(({ ssh }) => ssh.host ?? []),
    users: target.hosts.flatMap(({ ssh }) => ssh.user ?? []),
  };
  return { scope: target.scope, ...run, known };
}

function archiveOf({ output }: BundleOptions) {
  return output === undefined ? [] : [{ what: `-o ${output}`, path: output }];
}

/** Options that choose what is asked: what was saved has been asked. */
const choosing = ['inventory', 'host', 'phase', 'release', 'only', 'skip', 'set'] as const;

async function savedSubject(options: BundleOptions, files: string[]): Promise<Bundled & { signal?: Signal }> {
  const [role] = Object.keys(options.roles ?? {});
  const chosen = role ?? choosing.find((name) => options[name] !== undefined) ?? (options.provePorts && 'prove-ports');
  if (chosen) {
    const shown = chosen === 'inventory' ? `the inventory ${options.inventory}` : `--${chosen}`;
    throw new UsageError(`give either --from or ${shown}, not both: a saved run knows its hosts and its phase`);
  }
  const [{ refuseOneFile }, { savedRun }] = await Promise.all([import('../run-files.js'), import('../saved-run.js')]);
  refuseOneFile(
    archiveOf(options),
    files.map((path) => ({ what: 'the saved evidence', path })),
  );
  return { ...savedRun({ ...options, files }), known: { hosts: [], users: [] } };
}

function redactions(list: string | undefined, redactable: readonly Redactable[]): Redactable[] {
  const named = list?.split(',').map((one) => one.trim()) ?? [];
  const other = named.find((one) => !redactable.some((known) => known === one));
  if (other !== undefined)
    throw new UsageError(
      `--redact: "${other}" cannot be hidden${suggestion(other, [...redactable])}; right is for example --redact ${redactable.join(',')}`,
    );
  return redactable.filter((one) => named.includes(one));
}

/** `pairflight-PACK-PHASE-TIME.tar.gz`, of letters that every file system takes; under pseudonyms it is called another. */
function nameOf({ pack, phases }: Scope, { takenAt }: Evidence, redacted: boolean): string {
  const time = new Date(takenAt)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');
  return `${['pairflight', pack.name, ...phases, time, ...(redacted ? ['redacted'] : [])].join('-').replace(/[^\w.-]/g, '_')}.tar.gz`;
}

function writable(path: string): void {
  try {
    accessSync(path, constants.W_OK);
  } catch {
    throw new UsageError(`${dirname(`${process.cwd()}/x`)}: cannot be written; name a file with -o`);
  }
}
