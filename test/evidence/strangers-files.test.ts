/** Files of strangers, of any size and form: a sentence, and no more work than their length. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { readCapped } from '../../src/core/capped-file.js';
import { parseObject } from '../../src/core/strangers-json.js';
import { evidenceIn } from '../../src/evidence/evidence.js';
import { reportIn } from '../../src/judge/report-file.js';
import { loadPack, packDir } from '../../src/pack/load.js';
import { parseInventory } from '../../src/plan/inventory.js';
import { checkInventory } from '../../src/plan/inventory-check.js';

const folder = mkdtempSync(join(tmpdir(), 'pairflight-strangers-'));
afterAll(() => rmSync(folder, { recursive: true }));
const deep = (levels: number) =>
  `{"schema":"pairflight/evidence/2","steps":${'['.repeat(levels)}${']'.repeat(levels)}}`;
const many = (what: string, count: number) =>
  JSON.stringify({
    schema: 'pairflight/evidence/2',
    steps: [],
    inventory: {},
    ...(what === 'steps' ? { steps: Array(count).fill({}) } : { inventory: { hosts: Array(count).fill({}) } }),
  });

describe('a file that is no evidence is refused in words', () => {
  it.each<[string, string | Buffer, RegExp]>([
    ['brackets without an end', '['.repeat(4_000_000), /is not JSON$/],
    ['braces without an end', '{'.repeat(4_000_000), /is nested more than 200 deep$/],
    ['values within values', deep(1_000_000), /is nested more than 200 deep$/],
    ['a text without an end', `{"a":"${'\\\\'.repeat(1_000_000)}`, /is not JSON$/],
    ['NULs', Buffer.alloc(10_000_000), /is not JSON$/],
    ['nothing', '', /is not JSON$/],
    ['60,000 steps', many('steps', 60_000), /has 60000 steps; no pair's evidence has more than 10000$/],
    ['20,000 hosts', many('hosts', 20_000), /has 20000 hosts; no pair's evidence has more than 1000$/],
    ['an archive of NULs', gzipSync(Buffer.alloc(50_000_000)), /unpacks to more than 1048576 bytes; no bundle does$/],
  ])('%s', (_, content, says) => {
    for (const read of [evidenceIn, reportIn])
      if (read === evidenceIn || !/steps|hosts/.test(says.source))
        expect(() => read(() => Buffer.from(content), 'x')).toThrow(says);
  });

  it('of more bytes than any right one, before they are read', () => {
    const file = join(folder, 'large');
    writeFileSync(file, Buffer.alloc(3 * 1024 * 1024));
    expect(readCapped(file, 3 * 1024 * 1024)).toHaveLength(3 * 1024 * 1024);
    expect(() => readCapped(file, 2 * 1024 * 1024)).toThrow(/large: is larger than 2 MiB; no such file is$/);
    expect(() => readCapped('/dev/zero', 2 * 1024 * 1024)).toThrow(/zero: is larger than 2 MiB/);
  });
});

describe('JSON', () => {
  it('may begin with a byte order mark', () => {
    expect(parseObject('\ufeff {"a":1}')).toEqual({ a: 1 });
  });

  it('may hold brackets and quotes in its texts', () => {
    const value = { a: '['.repeat(500), b: '"\\"[{', c: '\\\\', 'd"[': [1] };
    expect(parseObject(JSON.stringify(value))).toEqual(value);
  });
});

describe('an inventory of 20,000 hosts', () => {
  it('is refused in a sentence', () => {
    const hosts = Array.from({ length: 20_000 }, (_, at) => `  h${at}: { role: primary, address: 10.0.0.1 }`);
    const inventory = parseInventory(`hosts:\n${hosts.join('\n')}\n`, 'inv.yaml');
    expect(() => checkInventory(inventory, loadPack(packDir('postgresql')))).toThrow(
      /^inv\.yaml:1:1: 20000 hosts; one inventory has at most 1000$/,
    );
  });
});
