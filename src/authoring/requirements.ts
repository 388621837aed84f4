/** Traceability: what a pack's documents ask for, and which rule answers it, or why none can. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { suggestion } from '../core/did-you-mean.js';
import { UsageError } from '../core/errors.js';
import type { Source } from '../core/model.js';
import { readText } from '../core/read-file.js';
import type { Schema } from '../core/schema.js';
import { object, text } from '../core/schema.js';
import { type Document, readDocument } from '../core/yaml-document.js';
import type { Pack } from '../pack/pack.js';

/** One requirement of a document, in our own words. */
export interface Requirement {
  asks: string;
  source: Source;
  rules?: string[];
  /** Ids of the pack's `not_verified` entries. */
  not_verified?: string[];
}

/** Reads and checks a pack's requirements. @throws UsageError for an answer that does not exist, or a rule that nobody asked for. */
export function loadRequirements(pack: Pack): Requirement[] {
  const path = join(pack.dir, 'requirements.yaml');
  const file = join(basename(pack.dir), 'requirements.yaml');
  if (!existsSync(path))
    throw new UsageError(`${file}: is missing; it says what the documents ask for and which rule answers it`);
  const document = readDocument<{ requirements: Requirement[] }>(readText(path), file, requirementsSchema);
  checkAnswers(pack, document);
  return document.value.requirements;
}

function checkAnswers(pack: Pack, { value, at }: Document<{ requirements: Requirement[] }>): void {
  const ids = pack.rules.map((rule) => rule.id);
  const gaps = pack.notVerified.map((one) => one.id);
  const answered = new Set<string>();
  for (const [index, requirement] of value.requirements.entries()) {
    const refuse = (what: string) => new UsageError(`${at(['requirements', index])}: ${what}`);
    const { source, rules = [], not_verified: notVerified = [] } = requirement;
    if (!pack.documents[source.doc])
      throw refuse(`unknown document "${source.doc}"${suggestion(source.doc, Object.keys(pack.documents))}`);
    if (rules.length + notVerified.length === 0) throw refuse('has no answer; name rules or not_verified');
    for (const id of rules) {
      if (!ids.includes(id)) throw refuse(`no rule has the id ${id}${suggestion(id, ids)}`);
      answered.add(id);
    }
    for (const id of notVerified)
      if (!gaps.includes(id)) throw refuse(`nothing under not_verified has the id ${id}${suggestion(id, gaps)}`);
  }
  const unasked = ids.find((id) => !answered.has(id));
  if (unasked !== undefined) throw new UsageError(`${at([])}: no requirement is answered by ${unasked}`);
}

const names = { type: 'array', items: text, minItems: 1 };

export const requirementsSchema: Schema = {
  $id: 'urn:pairflight:schema:requirements:1',
  title: 'pairflight requirements (what the documents ask for, and what answers it)',
  ...object(
    {
      requirements: {
        type: 'array',
        minItems: 1,
        items: object(
          {
            asks: text,
            source: object({ doc: text, section: text }, ['doc', 'section']),
            rules: names,
            not_verified: names,
          },
          ['asks', 'source'],
        ),
      },
    },
    ['requirements'],
  ),
};
