/** A run on hosts that are declared: files are read and judged; nobody is asked, and no connection is opened. */
import { readFileSync } from 'node:fs';
import { UsageError } from '../core/errors.js';
import { readStdin } from '../core/stdin.js';
import { type Declared, declare } from '../declared/declare.js';
import { renderedFileNamed } from '../declared/files.js';
import { evidenceText } from '../evidence/evidence.js';
import { judgeEvidence } from '../judge/report.js';
import { deliver } from './deliver.js';
import type { DeclaredOptions, ReportOptions, WaitOptions } from './options.js';
import { type Input, openOutputs } from './outputs.js';
import type { RunTarget } from './target.js';

type Options = DeclaredOptions &
  ReportOptions &
  WaitOptions & { evidence?: string; failOnNew?: boolean; provePorts?: boolean };

/** Whether the hosts of a run are declared. */
export function isDeclared({ declared = [], declaredFile = [] }: DeclaredOptions): boolean {
  return declared.length + declaredFile.length > 0;
}

/** Refuses what makes no sense where nobody is asked. @throws UsageError */
export function checkDeclared(options: Options): void {
  if (options.defer !== undefined && !isDeclared(options))
    throw new UsageError('--defer after-apply needs --declared terraform=FILE');
  if (!isDeclared(options)) return;
  const senseless = [
    options.wait !== undefined && '--wait',
    options.failOnNew && '--fail-on-new',
    options.provePorts && '--prove-ports',
  ].find((option) => typeof option === 'string');
  if (senseless) throw new UsageError(`${senseless} asks hosts, and with --declared no host is asked`);
}

/** The files that declare, which no output may overwrite. */
export function declaredInputs({ declared = [], declaredFile = [] }: DeclaredOptions): Input[] {
  return [
    ...declared.map((spec) => ({ what: `--declared ${spec}`, path: spec.slice(spec.indexOf('=') + 1) })),
    ...declaredFile.map((spec) => ({ what: `--declared-file ${spec}`, path: spec.slice(spec.lastIndexOf('=') + 1) })),
  ];
}

/** Judges a target by what is declared, and reports; resolves to the exit code. @throws UsageError */
export async function judgeDeclared(target: RunTarget, options: Options, inputs: readonly Input[]): Promise<number> {
  const outputs = await openOutputs(options, inputs);
  const { scope, evidence } = declare(target, readDeclared(options), new Date(), target.baseline);
  await outputs.evidence?.write(evidenceText(evidence));
  const report = judgeEvidence(scope, evidence, options.failOn);
  await deliver(report, outputs.reports, options.color);
  return report.run.exitCode;
}

/** The files that options name, read. @throws UsageError */
function readDeclared({ declared = [], declaredFile = [], defer }: DeclaredOptions): Declared {
  const plans = declared.map((spec) => {
    const [, kind, file] = /^(terraform)=(.+)$/s.exec(spec) ?? [];
    if (kind === undefined || file === undefined)
      throw new UsageError(
        `--declared ${spec}: right is terraform=FILE, with the output of terraform show -json; - is stdin`,
      );
    return file;
  });
  const [plan, second] = plans;
  if (second !== undefined)
    throw new UsageError(`--declared terraform=${second}: there is a plan already, ${plan}; give one`);
  return {
    ...(plan !== undefined && {
      terraform: {
        file: plan,
        bytes: plan === '-' ? Buffer.from(readStdin()) : bytesOf(plan, `--declared terraform=${plan}`),
      },
    }),
    files: declaredFile.map((spec) => {
      const named = renderedFileNamed(spec);
      return { ...named, bytes: bytesOf(named.file, `--declared-file ${spec}`) };
    }),
    defer: defer !== undefined,
  };
}

function bytesOf(file: string, option: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'is a directory' : message;
    throw new UsageError(`${option}: ${file}: ${why}`);
  }
}
