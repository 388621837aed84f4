/** Every rule of the report by its id, each a link to its first finding: a way to find one without a script. */
import type { Finding } from '../../core/model.js';
import { worstFirst } from '../words/order.js';
import type { Page } from './anchors.js';
import { Code } from './text.js';

/** The index, folded. */
export function RuleIndex({ page }: { page: Page }) {
  const { findings } = page.report;
  const first = new Map<string, Finding>();
  for (const finding of [...worstFirst(findings), ...findings])
    if (!first.has(finding.rule)) first.set(finding.rule, finding);
  if (first.size === 0) return null;
  return (
    <details class="index">
      <summary>Find a rule by its id</summary>
      <ul>
        {[...first]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([rule, finding]) => (
            <li>
              <a href={`#${page.idOf(finding)}`}>
                <Code text={rule} />
              </a>
            </li>
          ))}
      </ul>
    </details>
  );
}
