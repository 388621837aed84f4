/** Reachability of ports: the script with every tool that a host may have, against real ports. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { reachScript, tcpReach } from '../../src/probes/ports/reach.js';
import { lacking, programPath, pythonPath } from '../needs.js';
import { inNamespace } from './namespace.js';
import { read, said, unreadable } from './support.js';

const room = mkdtempSync(join(tmpdir(), 'reach-'));
afterAll(() => rmSync(room, { recursive: true, force: true }));

/** A folder that is the whole PATH: programs by name, each with the file that it is. */
function pathOf(name: string, programs: Record<string, string | undefined>): string {
  const folder = join(room, name);
  mkdirSync(folder);
  for (const [program, target] of Object.entries(programs))
    if (target !== undefined) symlinkSync(target, join(folder, program));
  return folder;
}

const at = programPath;
const busybox = at('busybox');
/** The one tool, and nothing beside it. */
const paths = {
  bash: pathOf('bash', { bash: at('bash') }),
  'bash beside a busybox': pathOf('busybox-bash', { bash: at('bash'), timeout: busybox }),
  python3: pathOf('python3', { python3: pythonPath() }),
  perl: pathOf('perl', { perl: at('perl') }),
  nc: pathOf('nc', { nc: at('nc.openbsd'), timeout: at('timeout'), true: at('true') }),
} as const;
const needs = {
  bash: ['bash'],
  'bash beside a busybox': ['bash', 'busybox'],
  python3: ['python3'],
  perl: ['perl'],
  nc: ['nc.openbsd'],
} as const;
type Tool = keyof typeof paths;
const tools = Object.keys(paths) as Tool[];

type Value = { via: string; ports: { port: number; state: string }[] };
const statesOf = (stdout: string, ports: number[]) => {
  const { via, ports: found } = read(tcpReach, [said(stdout)], { ports, address: '127.0.0.1' }) as Value;
  return { via, states: Object.fromEntries(found.map(({ port, state }) => [port, state])) };
};

function run(
  path: string,
  address: string,
  ports: number[],
  env: Record<string, string> = {},
  cwd = room,
): Promise<string> {
  const argv = ['-c', reachScript, 'tcp-reach', address, '2', ...ports.map(String)];
  return new Promise((resolve, reject) => {
    execFile('/bin/sh', argv, { env: { PATH: path, LC_ALL: 'C', ...env }, cwd }, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
  });
}

const servers: Server[] = [];
async function listening(): Promise<number> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return (server.address() as AddressInfo).port;
}
afterAll(() => Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve)))));

let open: number[] = [];
let closed: number[] = [];
beforeAll(async () => {
  open = await Promise.all(Array.from({ length: 20 }, listening));
  // A port that was just given and given back is nobody's.
  closed = await Promise.all(Array.from({ length: 20 }, listening));
  await Promise.all(servers.splice(20).map((server) => new Promise((resolve) => server.close(resolve))));
});

describe.each(tools)('with %s alone', (tool) => {
  const why = lacking(...needs[tool]);

  it.skipIf(why)(`forty ports at once are open or refused${why}`, async () => {
    const { via, states } = statesOf(await run(paths[tool], '127.0.0.1', [...open, ...closed]), [...open, ...closed]);
    expect(via).toBe(tool.split(' ')[0]);
    expect(states).toEqual(
      Object.fromEntries([...open.map((port) => [port, 'open']), ...closed.map((port) => [port, 'refused'])]),
    );
  });

  it.skipIf(why)(`a name that nobody knows is unresolved, or undetermined, and never open${why}`, async () => {
    const ports = closed.slice(0, 1);
    const stdout = await run(paths[tool], 'no-such-host.invalid', ports);
    expect(['unresolved', 'undetermined', 'filtered']).toContain(statesOf(stdout, ports).states[ports[0] ?? 0]);
  });

  const whyNet = lacking('root', 'namespaces', 'nft', 'ip', 'node', ...needs[tool]);
  it.skipIf(whyNet)(`firewalls and missing routes show as what they are${whyNet}`, async () => {
    const ears =
      'const net = require("node:net"); for (const port of [7001, 7002, 7003, 7004]) net.createServer().listen(port, "10.9.0.1"); net.createServer().listen(7009, "10.9.0.1", () => console.log("ready"))';
    const script = `
      ip addr add 10.9.0.1/32 dev lo
      nft 'table ip wall { chain in { type filter hook input priority 0;
        tcp dport 7002 drop; tcp dport 7003 reject with tcp reset; tcp dport 7004 reject with icmp type admin-prohibited
        tcp dport 7006 reject; }; }'
      mkfifo "$1/ready"
      "$2" -e "$3" >"$1/ready" & ears=$!
      read -r _ <"$1/ready"
      PATH=$4 LC_ALL=C /bin/sh -c "$5" tcp-reach 10.9.0.1 2 7001 7002 7003 7004 7005 7006
      PATH=$4 LC_ALL=C /bin/sh -c "$5" tcp-reach 203.0.113.9 2 7007
      kill "$ears"`;
    const scratch = mkdtempSync(join(room, 'net-'));
    const stdout = await inNamespace(script, [scratch, process.execPath, ears, paths[tool], reachScript]);
    const [wall = '', noRoute = ''] = stdout.split(/(?<=^end\n)/m);
    expect(statesOf(wall, [7001, 7002, 7003, 7004, 7005, 7006]).states).toEqual({
      7001: 'open',
      7002: 'filtered',
      7003: 'refused',
      7004: 'unreachable',
      7005: 'refused',
      7006: 'refused',
    });
    expect(statesOf(noRoute, [7007]).states).toEqual({ 7007: 'unreachable' });
  });
});

