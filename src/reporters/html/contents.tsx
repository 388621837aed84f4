/** Links to the parts of the page that this report has: on a phone they lie far apart. */
import type { Report } from '../../core/model.js';

/** The parts below the findings, each by the fragment of its heading. */
export function Contents({ report }: { report: Report }) {
  const { changes, findings, hosts, notVerified, waivers = [] } = report;
  const parts: [string, string, boolean][] = [
    ['hosts-title', 'Hosts', hosts.length > 0],
    ['ports-title', 'Ports', findings.some(({ row, subject }) => row && subject.kind === 'pair')],
    ['samples-title', 'Samples', findings.some(({ samples = [] }) => samples.length > 0)],
    ['passing-title', 'What passes', findings.some(({ verdict }) => verdict === 'pass' || verdict === 'skip')],
    ['not-verified-title', 'Not verified', notVerified.length > 0],
    ['changed-title', 'Changed', changes !== undefined],
    ['waivers-title', 'Waivers', waivers.length > 0],
    ['documents-title', 'Documents', [...findings, ...notVerified].some(({ source }) => source.url)],
    ['answers-title', 'Raw answers', true],
  ];
  return (
    <nav class="contents" aria-label="Parts of the report">
      {parts
        .filter(([, , isThere]) => isThere)
        .map(([id, words]) => (
          <a href={`#${id}`}>{words}</a>
        ))}
    </nav>
  );
}
