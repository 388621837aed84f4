/** Schemas that were compiled at build say of a value what the compiler says: the same mistakes, in the same words. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { schemas } from '../../src/authoring/schemas.js';
import { check } from '../../src/core/check-schema.js';
import type { Schema } from '../../src/core/schema.js';
import { allPacks } from '../../src/pack/load.js';

const built = async (file: string) => import(new URL(`../../dist/core/${file}`, import.meta.url).href);
const example = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../reports/examples/${name}.json`, import.meta.url), 'utf8')) as object;

describe('a schema that was compiled at build', async () => {
  const { compiledAtBuild } = (await built('compiled-schemas.js')) as { compiledAtBuild(text: string): unknown };
  const isCompiled = (schema: object) => compiledAtBuild(JSON.stringify(schema)) !== undefined;
  const { check: checkBuilt } = (await built('check-schema.js')) as { check: typeof check };

  it.each(['evidence', 'report'] as const)('says of a broken %s what the compiler says of it', (name) => {
    const schema = schemas[name]();
    const whole = example(name);
    expect(isCompiled(schema)).toBe(true);
    expect(checkBuilt(schema, whole)).toEqual([]);
    for (const key of Object.keys(whole)) {
      for (const wrong of [undefined, 'wrong', 7, null, [{}], { 'not-there': 1 }]) {
        const broken = { ...whole, [key]: wrong, added: true };
        const mistakes = check(schema, broken);
        expect(mistakes.length).toBeGreaterThan(0);
        expect(checkBuilt(schema, broken)).toEqual(mistakes);
      }
    }
  });

  it('is there for every question and answer of the packs, and for no other', () => {
    const asked = allPacks().flatMap(({ probes }) => [...probes.values()]);
    expect(asked.length).toBeGreaterThan(50);
    for (const { id, params, value } of asked)
      for (const schema of [params, value] as Schema[]) expect(isCompiled(schema), id).toBe(true);
    expect(isCompiled({ type: 'string', minLength: 7 })).toBe(false);
  });
});
