/** What looks like a secret and was nobody's to know in advance: taken out of the texts of a bundle, whatever command said it. Pure. */

import type { Evidence } from '../core/model.js';
import { inEvidence } from '../evidence/texts.js';

const veil = '[secret]';

/** Forms that hold a secret whoever wrote them. The last is not for words of a configuration, whose values rules judge. */
const forms: [RegExp, string][] = [
  [/-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/g, veil],
  [/(:\/\/[^\s/:@]{1,255}:)[^\s/@]+(?=@)/g, `$1${veil}`],
  [/\b((?:proxy-)?authorization: *[a-z]+ +|(?:set-)?cookie: *)[^\r\n]+/gi, `$1${veil}`],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, veil],
  [/\b(PGPASSWORD|MYSQL_PWD|password|passwd|pwd)=(?!secret:|\[)("[^"]*"|'[^']*'|[^\s'",;&]+)/gi, `$1=${veil}`],
];

/** The evidence without them, in what hosts said and people wrote. Tokens stay: they are what stands for a secret already. */
export function withoutSecrets(evidence: Evidence): Evidence {
  return inEvidence(evidence, { replace: (text, { kind }) => (kind === 'word' ? text : veiled(text)) });
}

function veiled(text: string): string {
  return forms.reduce((rest, [form, to]) => rest.replace(form, to), text);
}
