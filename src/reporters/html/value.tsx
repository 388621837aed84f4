/** A finding's values, with the units that its message gives them. */
import type { Finding } from '../../core/model.js';
import { valueInWords, valuesByHost } from '../words/finding.js';
import type { Page } from './anchors.js';
import { Code } from './text.js';

/** Characters of a message that are searched for a value's unit. */
const mostMessage = 1000;

/** A value as the finding's message gives it. */
export function Value({ value, finding }: { value: unknown; finding: Finding }) {
  return <Code text={valueInWords(value, finding.message.slice(0, mostMessage))} />;
}

/** The values by host; one that is no host's goes by the name given. */
export function valuesOf(finding: Finding, page: Page, otherwise: string): [string, unknown][] {
  const { actual } = finding;
  return Object.entries(valuesByHost(finding, page.hosts) ?? (actual === undefined ? {} : { [otherwise]: actual }));
}
