/** The files that a run writes, as its command line names them: reports and evidence, each a file of its own, ready before hosts are asked. */
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { suggestion } from '../core/did-you-mean.js';
import { UsageError } from '../core/errors.js';
import type { Host } from '../core/model.js';
import type { Pack } from '../pack/pack.js';
import { type Format, reporters } from '../reporters/index.js';
import type { ReachOptions, ReportOptions, TargetOptions } from './options.js';
import { identityOf, identityOfDescriptor, type OutputFile, openOutput, removeFile } from './output-file.js';

/** One report to make: its format, and the file it goes to (stdout without one). */
export interface ReportTarget {
  format: Format;
  file?: OutputFile;
}

/** All that a run writes. */
export interface Outputs {
  reports: ReportTarget[];
  evidence?: OutputFile;
}

/** A file that is read, and what it is to whoever runs the command. */
export interface Input {
  what: string;
  path: string;
}

/** Two outputs that are one file, or an output that is also read: it stays as it is. */
export class OneFile extends UsageError {
  constructor(
    message: string,
    readonly path: string,
  ) {
    super(message);
  }
}

/** Why no run answers as a plugin. */
const NAGIOS = 'is for a saved report, as its only format, on stdout: it ends with the codes of a Nagios plugin';

/** Options that name outputs. */
export type OutputOptions = Pick<ReportOptions, 'report' | 'reportMode'> & { evidence?: string };

/** A `FORMAT[=PATH]` as it was written. */
interface Spec {
  format: Format;
  path?: string;
}

/**
 * Makes the outputs of a command ready: each can be written, none is a file that is read or another output, and reports of an
 * earlier run are gone. Evidence stays until the new one is whole. @throws UsageError before anything is removed
 */
export async function openOutputs(options: OutputOptions, inputs: readonly Input[] = []): Promise<Outputs> {
  const specs = reportSpecs(options.report);
  const mode = modeOf(options.reportMode);
  const files = specs.flatMap(({ format, path }) =>
    path === undefined ? [] : [{ what: `--report ${format}=${path}`, path }],
  );
  const evidence =
    options.evidence === undefined ? [] : [{ what: `--evidence ${options.evidence}`, path: options.evidence }];
  refuseOneFile([...evidence, ...files], inputs, specs.length > files.length);
  const reports: ReportTarget[] = [];
  for (const { format, path } of specs)
    reports.push(path === undefined ? { format } : { format, file: await openOutput(path, mode) });
  const outputs = { reports, ...(options.evidence !== undefined && { evidence: await openOutput(options.evidence) }) };
  // Metrics stay until there are new ones: a file that is gone raises no alarm.
  for (const { format, file } of reports) if (file && format !== 'prometheus') removeOld(file.path);
  return outputs;
}

/** Removes what an earlier run wrote; what cannot be removed is told. */
export function removeOld(path: string): void {
  const problem = removeFile(path);
  if (problem !== undefined) process.stderr.write(`pairflight: ${problem}\n`);
}

/** Reads `FORMAT[=PATH]` options. @throws UsageError */
export function reportSpecs(given: readonly string[] = ['table']): Spec[] {
  const specs = given.map((spec): Spec => {
    const [, format = '', path] = /^([^=]*)(?:=(.*))?$/s.exec(spec) ?? [];
    if (format === 'nagios')
      throw new UsageError(`--report ${spec}: ${NAGIOS}`, 'pairflight report run.json --report nagios');
    if (!isFormat(format))
      throw new UsageError(`--report ${spec}: unknown format "${format}"${suggestion(format, Object.keys(reporters))}`);
    if (path === '') throw new UsageError(`--report ${spec}: the path is missing; right is ${format}=FILE`);
    return path === undefined ? { format } : { format, path };
  });
  const onStdout = specs.filter((spec) => spec.path === undefined);
  if (onStdout.length > 1) {
    throw new UsageError(
      `--report: only one format can go to stdout (${onStdout.map((one) => one.format).join(', ')}); give the others a file, for example junit=report.xml`,
    );
  }
  return specs;
}

function isFormat(word: string): word is Format {
  return Object.hasOwn(reporters, word);
}

/** The mode of report files. @throws UsageError for one with which not even their owner could use them */
export function modeOf(given: string | undefined): number {
  if (given === undefined) return 0o600;
  const mode = /^0?[0-7]{3}$/.test(given) ? Number.parseInt(given, 8) : 0;
  if ((mode & 0o600) !== 0o600)
    throw new UsageError(
      `--report-mode ${given}: right is an octal mode that lets the owner read and write, for example 0644`,
    );
  return mode;
}

/** Refuses outputs that would overwrite each other, or what is read. @throws OneFile */
export function refuseOneFile(outputs: readonly Input[], inputs: readonly Input[], toStdout = false): void {
  const seen = new Map<string, string>();
  for (const { what, path } of inputs) {
    const identity = path === '-' ? undefined : identityOf(path);
    if (identity !== undefined) seen.set(identity, `${what} (${path}), which it would overwrite`);
  }
  const stdout = toStdout ? identityOfDescriptor(1) : undefined;
  if (stdout !== undefined) seen.set(stdout, 'where standard output goes');
  for (const { what, path } of outputs) {
    const identity = identityOf(path);
    if (identity === undefined) continue;
    const other = seen.get(identity);
    if (other !== undefined)
      throw new OneFile(`${what}: is the same file as ${other}; give it a file of its own`, path);
    seen.set(identity, what);
  }
}

/** The files that a run on hosts reads. */
export function inputsOf(
  target: { scope: { pack: Pack }; hosts: readonly Host[] },
  options: Pick<TargetOptions, 'inventory' | 'baseline' | 'promised'> & Partial<ReachOptions>,
): Input[] {
  const ssh = join(homedir(), '.ssh');
  const known: (Input | false)[] = [
    { what: 'the inventory', path: options.inventory || 'pairflight.yaml' },
    options.baseline !== undefined && { what: 'the baseline', path: options.baseline },
    options.promised !== undefined && { what: 'what was promised', path: options.promised },
    options.identity !== undefined && { what: 'the private key', path: atHome(options.identity) },
    { what: 'the known_hosts file', path: atHome(options.knownHosts ?? join(ssh, 'known_hosts')) },
    { what: 'the OpenSSH configuration', path: atHome(options.sshConfig ?? join(ssh, 'config')) },
    ...target.hosts.map((host) =>
      host.ssh.identityFile === undefined
        ? false
        : { what: `the private key of ${host.name}`, path: atHome(host.ssh.identityFile) },
    ),
  ];
  return [...known.filter((one) => one !== false), ...packInputs(target.scope.pack)];
}

/** The files of a pack. */
export function packInputs({ dir }: Pick<Pack, 'dir'>): Input[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => ({ what: `the pack's ${relative(dir, path)}`, path }));
}

function atHome(path: string): string {
  return path.startsWith('~/') ? `${homedir()}${path.slice(1)}` : path;
}
