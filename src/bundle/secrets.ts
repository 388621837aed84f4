/** What looks like a secret and was nobody's to know in advance: taken out of the texts of a bundle, whatever command said it. Pure. */

import type { Evidence } from '../core/model.js';
import type { Baseline } from '../evidence/baseline.js';

const veil = '[secret]';

/** Forms that hold a secret whoever wrote them. The last is not for words of a configuration, whose values rules judge. */
const forms: [RegExp, string][] = [
  [/-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/g, veil],
  [/(:\/\/[^\s/:@]{1,255}:)[^\s/@]+(?=@)/g, `$1${veil}`],
  [/\b((?:proxy-)?authorization: *[a-z]+ +|(?:set-)?cookie: *)[^\r\n]+/gi, `$1${veil}`],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, veil],
  [/\b(PGPASSWORD|MYSQL_PWD|password|passwd|pwd)=(?!secret:|\[)("[^"]*"|'[^']*'|[^\s'",;&]+)/gi, `$1=${veil}`],
];

/** The evidence without them, in what hosts said. Tokens stay: they are what stands for a secret already. */
export function withoutSecrets<T extends Evidence | Baseline>(evidence: T): T {
  const { baseline } = evidence as Evidence;
  return {
    ...evidence,
    connections: evidence.connections.map(({ noise, problem, ...connection }) => ({
      ...connection,
      ...(noise !== undefined && { noise: veiled(noise) }),
      ...(problem && { problem: { ...problem, message: veiled(problem.message) } }),
    })),
    steps: evidence.steps.map((step) => ({
      ...step,
      outputs: step.outputs.map((sample) =>
        sample.map((output) => ({ ...output, stdout: veiled(output.stdout), stderr: veiled(output.stderr) })),
      ),
    })),
    ...(baseline && { baseline: withoutSecrets(baseline) }),
  };
}

function veiled(text: string): string {
  return forms.reduce((rest, [form, to]) => rest.replace(form, to), text);
}
