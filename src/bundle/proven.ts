/** A bundle that is proven: made of a run, read back, and judged as the run itself. */
import { UsageError } from '../core/errors.js';
import type { Evidence, Report, Severity } from '../core/model.js';
import { tool } from '../core/version.js';
import { makeBundle, textIn } from '../evidence/archive/bundle-file.js';
import { checkEvidence, evidenceIn, evidenceText } from '../evidence/evidence.js';
import { EvidenceFacts } from '../evidence/facts-in-evidence.js';
import { judgeEvidence } from '../judge/report.js';
import { type Scope, scopeOfEvidence } from '../plan/scope.js';
import { planText } from '../plan/text.js';
import { type Format, reporters } from '../reporters/index.js';
import { answersInText } from './answers-text.js';
import { differences } from './proof.js';
import { type AlsoKnown, pseudonymise, type Redactable } from './pseudonyms/index.js';
import { withoutSecrets } from './secrets.js';

/** A run that is to be bundled, and what its inventory tells beside its evidence. */
export interface Bundled {
  scope: Scope;
  evidence: Evidence;
  known: AlsoKnown;
}

/**
 * The archive, the report that was judged from its very bytes, and the hosts whose names could not be hidden.
 * @throws UsageError when it would not be judged as `own`, the report of the run itself
 */
export async function proven(
  { scope, evidence, known }: Bundled,
  own: Report,
  classes: readonly Redactable[],
  failOn: Severity,
): Promise<{ bytes: Buffer; report: Report; kept: string[] }> {
  const { pack } = scope;
  const clean = withoutSecrets(evidence);
  const named = pseudonymise(clean, pack, classes, buildsIn(scope, clean), known);
  const text = evidenceText(named.evidence);
  const again = evidenceIn(() => Buffer.from(text), 'the bundle');
  checkEvidence(again, pack, 'the bundle');
  const inside = scopeOfEvidence(pack, again);
  const judged = judgeEvidence(inside, again, failOn);
  const bytes = makeBundle({
    evidence: text,
    answers: answersInText(again),
    plan: planText(inside, again.steps),
    reports: await rendered(judged),
    manifest: {
      tool: tool(),
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      takenAt: evidence.takenAt,
      phases: evidence.run.phases,
      packs: evidence.packs,
      judgedWith: { name: pack.name, version: pack.version, sha256: pack.sha256 },
      redaction: {
        what: named.evidence.redaction.what,
        pseudonyms: [...classes],
        replaced: named.count,
        kept: named.kept,
      },
    },
  });
  if (textIn(bytes, 'evidence.json', 'the bundle') !== text)
    throw new Error('the bundle does not hold the evidence that was judged');
  const [difference, ...more] = differences(own, judged, named.renamed);
  if (difference !== undefined) {
    throw new UsageError(
      `the bundle would be judged otherwise than the run: ${difference}${more.length === 0 ? '' : ` (and ${more.length} more)`}; ` +
        `nothing was written${classes.length === 0 ? '' : '; leave out one of --redact, or hand over the evidence itself'}`,
    );
  }
  const hosts = scope.hosts.map(({ name }) => name);
  return { bytes, report: judged, kept: named.kept.filter((name) => hosts.includes(name)) };
}

async function rendered(report: Report): Promise<Record<string, string>> {
  const formats = Object.keys(reporters) as Format[];
  const texts = formats.map(async (format) => [
    format,
    await reporters[format](report, { color: false, columns: 100 }),
  ]);
  return Object.fromEntries(await Promise.all(texts));
}

/** What the hosts' own files say that they run: numbers with dots that are no addresses. */
function buildsIn(scope: Scope, evidence: Evidence): Set<string> {
  const facts = new EvidenceFacts(scope, evidence);
  const sources = [facts, ...(facts.before ? [facts.before] : [])];
  return new Set(sources.flatMap((source) => scope.hosts.flatMap(({ name }) => source.buildOf(name)?.text ?? [])));
}
