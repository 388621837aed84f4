/** What each probe asks of a host: the words, the context, how long and how much. A word less asks something else. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Ask, HostRef } from '../../src/core/model.js';
import { builtinProbes, probesOf } from '../../src/probes/index.js';
import { joints } from '../../src/probes/joints.js';
import { paramsOf } from './healthy.js';

const host = (connection: 'ssh' | 'local'): HostRef => ({ name: 'a', role: 'a', address: '10.0.0.9', connection });

/** The text of a script or query stands in its own test. */
const word = (text: string) => (text.includes('\n') ? '<script>' : text);

function told(ask: Ask): string {
  if (ask.kind !== 'exec') return Object.values(ask).join(' ');
  const { kind, argv, as, effect, timeoutMs, maxBytes, ...rest } = ask;
  const caps = `${as} ${effect} ${timeoutMs / 1000}s ${maxBytes / 1024}K ${Object.values(rest).join(' ')}`.trim();
  return `${caps}: ${argv.map(word).join(' ')}`;
}

const allOf = (connection: 'ssh' | 'local') =>
  builtinProbes
    .flatMap(({ id, ask }) => ask(paramsOf[id] ?? {}, host(connection)).map((one) => `${id} | ${told(one)}\n`))
    .join('');

const file = new URL('./fixtures/asks.txt', import.meta.url);
if (process.env.PAIRFLIGHT_CAPTURE === 'asks') writeFileSync(file, allOf('ssh'));
const rows = readFileSync(file, 'utf8');

it('each probe asks what it is known to ask', () => {
  expect(allOf('ssh')).toBe(rows);
});

it('this machine is asked for its own facts, and for all else as any other', () => {
  const own = allOf('local')
    .split('\n')
    .filter((row) => !rows.split('\n').includes(row));
  expect(own).toEqual(['cpu | sysinfo cpu', 'kernel | sysinfo kernel', 'memory | sysinfo mem']);
});

it('a probe is found by its id, and so are the commands of a pack', () => {
  const declared = { title: 'Asks', argv: ['ask'], as: 'login', parse: { text: {} } };
  const all = probesOf({ 'shop-says': declared as never });
  expect([...all.keys()]).toEqual([...builtinProbes.map(({ id }) => id), 'shop-says']);
  for (const [id, probe] of all) expect(probe.id).toBe(id);
});

it('what several hosts answer is read together in ways that are found by their names', () => {
  expect(Object.keys(joints)).toEqual(
    ['access', 'locales', 'next-start', 'outage', 'retention', 'stream'].map((name) => `postgres-${name}`),
  );
  for (const { sources, value } of Object.values(joints)) {
    expect(sources.length).toBeGreaterThan(0);
    expect(Object.keys(value).length).toBeGreaterThan(0);
  }
});
