/** Evidence that was taken before hosts followed paths: the file that names a path, and what was asked about that path, in two steps. */
import type { Evidence, Step } from '../core/model.js';
import { file } from '../probes/files/file.js';
import { followedParam, pathIn } from '../probes/files/followed-path.js';
import { readAnswer } from './read-answer.js';

type Saved = Evidence['steps'][number];

/**
 * The step that asked, by its words, about the path that the host's file named then, where both were asked; in whose name makes no
 * difference to a value. `value` is added to what it read.
 */
export function askedAtThePath(step: Pick<Step, 'probe' | 'params' | 'subject'>, saved: Iterable<Saved>) {
  const followed = followedParam(step.params);
  if (!followed) return undefined;
  const subject = JSON.stringify(step.subject);
  const steps = [...saved].filter((one) => JSON.stringify(one.subject) === subject);
  const note = steps.find(({ probe, params }) => probe === file.id && params.path === followed.path.line_of);
  const read = note && readAnswer(file, note.params, note.outputs.at(-1) ?? []);
  // A note of several lines named no path then.
  const { text, line } = (read && 'value' in read ? read.value : {}) as { text?: string; line?: string };
  const { path } = line === undefined ? {} : pathIn(text ?? '', followed.path);
  if (path === undefined) return undefined;
  const words = (params: Record<string, unknown>) =>
    JSON.stringify({ ...params, as: undefined, [followed.param]: path });
  const found = steps.find(
    (one) =>
      one.probe === step.probe && one.params[followed.param] === path && words(one.params) === words(step.params),
  );
  return found && { step: found, value: { names: 'path', followed: path } };
}
