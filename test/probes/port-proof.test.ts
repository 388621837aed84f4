/** The active proof of a path: its scripts with every tool against real ports, how it is planned, run and read. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { collect } from '../../src/collect/collector.js';
import { openLocal } from '../../src/collect/transport/local.js';
import type { Transport } from '../../src/collect/transport/transport.js';
import type { Ask, ExecAsk, Host, Output, Step } from '../../src/core/model.js';
import type { Pack } from '../../src/pack/pack.js';
import { earsScript } from '../../src/probes/ports/listen-script.js';
import { portProof, proofScript } from '../../src/probes/ports/proof.js';
import { refusalOf } from '../../src/probes/read-only.js';
import { options } from '../collect/transport/support.js';
import { programPath as at, lacking, pythonPath } from '../needs.js';
import { inNamespace } from './namespace.js';
import { noAnswers, read, said, spoiled, unreadable } from './support.js';

const room = mkdtempSync(join(tmpdir(), 'proof-'));
afterAll(() => rmSync(room, { recursive: true, force: true }));

const common = ['sleep', 'timeout', 'true', 'cat', 'grep', 'head', 'tr', 'bash'];
function pathOf(name: string, programs: Record<string, string | undefined>): string {
  const folder = join(room, name);
  mkdirSync(folder);
  const all = { ...Object.fromEntries(common.map((program) => [program, at(program)])), ...programs };
  for (const [program, target] of Object.entries(all))
    if (target !== undefined) symlinkSync(target, join(folder, program));
  return folder;
}
const paths = {
  python3: pathOf('python3', { python3: pythonPath() }),
  perl: pathOf('perl', { perl: at('perl') }),
  nc: pathOf('nc', { nc: at('nc.openbsd') }),
};

type Value = { via: string; ports: { port: number; state: string }[] };
const statesOf = (value: unknown) => Object.fromEntries((value as Value).ports.map(({ port, state }) => [port, state]));

describe.each(Object.keys(paths) as (keyof typeof paths)[])('listening with %s', (tool) => {
  const why = lacking('root', 'namespaces', 'nft', 'ip', 'node', tool === 'nc' ? 'nc.openbsd' : tool);
  it.skipIf(why)(
    `proves what is open, names what is closed, takes no used port, and ends by itself${why}`,
    async () => {
      const used =
        'const net = require("node:net"); net.createServer().listen(7004, "0.0.0.0"); net.createServer().listen(7005, "10.9.0.1", () => console.log("ready"))';
      const script = `
      room=$1 node=$2 used=$3 path=$4 ears=$5 proof=$6
      ip addr add 10.9.0.1/32 dev lo
      ip addr add 10.9.0.2/32 dev lo
      nft 'table ip wall { chain in { type filter hook input priority 0; ip daddr 10.9.0.1 tcp dport 7002 drop; ip daddr 10.9.0.1 tcp dport 7003 reject with tcp reset; }; }'
      mkfifo "$room/ready-$$"
      "$node" -e "$used" >"$room/ready-$$" & used=$!
      read -r _ <"$room/ready-$$"
      PATH=$path LC_ALL=C /bin/sh -c "$ears" port-ears 10.9.0.1 7001 7002 7003 7004 7005 >"$room/ears-$$" 2>&1 & listener=$!
      sleep 0.7
      cat /proc/net/tcp >"$room/sockets-$$"
      PATH=$path LC_ALL=C /bin/sh -c "$proof" port-proof 10.9.0.1 2 7001 7002 7003 7004 7005 >"$room/reach-$$" 2>&1
      wait "$listener"
      kill "$used"
      cat "$room/ears-$$"; echo ==; cat "$room/reach-$$"; echo ==; cat "$room/sockets-$$"; echo ==; cat /proc/net/tcp`;
      const begin = Date.now();
      const stdout = await inNamespace(script, [room, process.execPath, used, paths[tool], earsScript, proofScript]);
      const [ears = '', reach = '', sockets = '', after = ''] = stdout.split('==\n');
      const params = { ports: [7001, 7002, 7003, 7004, 7005], address: '10.9.0.1' };
      const startedAt = '2026-01-01T00:00:00.000Z';
      const outputs = [
        { ...said(ears), durationMs: 5100 },
        { ...said(reach), startedAt, durationMs: 3100 },
      ];
      const value = read(portProof, outputs, params);
      expect((value as Value).via).toBe(tool);
      expect(statesOf(value)).toEqual({
        7001: 'proven',
        7002: 'blocked',
        7003: 'blocked',
        7004: 'in-use',
        7005: 'in-use',
      });
      expect(Date.now() - begin).toBeLessThan(15_000);
      // 7001..7003 (1B59..1B5B) listened on 10.9.0.1 alone, and no longer do.
      expect([...sockets.matchAll(/ (\w{8}):1B5[9AB] 00000000:0000 0A /g)].map((match) => match[1])).toEqual([
        '0100090A',
        '0100090A',
        '0100090A',
      ]);
      expect(after).not.toMatch(/:1B5[9AB] 00000000:0000 0A /);
      // Nothing lingers on a proven port, so that the next run finds it as free as this one.
      if (tool !== 'nc') expect(after).not.toMatch(/: 0100090A:1B59 /);
    },
  );
});

const run = (path: string, words: string[]) =>
  new Promise<string>((resolve, reject) => {
    execFile(
      '/bin/sh',
      ['-c', earsScript, 'port-ears', ...words],
      { env: { PATH: path, LC_ALL: 'C' } },
      (error, stdout) => (error ? reject(error) : resolve(stdout)),
    );
  });

describe('the listening script', () => {
  it.each(['0.0.0.0', '', '::', 'localhost', '*'])('never listens on %j', async (address) => {
    expect(await run(process.env.PATH ?? '', [address, '7001'])).toBe('via none\nend\n');
  });

  it('says so where the host has nothing to listen with, or an nc that cannot be told its address', async () => {
    expect(await run(pathOf('bare', {}), ['127.0.0.1', '7001'])).toBe('via none\nend\n');
    expect(await run(pathOf('busybox', { nc: at('busybox') }), ['127.0.0.1', '7001'])).toBe('via none\nend\n');
    const unknown = pathOf('unknown', {});
    writeFileSync(join(unknown, 'nc'), '#!/bin/sh\necho usage\n');
    chmodSync(join(unknown, 'nc'), 0o755);
    expect(await run(unknown, ['127.0.0.1', '7001'])).toBe('via none\nend\n');
  });

  for (const tool of ['python3', 'perl'] as const) {
    const why = lacking(tool, 'grep');
    it.skipIf(why)(`says which address is not the host's (${tool})${why}`, async () => {
      expect(await run(paths[tool], ['203.0.113.9', '7001'])).toMatch(
        new RegExp(`^via ${tool}\\n7001 failed .+\\nend\\n$`),
      );
    });
  }
});

const host = (name: string): Host => ({
  name,
  role: name,
  address: '127.0.0.1',
  connection: 'local',
  ssh: {},
  settings: {},
});
const hosts = [host('alpha'), host('beta')];
function stepOf(ports: number[], address = '127.0.0.1'): Step {
  const params = { ports, address };
  const asks = portProof
    .ask(params, { ...host('alpha') }, { ...host('beta') })
    .map((ask) => ({ host: ask.kind === 'exec' && ask.on === 'peer' ? 'beta' : 'alpha', ask }));
  return {
    id: `proof-${ports}`,
    probe: 'port-proof',
    params,
    subject: { kind: 'pair', from: 'alpha', to: 'beta' },
    asks,
    wantedBy: [],
  };
}
const readStep = (host: string, argv: [string, ...string[]]): Step => ({
  id: `${host} ${argv}`,
  probe: 'file',
  params: {},
  subject: { kind: 'host', host },
  asks: [{ host, ask: { kind: 'exec', argv, as: 'login', effect: 'read', timeoutMs: 5000, maxBytes: 1000 } }],
  wantedBy: [],
});
/** All that collecting needs of a pack. */
const pack = { declared: new Set(), never: [], probes: new Map() } as unknown as Pack;

