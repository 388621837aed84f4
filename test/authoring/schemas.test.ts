/** Every schema is valid and strict: proven here, because the program does not check it again at each start. */
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { requirementsSchema } from '../../src/authoring/requirements.js';
import { schemas } from '../../src/authoring/schemas.js';
import { demoSchema } from '../../src/demo/file/schema.js';
import { fleetSchemas } from '../../src/fleet/schemas.js';
import { loadPack, packDir, packIndex } from '../../src/pack/load.js';
import { builtinProbes } from '../../src/probes/index.js';

const strict = () => {
  const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true });
  (addFormats as unknown as { default: (to: Ajv) => void }).default(ajv);
  return ajv;
};

describe('a schema is valid and strict', () => {
  it.each(Object.entries({ ...schemas, ...fleetSchemas }))('%s', (_, schema) => void strict().compile(schema()));
  it('requirements and demo', () => {
    strict().compile(requirementsSchema);
    strict().compile(demoSchema);
  });
  it.each(builtinProbes.map((probe) => [probe.id, probe] as const))('of the probe %s', (_, probe) => {
    strict().compile(probe.params);
    strict().compile(probe.value);
  });
  it.each(packIndex().packs)('of the commands of the pack %s', (name) => {
    const pack = loadPack(packDir(name));
    const compiled = [...pack.declared].flatMap((id) =>
      [pack.probes.get(id)?.params, pack.probes.get(id)?.value].map((schema) => strict().compile(schema ?? {})),
    );
    expect(compiled).toHaveLength(2 * Object.keys(pack.text.written.commands ?? {}).length);
  });
});
