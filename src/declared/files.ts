/** Rendered files that stand for files of hosts: each is read by the reader of the probe that would ask for it. Pure. */
import { suggestion } from '../core/did-you-mean.js';
import { UsageError } from '../core/errors.js';
import { list } from '../core/format.js';
import type { Output, Step } from '../core/model.js';
import { fileAsked } from '../evidence/declared.js';
import type { Scope } from '../plan/scope.js';

/** A rendered file, and the file of a host that it stands for. */
export interface RenderedFile {
  host: string;
  path: string;
  file: string;
  bytes: Buffer;
}

/** Reads `HOST:/path=FILE`, split at the first colon and the last equals sign. @throws UsageError */
export function renderedFileNamed(spec: string): Omit<RenderedFile, 'bytes'> {
  const colon = spec.indexOf(':');
  const equals = spec.lastIndexOf('=');
  const [host, path, file] = [
    spec.slice(0, Math.max(0, colon)),
    spec.slice(colon + 1, Math.max(0, equals)),
    spec.slice(equals + 1),
  ];
  if (colon < 1 || equals < colon || !path.startsWith('/') || file === '')
    throw new UsageError(
      `--declared-file ${spec}: right is HOST:/path=FILE, for example primary:/etc/app.conf=rendered/primary.conf`,
    );
  return { host, path, file };
}

/** The steps that rendered files answer, with their outputs as they may be kept. @throws UsageError for a file that no rule asks for */
export function answeredByFiles(
  { pack, hosts }: Scope,
  steps: readonly Step[],
  files: readonly RenderedFile[],
  at: string,
  token: (secret: string) => string,
): { step: Step; outputs: Output[][] }[] {
  return files.flatMap(({ host, path, file, bytes }, index) => {
    const option = `--declared-file ${host}:${path}=${file}`;
    const names = hosts.map(({ name }) => name);
    if (!names.includes(host)) throw new UsageError(`${option}: no host is named "${host}"${suggestion(host, names)}`);
    if (files.findIndex((one) => one.host === host && one.path === path) < index)
      throw new UsageError(`${option}: stands for a file that another option stands for already`);
    const meant = steps.filter((step) => step.asks[0]?.host === host && fileAsked(step) === path);
    if (meant.length === 0) throw new UsageError(`${option}: no rule of this run asks for it; ${askedOn(host, steps)}`);
    return meant.map((step) => {
      const { asks, params, probe } = step;
      const most = asks[0]?.ask.kind === 'exec' ? asks[0].ask.maxBytes : 0;
      const whole = bytes.length <= most;
      const output: Output = {
        exit: 0,
        stdout: bytes.subarray(0, most).toString('utf8'),
        stderr: '',
        ...(!whole && { problem: 'truncated' as const, problemAt: 'command' as const }),
        startedAt: at,
        durationMs: 0,
      };
      return { step, outputs: [pack.probes.get(probe)?.redact?.([output], params, token) ?? [output]] };
    });
  });
}

function askedOn(host: string, steps: readonly Step[]): string {
  const files = steps.flatMap((step) => (step.asks[0]?.host === host ? (fileAsked(step) ?? []) : []));
  return files.length === 0
    ? `none asks for a file of ${host}`
    : `of ${host} they ask for ${list([...new Set(files)].toSorted())}`;
}