describe('in a run', () => {
  const why = lacking('python3', 'grep');
  it.skipIf(why)(`both ends run together, behind everything else${why}`, async () => {
    const free = await new Promise<number>((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
      });
    });
    const step = stepOf([free]);
    const others = Array.from({ length: 6 }, (_, index) => readStep('beta', ['cat', `/proc/${index + 1}/none`]));
    const result = await collect(pack, hosts, [step, ...others], {
      open: async (one) => openLocal(one, options()),
      secrets: () => [],
    });
    const outputs = result.steps[0]?.outputs[0] ?? [];
    expect(statesOf(read(portProof, outputs, step.params))).toEqual({ [free]: 'proven' });
  });

  it('active steps come one after another, when nothing else is asked any more', async () => {
    const seen: string[] = [];
    let running = 0;
    const open = async ({ name }: Host): Promise<Transport> => ({
      connection: { host: name, kind: 'ssh', logins: 1, shells: 1, bytes: 0 },
      run: async (ask: ExecAsk) => {
        running += 1;
        seen.push(`${ask.argv[3] ?? ask.argv[0]} ${ask.argv.at(-1)} beside ${running - 1}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running -= 1;
        return said('');
      },
      close: async () => {},
    });
    await collect(
      pack,
      hosts,
      [stepOf([7001]), stepOf([7002]), readStep('alpha', ['id', '-un']), readStep('beta', ['id', '-un'])],
      { open, secrets: () => [] },
    );
    expect(seen.slice(0, 2).every((line) => line.startsWith('id'))).toBe(true);
    expect(seen.slice(2)).toEqual([
      'port-ears 7001 beside 0',
      'port-proof 7001 beside 1',
      'port-ears 7002 beside 0',
      'port-proof 7002 beside 1',
    ]);
  });

  it('a script that listens does not run as one that reads, nor on another address than one', () => {
    const [ears, connects] = stepOf([7001]).asks.map(({ ask }) => ask as ExecAsk);
    if (!ears || !connects) throw new Error('nothing is asked');
    for (const ask of [ears, connects]) {
      expect(refusalOf(ask, false, [])).toBeUndefined();
      expect(refusalOf({ ...ask, effect: 'read' }, false, [])).toBeDefined();
    }
    for (const address of ['0.0.0.0', '::', 'beta', '10.0.0', '']) {
      expect(
        refusalOf({ ...ears, argv: ears.argv.with(4, address) as typeof ears.argv }, false, []),
        address,
      ).toBeDefined();
    }
    expect(refusalOf({ ...ears, argv: ['id', '-un'] }, false, [])).toBeDefined();
  });

  it('a peer that the inventory names by a name is not listened on', () => {
    expect(
      portProof.ask({ ports: [7001], address: 'beta.example' }, host('alpha'), host('beta')) satisfies Ask[],
    ).toEqual([]);
    expect(unreadable(portProof, [], { ports: [7001], address: 'beta.example' }).message).toContain('beta.example');
  });
});

describe('an answer', () => {
  const params = { ports: [7001], address: '10.0.0.2' };
  const timed = (stdout: string, second: number, durationMs: number): Output => ({
    ...said(stdout),
    startedAt: `2026-01-01T00:00:0${second}.000Z`,
    durationMs,
  });
  const ears = (...lines: string[]) => timed(['via perl', ...lines, 'end', ''].join('\n'), 0, 5200);
  const connects = (line: string, second = 0, durationMs = 1200) =>
    timed(`via bash\n${line}\nend\n`, second, durationMs);
  const state = (heard: Output, tried: Output) => statesOf(read(portProof, [heard, tried], params))[7001];
  const refused = '7001 1 1 bash: connect: Connection refused';

  it.each([
    ['proven', ['7001 listening', '7001 accepted'], '7001 0 1 '],
    ['undetermined', ['7001 listening'], '7001 0 1 '],
    ['undetermined', ['7001 failed Permission denied'], '7001 0 1 '],
    ['undetermined', ['7001 listening', '7001 accepted', '7001 failed x'], '7001 0 1 '],
    ['undetermined', [], '7001 0 1 '],
    ['undetermined', ['7001 accepted'], '7001 0 1 '],
    ['in-use', ['7001 in-use'], '7001 0 1 '],
    ['in-use', ['7001 in-use'], '7001 124 - '],
    ['blocked', ['7001 listening'], '7001 124 - '],
    ['blocked', ['7001 listening'], '7001 1 3 bash: connect: No route to host'],
    ['blocked', ['7001 listening'], refused],
    ['undetermined', ['7001 listening'], '7001 1 - bash: something else'],
    ['undetermined', ['7001 listening', '7001 accepted'], '7002 0 1 '],
  ])('is %s for %j and %j', (expected, lines, line) => {
    expect(state(ears(...lines), connects(line))).toBe(expected);
  });

  it('a refusal says nothing unless the listener was certainly there', () => {
    expect(state(ears('7001 listening'), connects(refused, 4, 1500))).toBe('undetermined');
    expect(state(timed('via perl\n7001 listening\nend\n', 0, 8000), connects(refused))).toBe('undetermined');
    expect(state({ ...ears('7001 listening'), startedAt: 'once' }, connects(refused))).toBe('undetermined');
  });

  it('without a beginning, an end or a tool is none', () => {
    const good = connects('7001 0 1 ');
    for (const text of ['', 'via perl\n7001 listening\n7001 accepted\n', '7001 listening\nend\n'])
      unreadable(portProof, [timed(text, 0, 5200), good], params);
    expect(unreadable(portProof, [timed('via none\nend\n', 0, 10), good], params).problem).toBe('not-found');
    expect(unreadable(portProof, [ears('7001 listening'), timed('via none\nend\n', 0, 10)], params).problem).toBe(
      'not-found',
    );
  });

  it.each(noAnswers)('is none for %s', (_, output) => {
    unreadable(portProof, [output, connects('7001 0 1 ')], params);
    unreadable(portProof, [ears('7001 listening', '7001 accepted'), output], params);
  });
  it('is none with a problem', () => {
    for (const output of spoiled(ears('7001 listening', '7001 accepted')))
      unreadable(portProof, [output, connects('7001 0 1 ')], params);
  });
});

describe('the two ends of a proof', () => {
  const params = { ports: [5432, 80], address: '10.0.0.1' };
  const begun = Date.parse('2026-01-01T00:00:00.000Z');
  const ended = (text: string, afterMs: number, durationMs: number) => ({
    ...said(text),
    startedAt: new Date(begun + afterMs).toISOString(),
    durationMs,
  });
  const ears = (durationMs: number, text = 'via python3\n5432 listening\n81 listening\nx5432 accepted\nend\n') =>
    ended(text, 0, durationMs);
  const refused = (afterMs: number, durationMs: number) =>
    ended('via bash\n5432 1 - Connection refused\n80 1 - Connection refused\nend\n', afterMs, durationMs);
  const state = (outputs: Output[]) =>
    (read(portProof, outputs, params) as { ports: { port: number; state: string }[] }).ports[0]?.state;

  it.each([
    [6_500, 500, 100, 'blocked'],
    [6_501, 500, 100, 'undetermined'],
    [5_000, 0, 5_000, 'blocked'],
    [5_000, 0, 5_001, 'undetermined'],
  ])('that listened for %d ms, and connected after %d ms for %d ms: %s', (heard, after, tried, expected) => {
    expect(state([ears(heard), refused(after, tried)])).toBe(expected);
  });

  it('was accepted only where the port itself says so', () => {
    const open = ended('via bash\n5432 0 3 \nend\n', 500, 100);
    expect(state([ears(5_000), open])).toBe('undetermined');
    expect(state([ears(5_000, 'via perl\n5432 listening\n5432 accepted\nend\n'), open])).toBe('proven');
  });

  it.each(['x via python3\nend\n', 'via python3 x\nend\n', 'via python3\n'])('%j is not whole', (text) => {
    expect(unreadable(portProof, [ears(5_000, text), refused(0, 1)], params).message).toBe(
      'the listening script did not finish',
    );
  });
});
