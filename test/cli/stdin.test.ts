/** A secret header from end to end: from the environment to an endpoint, and nowhere else. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lacking } from '../needs.js';
import { pairflight, tidy } from './run.js';

const SECRET = 'pft-5f0c6a3b-e1d2-4c0f';
const pack = `
name: shop
version: "1"
title: Shop
roles: { left: { title: Left, count: "1" }, right: { title: Right, count: "1" } }
pair: [left, right]
phases: { preflight: { title: before } }
documents: { page: { title: The Page, url: https://example.org/page } }
sections: [rules]
settings: {}
releases: [{ name: "1.0", build: "1.0", basis: documented }]
`;
const rules = (port: number) => `
title: Section
source: { doc: page, section: Section }
rules:
  - id: shop/leader
    title: There is a leader
    phases: [preflight]
    severity: blocker
    basis: documented
    releases: "*"
    requires: A leader.
    facts:
      leader: { probe: endpoint, with: { url: "http://127.0.0.1:${port}/leader", header: { name: X-Token, env: SHOP_TOKEN } } }
    remedy: Mend it.
    expect:
      - { every: leader.status, equals: 200 }
`;
const inventory = `
product: shop
hosts:
  left: { role: left, address: 127.0.0.1, connection: local }
  right: { role: right, address: 127.0.0.2, connection: none }
`;

const why = lacking('curl');
describe.skipIf(why)(`a rule with a secret header${why}`, () => {
  let server: Server;
  const tokens: unknown[] = [];
  beforeAll(async () => {
    server = createServer(({ headers: { 'x-token': token } }, response) => {
      tokens.push(token);
      response.writeHead(token === SECRET ? 200 : 403).end(JSON.stringify({ repeated: token ?? null }));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  afterAll(() => {
    server?.close();
    tidy();
  });

  const run = (env: Record<string, string>, ...words: string[]) => {
    const { port } = server.address() as AddressInfo;
    const files = { 'pack.yaml': pack, 'sections/rules.yaml': rules(port) };
    tokens.length = 0;
    return pairflight([...words, '--pack', '.', '-'], { files, env, stdin: inventory });
  };

  it('is asked with it, and the evidence holds its variable alone', async () => {
    const { stderr, folder } = await run({ SHOP_TOKEN: SECRET }, 'collect', '-o', 'evidence.json');
    expect(stderr).not.toContain(SECRET);
    expect(tokens).toEqual([SECRET]);
    const text = readFileSync(join(folder, 'evidence.json'), 'utf8');
    expect(text).not.toContain(SECRET);
    const { steps } = JSON.parse(text) as { steps: { asks: { ask: object }[]; outputs: { stdout: string }[][] }[] };
    expect(steps[0]?.asks[0]?.ask).toMatchObject({
      stdin: { line: 'header = "X-Token: {secret}"', env: 'SHOP_TOKEN' },
    });
    expect(steps[0]?.outputs[0]?.[0]?.stdout).toContain('{"repeated":"[password]"}');
  });

  it('is asked without it where the variable is not set', async () => {
    await run({}, 'collect', '-o', 'evidence.json');
    expect(tokens).toEqual([undefined]);
  });

  it('is not asked at all where the value cannot be sent: exit 2, the variable named and its value not', async () => {
    const { code, stdout, stderr } = await run({ SHOP_TOKEN: 'two\nlines' }, 'collect', '-o', 'evidence.json');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(
      'pairflight: SHOP_TOKEN: the value of this variable of the environment has a line break; a secret is sent as one line\n',
    );
    expect(stderr).not.toMatch(/two|lines/);
    expect(tokens).toEqual([]);
  });

  it('is planned with the name of the variable', async () => {
    const { code, stdout } = await run({ SHOP_TOKEN: SECRET }, 'plan', '--phase', 'preflight');
    expect(code).toBe(0);
    expect(stdout).toMatch(/ -K - http:\S+ .*\n {6}stdin: header = "X-Token: \$SHOP_TOKEN"\n/);
    expect(stdout).not.toContain(SECRET);
  });
});
