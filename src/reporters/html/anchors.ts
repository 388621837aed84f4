/** Where findings and answers stand on the page, so that one can link to the other. */
import { grouped } from '../../core/grouped.js';
import type { Finding, Report, ReportStep } from '../../core/model.js';

/** One command of the report with its number on the page. */
export interface Answer extends ReportStep {
  number: number;
}

/** The report with the places of its parts. */
export interface Page {
  report: Report;
  hosts: string[];
  /** In the report's order, host by host. */
  answers: Answer[];
  /** The answers that a finding rests on. */
  answersOf(finding: Finding): Answer[];
  /** The fragment of a finding; unique whatever its key. */
  idOf(finding: Finding): string;
}

/** The fragment of an answer. */
export function answerId({ number }: Answer): string {
  return `answer-${number}`;
}

/** Numbers what can be linked to. */
export function pageOf(report: Report): Page {
  const { findings, steps } = report;
  const asked = [...grouped(steps.list, ({ host }) => host).values()].flat();
  const answers = asked.map((step, at) => ({ ...step, number: at + 1 }));
  const byStep = grouped(answers, ({ id }) => id);
  const numbers = new Map(findings.map((finding, at) => [finding, at + 1]));
  return {
    report,
    hosts: report.hosts.map(({ name }) => name),
    answers,
    answersOf: ({ because }) => [...new Set(because)].flatMap((id) => byStep.get(id) ?? []).sort(byNumber),
    idOf: (finding) => `finding-${numbers.get(finding)}`,
  };
}

function byNumber(a: Answer, b: Answer): number {
  return a.number - b.number;
}
