/** Endpoints asked by the built program: from this machine, and from a host. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Evidence, Report } from '../../src/core/model.js';
import { lacking } from '../needs.js';
import { pairflight, tidy } from './run.js';

const pack = `
name: pool
version: "1"
title: Pool
roles: { node: { title: Node, count: 1.. }, api: { title: API, count: 1.., endpoint: true } }
pair: [node]
phases: { verify: { title: always } }
sections: [api]
documents: { page: { title: The Page } }
settings: { port: { title: p, type: number, basis: inferred, default: 1 } }
releases: [{ name: "1.0", build: "1.0", basis: documented }]
`;

const rules = `
title: API
source: { doc: page, section: API }
rules:
  - id: pool/api-leads
    title: The API leads
    phases: [verify]
    severity: blocker
    basis: documented
    releases: "*"
    hosts: [api]
    per: host
    requires: It leads.
    facts: { answer: { probe: endpoint, with: { url: "http://@{self.address}:\${port}/role", header: { name: X-Token, env: POOL_TOKEN } } } }
    expect: [{ every: answer.json, equals: leader }]
    remedy: Make it lead.
`;

const inventory = (port: number) => `
hosts:
  me: { role: node, address: 127.0.0.1, connection: local }
  from-here: { role: api, address: 127.0.0.1 }
  from-me: { role: api, address: 127.0.0.1, via: me }
settings: { port: ${port} }
`;

describe('endpoints', () => {
  const why = lacking('curl');
  let server: Server;
  let port: number;
  const tokens: unknown[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      tokens.push(request.headers['x-token']);
      response.end(request.url === '/role' ? '"leader"' : '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(async () => {
    tidy();
    await new Promise((resolve) => server.close(resolve));
  });

  const run = (words: string[], env: Record<string, string> = {}, to = port) =>
    pairflight(['check', '--phase', 'verify', '--pack', '.', '-', ...words], {
      files: { 'pack.yaml': pack, 'sections/api.yaml': rules },
      stdin: inventory(to),
      env,
    });

  it.skipIf(why)(
    `are asked by curl on this machine and on the host, with a secret that is kept nowhere${why}`,
    async () => {
      tokens.length = 0;
      const words = ['--report', 'json=r.json', '--report', 'table', '--evidence', 'e.json'];
      const ran = await run(words, { POOL_TOKEN: 'open-sesame-42' });
      expect(ran).toMatchObject({ code: 0 });
      expect(tokens).toEqual(['open-sesame-42', 'open-sesame-42']);
      const [report, evidence] = ['r.json', 'e.json'].map((name) => readFileSync(join(ran.folder, name), 'utf8'));
      for (const text of [report, evidence, ran.stdout, ran.stderr]) expect(text).not.toContain('sesame');
      const { findings } = JSON.parse(report ?? '') as Report;
      expect(findings.map(({ key, verdict }) => [key, verdict])).toEqual([
        ['pool/api-leads [from-here]', 'pass'],
        ['pool/api-leads [from-me]', 'pass'],
      ]);
      const { connections } = JSON.parse(evidence ?? '') as Evidence;
      expect(connections.map(({ host, kind }) => [host, kind])).toEqual([
        ['me', 'local'],
        ['here', 'local'],
      ]);
      const again = await pairflight([
        'evaluate',
        join(ran.folder, 'e.json'),
        '--pack',
        ran.folder,
        '--report',
        'json',
      ]);
      expect(again.code).toBe(0);
      expect((JSON.parse(again.stdout) as Report).findings).toEqual(findings);
    },
  );

  it.skipIf(why)(`are asked without the header where the variable is not set${why}`, async () => {
    tokens.length = 0;
    expect(await run([])).toMatchObject({ code: 0 });
    expect(tokens).toEqual([undefined, undefined]);
  });

  it.skipIf(why)(`that do not listen are an answer${why}`, async () => {
    const { code, stdout } = await run(['--report', 'json'], {}, 1);
    expect(code).toBe(3);
    const { findings, steps } = JSON.parse(stdout) as Report;
    expect(findings.every(({ verdict, message }) => verdict === 'unknown' && message.includes('answer.json'))).toBe(
      true,
    );
    expect(steps.list.map(({ host }) => host)).toEqual(['here', 'me']);
  });

  it('stand in the plan under whoever asks them', async () => {
    const { stdout } = await pairflight(['plan', '--phase', 'verify', '--pack', '.', '-'], {
      files: { 'pack.yaml': pack, 'sections/api.yaml': rules },
      stdin: inventory(port),
      env: { POOL_TOKEN: 'sesame' },
    });
    const [, here = ''] = stdout.split('\nOn this machine\n');
    expect(here).toContain(`curl `);
    expect(here).toContain('stdin: header = "X-Token: $POOL_TOKEN"');
    expect(stdout).toMatch(/from-me \(api, 127\.0\.0\.1\), asked over HTTP from me/);
    expect(stdout).not.toContain('sesame');
  });
});
