/** `bundle`: one archive of a run for a support ticket, proven to be judged as the run itself before it is handed over. */
import { accessSync, constants, existsSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Bundled, proven } from '../../bundle/proven.js';
import { type Redactable, redactable } from '../../bundle/pseudonyms/index.js';
import { summaryOf } from '../../bundle/ticket.js';
import { suggestion } from '../../core/did-you-mean.js';
import { UsageError } from '../../core/errors.js';
import type { Evidence } from '../../core/model.js';
import { sha256 } from '../../evidence/archive/bundle-file.js';
import { judgeEvidence } from '../../judge/report.js';
import type { Scope } from '../../plan/scope.js';
import { claim, write, writePrivate } from '../deliver.js';
import type { ReachOptions, ReportOptions, TargetOptions } from '../options.js';
import type { Signal } from '../session.js';
import { readTarget } from '../target.js';
import { codeOf, runTarget } from './check.js';
import { savedRun } from './evaluate.js';

/** Options of `bundle`. */
export type BundleOptions = TargetOptions &
  ReachOptions &
  Pick<ReportOptions, 'failOn'> & {
    /** The pack's first unless given. */
    phase?: string;
    /** Saved evidence, instead of asking hosts. */
    from?: string[];
    output?: string;
    redact?: string;
    summary: boolean;
  };

/** Makes a bundle; resolves to the exit code of the run in it. @throws UsageError when the bundle would not be judged as the run. */
export async function bundleCommand(options: BundleOptions): Promise<number> {
  const classes = redactions(options.redact);
  const { output } = options;
  if (output === '-' || output === '')
    throw new UsageError('-o -: an archive goes to a file, for example -o bundle.tar.gz; its summary goes to stdout');
  const fresh = output !== undefined && !existsSync(output);
  if (output === undefined) writable('.');
  else claim(output);
  try {
    const run = await (options.from ? savedSubject(options, options.from) : liveSubject(options));
    const report = judgeEvidence(run.scope, run.evidence, options.failOn);
    const made = await proven(run, report, classes, options.failOn);
    const path = output ?? nameOf(run.scope, run.evidence, classes.length > 0);
    writePrivate(path, made.bytes);
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
        : `${path}: ${sealed.bytes} bytes, SHA-256 ${sealed.sha256}; judged again from the archive, all verdicts are the run's own; ${classes.length > 0 ? `under pseudonyms: ${classes.join(', ')}` : 'not under pseudonyms: names and addresses stand in it (--redact)'}\n`,
    );
    return codeOf(report, run.signal);
  } catch (error) {
    if (fresh) rmSync(output, { force: true });
    throw error;
  }
}

async function liveSubject(options: BundleOptions): Promise<Bundled & { signal?: Signal }> {
  const target = readTarget(options, options.phase === undefined ? undefined : [options.phase]);
  const { evidence, signal } = await runTarget(target, options);
  const known = {
    hosts: target.hosts.flatMap(({ ssh }) => ssh.host ?? []),
    users: target.hosts.flatMap(({ ssh }) => ssh.user ?? []),
  };
  return { scope: target.scope, evidence, known, ...(signal !== undefined && { signal }) };
}

/** Options that choose what is asked: what was saved has been asked. */
const asking = [
  'inventory',
  'host',
  'primary',
  'secondary',
  'test',
  'phase',
  'release',
  'only',
  'skip',
  'set',
] as const;

async function savedSubject(options: BundleOptions, files: string[]): Promise<Bundled & { signal?: Signal }> {
  const given = asking.find((name) => options[name] !== undefined) ?? (options.provePorts ? 'prove-ports' : undefined);
  if (given !== undefined) {
    const shown = given === 'inventory' ? `the inventory ${options.inventory}` : `--${given}`;
    throw new UsageError(`give either --from or ${shown}, not both: a saved run knows its hosts and its phase`);
  }
  const { pack, baseline } = options;
  const saved = savedRun({ files, ...(pack !== undefined && { pack }), ...(baseline !== undefined && { baseline }) });
  return { ...saved, known: { hosts: [], users: [] } };
}

function redactions(words: string | undefined): Redactable[] {
  const named = words?.split(',').map((word) => word.trim()) ?? [];
  const isKnown = (word: string): word is Redactable => redactable.some((one) => one === word);
  const other = named.find((word) => !isKnown(word));
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