const whyNoWall = lacking('root', 'namespaces', 'nft', 'ip', 'bash');
test.skipIf(whyNoWall)(`bash leaves nobody behind who still waits for an answer${whyNoWall}`, async () => {
  const script = `
    ip addr add 10.9.0.1/32 dev lo
    nft 'table ip wall { chain in { type filter hook input priority 0; tcp dport 7002 drop; }; }'
    env PATH="$1" REACH="$1" /bin/sh -c "$2" tcp-reach 10.9.0.1 1 7002 7003
    still() { cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep -c "^REACH=$1$"; }
    for try in 1 2 3 4 5 6 7 8 9 10; do [ "$(still "$1")" = 0 ] || sleep 0.3; done
    echo "left $(still "$1")"`;
  const stdout = await inNamespace(script, [paths.bash, reachScript]);
  expect(stdout).toMatch(/^via bash\n7002 124 - \n7003 1 \d+ .*\nend\nleft 0\n$/);
});

test('without any tool nothing is guessed', async () => {
  const stdout = await run(pathOf('none', {}), '127.0.0.1', open.slice(0, 2));
  expect(unreadable(tcpReach, [said(stdout)], { ports: open.slice(0, 2), address: '127.0.0.1' }).problem).toBe(
    'not-found',
  );
});

const whyBusybox = lacking('busybox');
test.skipIf(whyBusybox)(`an nc that cannot probe (busybox) leaves every port undetermined${whyBusybox}`, async () => {
  const path = pathOf('busybox-nc', { nc: busybox, timeout: busybox });
  const ports = [open[0] ?? 0, closed[0] ?? 0];
  const { via, states } = statesOf(await run(path, '127.0.0.1', ports), ports);
  expect(via).toBe('nc');
  for (const state of Object.values(states)) expect(['open', 'undetermined', 'refused']).toContain(state);
  expect(states[ports[1] ?? 0]).not.toBe('open');
});

const whyNoBash = lacking('bash');
test.skipIf(whyNoBash)(`start-up files of bash that end it do not open a port${whyNoBash}`, async () => {
  const home = mkdtempSync(join(room, 'home-'));
  for (const name of ['.bashrc', 'env']) writeFileSync(join(home, name), 'exit 0\n');
  const env = { HOME: home, SSH_CLIENT: '10.0.0.1 1 22', SSH2_CLIENT: '10.0.0.1 1 22', BASH_ENV: join(home, 'env') };
  expect(statesOf(await run(paths.bash, '127.0.0.1', closed.slice(0, 1), env), closed.slice(0, 1)).states).toEqual({
    [closed[0] ?? 0]: 'refused',
  });
});

test.skipIf(lacking('python3'))(
  `a module in the current folder does not open a port, and none is compiled there${lacking('python3')}`,
  async () => {
    const cwd = mkdtempSync(join(room, 'cwd-'));
    writeFileSync(join(cwd, 'socket.py'), 'import sys; sys.exit(0)\n');
    const env = { PYTHONPATH: cwd };
    expect(
      statesOf(await run(paths.python3, '127.0.0.1', closed.slice(0, 1), env, cwd), closed.slice(0, 1)).states,
    ).toEqual({ [closed[0] ?? 0]: 'refused' });
    expect(readdirSync(cwd)).toEqual(['socket.py']);
  },
);

const whyNoPython = lacking('python3');
test.skipIf(whyNoPython)(`a bash that says nothing and fails gives way to another tool${whyNoPython}`, async () => {
  const path = pathOf('mute-bash', { python3: pythonPath() });
  writeFileSync(join(path, 'bash'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  const ports = [open[0] ?? 0, closed[0] ?? 0];
  expect(statesOf(await run(path, '127.0.0.1', ports), ports)).toEqual({
    via: 'python3',
    states: { [ports[0] ?? 0]: 'open', [ports[1] ?? 0]: 'refused' },
  });
});

test('a tool that says nothing and fails leaves its ports undetermined', async () => {
  const path = pathOf('mute', {});
  writeFileSync(join(path, 'python3'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  expect(statesOf(await run(path, '127.0.0.1', open.slice(0, 1)), open.slice(0, 1)).states).toEqual({
    [open[0] ?? 0]: 'undetermined',
  });
});
