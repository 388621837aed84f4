/** Configuration files, mounts and stores asked by the built program: what evidence keeps of them, and that it is judged the same again. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Report } from '../../src/core/model.js';
import { pairflight, tidy } from './run.js';

const room = mkdtempSync(join(tmpdir(), 'shop-'));
afterAll(() => {
  tidy();
  rmSync(room, { recursive: true, force: true });
});

const pack = `
name: shop
version: "1"
title: Shop
roles: { node: { title: Node, count: 1.. } }
pair: [node]
phases: { verify: { title: always } }
sections: [files]
documents: { page: { title: The Page } }
settings: { folder: { title: f, type: path, basis: inferred, default: /none } }
releases: [{ name: "1.0", build: "1.0", basis: documented }]
`;

const rule = (id: string, facts: string, expectation: string) => `
  - id: shop/${id}
    title: ${id}
    phases: [verify]
    severity: blocker
    basis: documented
    releases: "*"
    per: host
    requires: It is so.
    facts: { ${facts} }
    expect: [${expectation}]
    remedy: Make it so.
`;

const rules = `
title: Files
source: { doc: page, section: Files }
rules:
${rule('lease', `yml: { probe: yaml-file, with: { path: "\${folder}/shop.yml", pick: { lease: { path: ha.lease, default: 60 }, pwd: { path: ha.pwd } } } }`, '{ every: yml.keys.lease, equals: 60 }')}
${rule('password-set', `yml: { probe: yaml-file, with: { path: "\${folder}/shop.yml", pick: { lease: { path: ha.lease, default: 60 }, pwd: { path: ha.pwd } } } }`, '{ every: yml.absent, excludes: pwd }')}
${rule('same-password', `yml: { probe: yaml-file, with: { path: "\${folder}/shop.yml", pick: { pwd: { path: ha.pwd } } } }, old: { probe: properties, with: { path: "\${folder}/shop.properties", pick: { pwd: { path: ha.pwd } } } }`, '{ every: yml.keys.pwd, equals: "@self.old.keys.pwd" }')}
${rule('placeholder', `yml: { probe: yaml-file, with: { path: "\${folder}/shop.yml", pick: { ip: { path: ha.ip } } } }`, '{ every: yml.keys.ip, equals: 10.0.0.1 }')}
${rule('local', `disk: { probe: mount, with: { path: "\${folder}" } }`, '{ every: disk.sharing, verdicts: { local: pass, network: fail, cluster: fail } }')}
${rule('readable', `store: { probe: key-store, with: { path: "\${folder}/shop.yml", user: root } }`, '{ every: store.readable, verdicts: { "yes": pass, "no": fail } }')}
`;

it('keep the picked keys alone, and are judged the same again', async () => {
  writeFileSync(
    join(room, 'shop.yml'),
    'ha:\n  pwd: hunter-two-42\n  ip: ${SHOP_IP}\nother: hunter-two-43 # hunter-two-44\n',
  );
  writeFileSync(join(room, 'shop.properties'), 'ha.pwd=hunter-two-42\nnext=hunter-two-45\n');
  const words = [
    'check',
    '--phase',
    'verify',
    '--pack',
    '.',
    '-',
    '--report',
    'json=r.json',
    '--report',
    'table',
    '--evidence',
    'e.json',
  ];
  const ran = await pairflight(words, {
    files: { 'pack.yaml': pack, 'sections/files.yaml': rules },
    stdin: `hosts: { me: { role: node, address: 127.0.0.1, connection: local } }\nsettings: { folder: ${room} }\n`,
  });
  const [report = '', evidence = ''] = ['r.json', 'e.json'].map((name) => readFileSync(join(ran.folder, name), 'utf8'));
  for (const text of [report, evidence, ran.stdout, ran.stderr]) expect(text).not.toContain('hunter');
  const { findings } = JSON.parse(report) as Report;
  expect(Object.fromEntries(findings.map(({ rule, verdict }) => [rule, verdict]))).toEqual({
    'shop/lease': 'pass',
    'shop/password-set': 'pass',
    'shop/same-password': 'pass',
    'shop/placeholder': 'unknown',
    'shop/local': 'pass',
    'shop/readable': 'pass',
  });
  expect(findings.find(({ rule }) => rule === 'shop/placeholder')?.message).toContain(
    'ha.ip: a placeholder that only the program can fill in (line 3, column 3)',
  );
  const again = await pairflight(['evaluate', join(ran.folder, 'e.json'), '--pack', ran.folder, '--report', 'json']);
  expect((JSON.parse(again.stdout) as Report).findings).toEqual(findings);
});
