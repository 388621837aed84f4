import { beforeAll, describe, expect, it } from 'vitest';
import { pseudonymise, redactable } from '../../../src/bundle/pseudonyms/index.js';
import type { Evidence, ExecAsk, Output } from '../../../src/core/model.js';
import { loadPack, packDir } from '../../../src/pack/load.js';
import { scopeOfEvidence } from '../../../src/plan/scope.js';
import { planSteps } from '../../../src/plan/steps.js';
import { MARK } from '../../../src/probes/http/curl.js';
import { collected, said, scopeOf } from '../../support.js';

const pack = loadPack(packDir('alien4cloud'));
/** A login that is a program, a part of an option and of a header's name, and of the variable that holds the token. */
const LOGIN = 'x';
const TOKEN = 'PAIRFLIGHT_X_TOKEN';
const encoded = (text: string) => Buffer.from(text).toString('base64');

const instance = (name: string, address: string) => ({
  ...{ name, role: 'instance', address, connection: 'ssh' as const, settings: {} },
});
const endpoint = (name: string, role: string, address: string, via: string) => ({
  ...{ name, role, address, connection: 'endpoint' as const, via, settings: {} },
});
const scope = scopeOf(pack, {
  phases: ['verify'],
  inventory: {
    hosts: [
      instance('acme-a', '10.7.0.1'),
      instance('acme-b', '10.7.0.2'),
      endpoint('acme-store', 'consul', '10.7.0.3', 'acme-b'),
      endpoint('acme-find', 'elasticsearch', '10.7.0.4', 'acme-a'),
    ],
    settings: { consulTokenEnv: TOKEN, leaderSamples: 1 },
  },
});

/** What curl says of a page, and then of its answer. */
const page = (body: string) => said(`${body}\n${MARK} 200 0 0.001 0.002 \n`);

/** What a key-value store, its checks and a mount tell of hosts that no inventory names. */
function answer(_: string, { argv, as }: ExecAsk): Output | undefined {
  const asked = argv.join(' ');
  if (asked === 'id -un') return said(as === 'login' ? `${LOGIN}\n` : `${as}\n`);
  if (asked.includes('/v1/kv/')) return page(`[{"Value":"${encoded('10.7.0.99:8088')}"}]`);
  if (asked.includes('/v1/session/')) return page(`[{"Name":"a4c_10.7.0.1_session","Node":"acme-quiet"}]`);
  if (asked.includes('/v1/health/'))
    return page(
      `[{"Notes":"${encoded('see http://wiki.acme.example/a')}","Output":"GET http://10.7.0.2:8088/:\\nacme-b"}]`,
    );
  if (asked === 'cat /proc/self/mountinfo') return said('1 0 0:5 / / rw - nfs4 acme-nas:/export rw,addr=10.7.0.50\n');
  return argv[0] === 'curl' ? said('{}') : undefined;
}

describe('evidence of a cluster under pseudonyms', () => {
  let evidence: Evidence;
  let hidden: Evidence;
  beforeAll(async () => {
    const hostKey = { type: 'ssh-ed25519', sha256: `SHA256:${'a'.repeat(43)}` };
    evidence = await collected(scope, answer, { 'acme-a': { hostKey }, 'acme-b': { hostKey } });
    hidden = pseudonymise(evidence, pack, redactable, new Set()).evidence;
  });
  const answersTo = (word: string, { steps }: Evidence) =>
    steps.flatMap(({ asks, outputs }) =>
      asks.flatMap(({ ask }, index) =>
        ask.kind === 'exec' && ask.argv.join(' ').includes(word) ? [outputs[0]?.[index]?.stdout] : [],
      ),
    );

  const bodyOf = (told: string) => told.slice(0, told.indexOf(`\n${MARK} `));

  it("says by whom an endpoint is asked, under that host's own pseudonym", () => {
    expect(hidden.inventory.hosts.map(({ name, address, via }) => [name, address, via])).toEqual([
      ['host-1', '198.18.1.1', undefined],
      ['host-2', '198.18.1.2', undefined],
      ['host-3', '198.18.1.3', 'host-2'],
      ['host-4', '198.18.1.4', 'host-1'],
    ]);
  });

  it('has its addresses and names in the values of a store, though they stand nowhere else', () => {
    const [value = ''] = answersTo('/v1/kv/', hidden);
    const { Value } = JSON.parse(bodyOf(value))[0];
    expect(Buffer.from(Value, 'base64').toString()).toMatch(/^198\.18\.1\.\d+:8088$/);
    const [checks = ''] = answersTo('/v1/health/', hidden);
    expect(Buffer.from(JSON.parse(bodyOf(checks))[0].Notes, 'base64').toString()).toMatch(
      /^see http:\/\/host-\d\.domain-1\/a$/,
    );
    expect(JSON.parse(bodyOf(checks))[0].Output).toBe('GET http://198.18.1.2:8088/:\nhost-2');
  });

  it('has them in names that are made of them, and where nobody but the answer names a host', () => {
    expect(answersTo('/v1/session/', hidden)[0]).toMatch(/"a4c_198\.18\.1\.1_session","Node":"host-\d"/);
    expect(answersTo('mountinfo', hidden)[0]).toMatch(/ nfs4 host-\d:\/export rw,addr=198\.18\.1\.\d+\n/);
    expect(JSON.stringify(evidence)).toContain('acme');
    expect(JSON.stringify(hidden)).not.toMatch(/acme|10\.7\.0/i);
  });

  it('was asked in the very words that its own plan has, whatever the login is called', () => {
    const planned = new Map(planSteps(scopeOfEvidence(pack, hidden)).map((step) => [step.id, step]));
    expect(hidden.steps.map(({ params, asks }) => ({ params, asks }))).toEqual(
      hidden.steps.map(({ id }) => ({ params: planned.get(id)?.params, asks: planned.get(id)?.asks })),
    );
    expect(hidden.inventory.settings.consulTokenEnv).toBe('PAIRFLIGHT_USER_1_TOKEN');
    const text = JSON.stringify(hidden.steps);
    expect(text).toContain('X-Consul-Token: {secret}');
    expect(text).toContain('"env":"PAIRFLIGHT_USER_1_TOKEN"');
  });

  it('keeps the time limits that the run had', () => {
    const hasty = structuredClone(evidence);
    for (const { ask } of hasty.steps.flatMap(({ asks }) => asks)) if (ask.kind === 'exec') ask.timeoutMs = 17_000;
    const asks = pseudonymise(hasty, pack, redactable, new Set()).evidence.steps.flatMap((step) => step.asks);
    expect(new Set(asks.map(({ ask }) => (ask.kind === 'exec' ? ask.timeoutMs : 17_000)))).toEqual(new Set([17_000]));
  });

  it('keeps the words of another pairflight that asked otherwise', () => {
    const older = structuredClone(evidence);
    const found = older.steps.flatMap(({ asks }) => asks).find(({ ask }) => ask.kind === 'exec' && ask.stdin);
    if (found?.ask.kind !== 'exec') throw new Error('nothing was asked with a token');
    found.ask.argv.splice(1, 0, '--old-option');
    const text = JSON.stringify(pseudonymise(older, pack, redactable, new Set()).evidence.steps);
    expect(text).toContain('--old-option');
    expect(text).not.toContain(TOKEN);
  });

  it('is the same the second time', () => {
    expect(pseudonymise(hidden, pack, redactable, new Set()).evidence).toEqual(hidden);
  });
});
