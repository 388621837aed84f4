/** A run on hosts that are declared: files are read and judged; nobody is asked, and no connection is opened. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../core/errors.js';
import { whyUnread } from '../core/file-error.js';
import { readStdin } from '../core/stdin.js';
import type { Declared } from '../declared/declare.js';
import { renderedFileNamed } from '../declared/files.js';
import { evidenceText } from '../evidence/evidence.js';
import { deliver } from './deliver.js';
import type { DeclaredOptions, ReportOptions, WaitOptions } from './options.js';
import { type Input, openOutputs } from './run-files.js';
import type { RunTarget } from './target.js';

type Options = DeclaredOptions &
  ReportOptions &
  WaitOptions & { evidence?: string; failOnNew?: boolean; provePorts?: boolean; promised?: string };

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
    options.promised !== undefined && '--promised',
    options.failOnNew && '--fail-on-new',
    options.provePorts && '--prove-ports',
  ].find((option) => typeof option === 'string');
  if (senseless) throw new UsageError(`${senseless} asks hosts, and with --declared no host is asked`);
}

/** The files that declare, which no output may overwrite. */
export function declaredInputs({ declared = [], declaredFile = [] }: DeclaredOptions): Input[] {
  return [
    ...declared
      .filter((spec) => !spec.startsWith('ansible='))
      .map((spec) => ({ what: `--declared ${spec}`, path: spec.slice(spec.indexOf('=') + 1) })),
    ...declaredFile.map((spec) => ({ what: `--declared-file ${spec}`, path: spec.slice(spec.lastIndexOf('=') + 1) })),
  ];
}

/** Judges a target by what is declared, and reports; resolves to the exit code. @throws UsageError */
export async function judgeDeclared(target: RunTarget, options: Options, inputs: readonly Input[]): Promise<number> {
  const [{ declare }, { judgeEvidence }] = await Promise.all([
    import('../declared/declare.js'),
    import('../judge/report.js'),
  ]);
  const outputs = await openOutputs(options, inputs);
  const { scope, evidence } = declare(target, readDeclared(options), new Date(), target.baseline);
  await outputs.evidence?.write(evidenceText(evidence));
  const report = judgeEvidence(scope, evidence, options.failOn);
  await deliver(report, outputs.reports, options);
  return report.run.exitCode;
}

/** The files that options name, read. @throws UsageError */
function readDeclared({ declared = [], declaredFile = [], defer }: DeclaredOptions): Declared {
  const named = new Map<string, string>();
  for (const spec of declared) {
    const [, kind = '', file = ''] = /^(terraform|ansible)=(.+)$/s.exec(spec) ?? [];
    if (kind === '')
      throw new UsageError(
        `--declared ${spec}: right is terraform=FILE (from terraform show -json; - is stdin) or ansible=DIR (from ansible -m setup --tree DIR)`,
      );
    if (named.has(kind))
      throw new UsageError(`--declared ${spec}: there is ${kind}=${named.get(kind)} already; give one`);
    named.set(kind, file);
  }
  const [plan, dir] = [named.get('terraform'), named.get('ansible')];
  return {
    ...(plan !== undefined && {
      terraform: {
        file: plan,
        bytes: plan === '-' ? Buffer.from(readStdin()) : bytesOf(plan, `--declared terraform=${plan}`),
      },
    }),
    ...(dir !== undefined && { ansible: { dir, read: filesOf(dir) } }),
    files: declaredFile.map((spec) => {
      const rendered = renderedFileNamed(spec);
      return { ...rendered, bytes: bytesOf(rendered.file, `--declared-file ${spec}`) };
    }),
    defer: defer !== undefined,
  };
}

/** The files of a folder by their names. @throws UsageError where there is no such folder */
function filesOf(dir: string): (name: string) => Buffer | undefined {
  let names: Set<string>;
  try {
    names = new Set(readdirSync(dir));
  } catch (error) {
    throw new UsageError(`--declared ansible=${dir}: ${whyUnread(error, 'folder')}`);
  }
  return (name) => (names.has(name) ? bytesOf(join(dir, name), `--declared ansible=${dir}`) : undefined);
}

function bytesOf(file: string, option: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`${option}: ${file}: ${whyUnread(error)}`);
  }
}
