/** Redaction: before outputs are saved or judged, what must not leave the host is taken out. Live runs go through it too. */
import type { Connection, Output, Step } from '../core/model.js';
import { inConnection, inOutput, type Visit } from '../evidence/texts.js';
import type { Pack } from '../pack/pack.js';
import { formsOf } from './secret-encodings.js';

/** The outputs of a step as they may be kept: first what its probe removes, then every secret that this run was given. */
export function redactOutputs(
  pack: Pack,
  step: Step,
  outputs: Output[],
  secrets: readonly string[],
  token: (secret: string) => string,
): Output[] {
  const probe = pack.probes.get(step.probe);
  const kept = probe?.redact ? probe.redact(outputs, step.params, token) : outputs;
  return kept.map((output) => inOutput(output, without(secrets)));
}

/** A connection as it may be kept. */
export function redactConnection(connection: Connection, secrets: readonly string[]): Connection {
  return inConnection(connection, without(secrets));
}

/** A secret of three characters or fewer would riddle the text and hide nothing. */
function without(secrets: readonly string[]): Visit {
  const forms = secrets.filter((secret) => secret.length > 3).flatMap(formsOf);
  // The longest first: a form that begins another must not leave the other's end behind.
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return {
    replace: (text, { kind }) =>
      kind === 'word' ? text : longestFirst.reduce((clean, form) => clean.replaceAll(form, '[password]'), text),
  };
}
