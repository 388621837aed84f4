/** Rendered files that stand for files of hosts: each is read by the reader of the probe that would ask for it. Pure. */
import { posix } from 'node:path';
import { suggestion } from '../core/did-you-mean.js';
import { UsageError } from '../core/errors.js';
import { list } from '../core/format.js';
import type { Output, Rendered, Step } from '../core/model.js';
import { fileAsked } from '../evidence/declared.js';
import type { Scope } from '../plan/scope.js';
import type { DeclaredStep } from './terraform.js';

const { basename } = posix;

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

/** The steps that rendered files answer, with their outputs as they may be kept, and what other files declare of steps. */
interface ByFiles {
  answered: { step: Step; outputs: Output[][] }[];
  declared: DeclaredStep[];
}

/** What comes of rendered files. @throws UsageError for a file that no rule asks for */
export function answeredByFiles(
  { pack, hosts, release }: Scope,
  steps: readonly Step[],
  files: readonly RenderedFile[],
  at: string,
  token: (secret: string) => string,
): ByFiles {
  const all = files.map((rendered, index): ByFiles => {
    const { host, path, file } = rendered;
    const option = `--declared-file ${host}:${path}=${file}`;
    const names = hosts.map(({ name }) => name);
    if (!names.includes(host)) throw new UsageError(`${option}: no host is named "${host}"${suggestion(host, names)}`);
    const own = steps.filter((step) => step.asks[0]?.host === host);
    const renderedBy = ({ probe }: Step) => pack.probes.get(probe)?.rendered;
    const answers = own.filter((step) => fileAsked(step) === path);
    const tells = own.filter((step) => renderedBy(step)?.file === basename(path));
    const same = (one: RenderedFile) =>
      one.host === host && (one.path === path || (tells.length > 0 && basename(one.path) === basename(path)));
    if (files.findIndex(same) < index)
      throw new UsageError(`${option}: stands for a file that another option stands for already`);
    if (answers.length + tells.length === 0) {
      const why = pack.mappings?.unread?.find(({ name }) => name === basename(path))?.because;
      throw new UsageError(`${option}: ${why ?? 'no rule of this run asks for it'}; ${askedOn(host, own, renderedBy)}`);
    }
    return {
      answered: answers.map((step) => answeredBy(step, rendered, pack, at, token)),
      declared: tells.flatMap((step) =>
        declaredBy(step, renderedBy(step), rendered, release?.line === 'build' ? release.numbers : undefined),
      ),
    };
  });
  return { answered: all.flatMap(({ answered }) => answered), declared: all.flatMap(({ declared }) => declared) };
}

function answeredBy(
  step: Step,
  { bytes }: RenderedFile,
  pack: Scope['pack'],
  at: string,
  token: (secret: string) => string,
): ByFiles['answered'][number] {
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
}

/** Bytes of a configuration that are read; no configuration that a person keeps is larger. */
const MAX_BYTES = 1024 * 1024;

function declaredBy(
  step: Step,
  rendered: Rendered | undefined,
  { file, bytes, host, path }: RenderedFile,
  release: readonly number[] | undefined,
): DeclaredStep[] {
  if (bytes.length > MAX_BYTES)
    throw new UsageError(`--declared-file ${host}:${path}=${file}: is larger than is read (1 MiB)`);
  const told = rendered?.read(bytes.toString('utf8'), release) ?? [];
  return told.map(({ at, ...one }) => ({
    step,
    declared: { ...one, may: 'both', from: at === undefined ? file : `${file} ${at}` },
  }));
}

function askedOn(host: string, steps: readonly Step[], renderedBy: (step: Step) => Rendered | undefined): string {
  const named = steps.flatMap((step) => fileAsked(step) ?? []);
  const anywhere = steps.flatMap((step) => renderedBy(step)?.file ?? []).map((file) => `a ${file} in any folder`);
  const files = [...new Set([...named.toSorted(), ...anywhere])];
  return files.length === 0 ? `none asks for a file of ${host}` : `of ${host} they ask for ${list(files)}`;
}
