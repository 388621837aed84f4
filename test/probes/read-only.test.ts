import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { ExecAsk } from '../../src/core/model.js';
import { planSteps } from '../../src/plan/steps.js';
import { endpoint } from '../../src/probes/http/endpoint.js';
import { reachScript } from '../../src/probes/ports/reach.js';
import { entryFault, forbidden, refusalOf } from '../../src/probes/read-only.js';
import { brought, scopeOf } from '../support.js';

const { never } = brought;
const ask = (argv: string[]): ExecAsk => ({
  kind: 'exec',
  argv: argv as [string, ...string[]],
  as: 'login',
  effect: 'read',
  timeoutMs: 1,
  maxBytes: 1,
});
const engine = (...argv: string[]) => refusalOf(ask(argv), false, never);

describe("a pack's command that runs what it is told is refused", () => {
  it.each([
    [['sh', '-c', 'id']],
    [['/bin/sh', '-c', 'id']],
    [['bash', '-lc', 'id']],
    [['/usr/bin/dash', 'x']],
    [['ksh', 'x']],
    [['zsh', 'x']],
    [['fish', 'x']],
    [['busybox', 'sh']],
    [['env', 'sh']],
    [['env', 'A=1', 'id']],
    [['python', '-c', '1']],
    [['python3.11', '-c', '1']],
    [['/usr/bin/python3', '-c', '1']],
    [['perl', '-e', '1']],
    [['ruby', '-e', '1']],
    [['node', '-e', '1']],
    [['awk', 'BEGIN{}']],
    [['sed', '-i', 's/a/b/', '/etc/hosts']],
    [['find', '/', '-delete']],
    [['xargs', 'rm']],
    [['tee', '/etc/hosts']],
    [['dd', 'of=/dev/sda']],
    [['sudo', 'id']],
    [['su', '-', 'root']],
    [['chroot', '/', 'id']],
    [['ssh', 'h', 'id']],
    [['nohup', 'id']],
  ])('%j', (argv) => {
    expect(forbidden(argv, [])).toMatch(/runs whatever it is told/);
  });

  // defect: only the first word is judged, and only under the interpreter's plainest name; wrappers and versioned names get through.
  it.each([
    [['timeout', '5', 'sh', '-c', 'id']],
    [['nice', 'sh', '-c', 'id']],
    [['ionice', '-c3', '/bin/bash', '-c', 'id']],
    [['stdbuf', '-o0', 'sh', '-c', 'id']],
    [['setpriv', 'sh', '-c', 'id']],
    [['runuser', '-c', 'id']],
    [['systemd-run', 'sh', '-c', 'id']],
    [['flock', '/tmp/x', 'sh', '-c', 'id']],
    [['time', 'sh', '-c', 'id']],
    [['rbash', '-c', 'id']],
    [['mksh', '-c', 'id']],
    [['ksh93', '-c', 'id']],
    [['bash-5.2', '-c', 'id']],
    [['perl5.36', '-e', '1']],
    [['lua', '-e', '1']],
    [['php', '-r', '1']],
  ])('%j, behind another name', (argv) => {
    expect(forbidden(argv, [])).toBeDefined();
  });
});

describe("a pack's command that changes a host is refused", () => {
  it.each([
    [['rm', '-rf', '/']],
    [['/bin/touch', '/x']],
    [['systemctl', 'restart', 'x']],
    [['mkfs.ext4', '/dev/sda']],
    [['kill', '-9', '1']],
    [['nft', 'flush', 'ruleset']],
    [['psql', '-X', '-c', 'select 1']],
    [['rsync', '-a', '/a', '/b']],
    [['rsync', '-n', '-a', '/a', '/b']],
    [['/usr/bin/rsync', '/a', '/b']],
    [['cat', '/etc/hosts\nrm -rf /']],
    [['cat', '/etc/hosts\r']],
    [['cat', '/etc/\0hosts']],
  ])('%j', (argv) => {
    expect(forbidden(argv, [])).toBeDefined();
  });

  // defect: rsync takes `--dry-run` behind `--`, or as another option's value, for a file or a pattern, and copies.
  it.each([
    [['rsync', '-a', '--', '--dry-run', '/dst']],
    [['rsync', '-a', '--exclude', '--dry-run', '/a', '/b']],
    [['rsync', '--dry-run', '-e', 'sh -c id', 'h:/a', '/b']],
    [['rsync', '--dry-run', '--rsh=sh -c id', 'h:/a', '/b']],
    [['rsync', '--dry-run', '--rsync-path=id', 'h:/a', '/b']],
    [['rsync', '--dry-run', '--log-file=/etc/hosts', '/a', '/b']],
    [['rsync', '--dry-run', '--write-batch=/tmp/b', '/a', '/b']],
  ])('%j only looks like a dry run', (argv) => {
    expect(forbidden(argv, [])).toBeDefined();
  });
});

describe("the product's own forbidden words are refused wherever they stand", () => {
  it.each([
    [['alation_action', 'x']],
    [['/opt/bin/alation_action']],
    [['ls', 'alation_action']],
    [['ls', '/opt/bin/alation_action']],
    [['alation_supervisor', 'restart', 'all']],
    [['alation_conf', 'k', '-s', 'True']],
    [['alation_conf', '-sTrue', 'k']],
    [['alation_conf', '-s', 'True', 'k']],
    [['alation_conf', 'k', "-s['10.0.0.1']"]],
    [['cluster_replicate_files']],
  ])('%j', (argv) => {
    expect(forbidden(argv, never)).toMatch(/must never occur/);
  });

  // defect: the words are compared whole, so one that is joined to another gets through.
  it.each([
    [['run', '--command=alation_action']],
    [['run', 'alation_action;true']],
    [['alation_conf', '-vs', 'True', 'k']],
  ])('%j, joined to another word', (argv) => {
    expect(forbidden(argv, never)).toMatch(/must never occur/);
  });

  test('any command with such a word in any place is refused', () => {
    const word = fc.stringMatching(/^[a-z/][a-z0-9_./-]{0,8}$/);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 5 }),
        fc.nat(),
        fc.constantFrom(...never),
        (words, at, bad) => {
          const argv = words.toSpliced(at % (words.length + 1), 0, bad);
          expect(forbidden(argv, never)).toBeDefined();
          expect(refusalOf(ask(argv), true, never)).toBeDefined();
          expect(refusalOf(ask(argv), false, never)).toBeDefined();
        },
      ),
    );
  });
});

it.each([
  [['alation_conf', 'alation.cluster.replication_mode']],
  [['cat', '/etc/hostname']],
  [['replication_port_check']],
  [['rsync', '--dry-run', '-a', '/a', '/b']],
  [['id', '--secure']],
])('%j is a command that a pack may declare', (argv) => {
  expect(forbidden(argv, never)).toBeUndefined();
});

describe("the engine's own questions have read shapes", () => {
  it.each([
    [['cat', '/a', '/b']],
    [['df', '-P', '-k', '/data']],
    [['id', '-un']],
    [['ps', '-e', '-o', 'pid=', '-o', 'args=']],
    [['readlink', '-f', '/x']],
    [['stat', '-L', '-c', '%s', '/x']],
    [['uname', '-m']],
    [['/bin/sh', '-c', reachScript, 'tcp-reach', '10.0.0.1', '4', '22']],
    [['find', '/d', ...'-maxdepth 1 -type f -name * -exec stat -c'.split(' '), '%Y %s %n', '{}', '+']],
  ])('%j may run', (argv) => {
    expect(engine(...argv)).toBeUndefined();
  });

  it.each([
    [['cat', '-v', '/a']],
    [['cat', 'a']],
    [['df', '-P', '-k', '/data', '/x']],
    [['df', '-P', '-k']],
    [['df', '/data']],
    [['readlink', '-f', '--', '/x']],
    [['stat', '-L', '-c', '%s', '-f']],
    [['stat', '-L', '-c', 'x', '/x']],
    [['ps', '-e']],
    [['find', '/d', ...'-maxdepth 1 -type f -name * -exec stat -c %Y %s %n {} +'.split(' ')]],
    [['find', '/d', ...'-maxdepth 1 -type f -name * -exec stat -c'.split(' '), '%Y %s %n', '{}', '+', '-delete']],
    [['uname', '-a']],
    [['uname', '-m', '-r']],
    [['id']],
    [['/bin/sh', '-c', 'id', 'tcp-reach', '10.0.0.1']],
    [['/bin/sh', '-c', `${reachScript}\nrm -rf /`, 'tcp-reach', '10.0.0.1']],
    [['/bin/sh', '-c', reachScript, 'tcp-reach', '-x']],
    [['/bin/sh', '-c', reachScript, 'tcp-reach', '10.0.0.1;id']],
    [['/bin/sh', '-c', reachScript, 'tcp-reach', '$(id)']],
    [['sh', '-c', reachScript, 'tcp-reach', '10.0.0.1']],
    [['/bin/cat', '/a']],
    [['rm', '/a']],
    [['toString']],
    [['__proto__']],
    [['constructor', '/x']],
    [['']],
  ])('%j may not', (argv) => {
    expect(engine(...argv)).toBeDefined();
  });
});

describe('whatever rules and settings are chosen, every planned command may run', () => {
  it.each([undefined, '3.12', '4.7', '4.10', 'V R5', '2020.3', '2021.4', '2023.1.7'])('release %s', (release) => {
    for (const phase of Object.keys(brought.phases)) {
      const ids = brought.rules.filter((rule) => rule.phases.includes(phase)).map((rule) => rule.id);
      for (const only of [[], ...ids.map((id) => [id])]) {
        const over = { phases: [phase], only, ...(release !== undefined && { release }) };
        const exec = planSteps(scopeOf(brought, over)).flatMap((step) =>
          step.asks.flatMap(({ ask: one }) => (one.kind === 'exec' ? [{ step, one }] : [])),
        );
        expect(exec.length).toBeGreaterThan(0);
        for (const { step, one } of exec) {
          const refusal = refusalOf(one, brought.declared.has(step.probe), never, brought);
          expect([phase, one.argv.slice(0, 2), refusal]).toEqual([phase, one.argv.slice(0, 2), undefined]);
          expect(one.effect).toBe('read');
        }
      }
    }
  });

  test('also the active ones, where they are asked for', () => {
    for (const phase of ['preflight', 'pre-replication']) {
      const steps = planSteps({ ...scopeOf(brought, { phases: [phase] }), provePorts: true });
      const asks = steps.flatMap((step) => step.asks.flatMap(({ ask: one }) => (one.kind === 'exec' ? [one] : [])));
      const active = asks.filter((one) => one.effect === 'listen');
      expect(active.length).toBeGreaterThan(0);
      for (const one of active) expect([one.argv[3], refusalOf(one, false, never)]).toEqual([one.argv[3], undefined]);
    }
  });

  test('odd paths', () => {
    const path = fc.stringMatching(/^\/[ -~]{0,20}$/);
    fc.assert(
      fc.property(path, (dataDisk) => {
        const steps = planSteps(
          scopeOf(brought, { only: ['alation/data-disk-cache'], inventory: { settings: { dataDisk } } }),
        );
        for (const step of steps) {
          for (const { ask: one } of step.asks) {
            if (one.kind === 'exec')
              expect(refusalOf(one, brought.declared.has(step.probe), never, brought)).toBeUndefined();
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("one of the engine's own questions", () => {
  it('is refused where it holds a word that a product forbids', () => {
    expect(refusalOf(ask(['uname', '-r']), false, ['-r'])).toBe(
      '"uname" has a word that must never occur in a command of this product',
    );
    expect(refusalOf(ask(['uname', '-r']), false, ['-m'])).toBeUndefined();
  });

  it('is given an input only where it is put by curl', () => {
    const stdin = { line: 'X-Token: {}', env: 'TOKEN' };
    expect(refusalOf({ ...ask(['uname', '-r']), stdin }, false, [])).toBe(
      '"uname" is given nothing on its standard input',
    );
    expect(refusalOf({ ...ask(['uname', '-r']), stdin }, true, [])).toBe(
      '"uname" is given nothing on its standard input',
    );
  });

  it('says what is refused by its first two words, and what is active by its name', () => {
    expect(engine('rm', '-rf', '/')).toBe('"rm -rf" is not on the list of commands that only read');
    expect(refusalOf({ ...ask(['uname', '-r']), effect: 'listen' }, false, [])).toBe(
      '"uname" is not an active step, and is planned as if it were one',
    );
    expect(refusalOf({ ...script('port-ears'), effect: 'read' }, false, [])).toBe(
      '"port-ears" is an active step, and is planned as if it were not one',
    );
  });

  it('that curl puts has its header on its standard input', () => {
    const [question] = endpoint.ask({ url: 'http://localhost/x', header: { name: 'X-Token', env: 'TOKEN' } } as never, {
      ...{ name: 'a', role: 'a', address: '10.0.0.1', connection: 'ssh' },
    });
    if (question?.kind !== 'exec') throw new Error('curl is not asked');
    expect(question.stdin).toBeDefined();
    expect(refusalOf(question, false, [])).toBeUndefined();
  });

  const script = (name: string) => {
    const step = planSteps({ ...scopeOf(brought), provePorts: true }).flatMap(({ asks }) => asks.map((one) => one.ask));
    const found = step.find((one) => one.kind === 'exec' && one.argv[0] === '/bin/sh' && one.argv[3] === name);
    if (found?.kind !== 'exec') throw new Error(`nothing that is planned runs ${name}`);
    return found;
  };

  it.each([
    ['tcp-reach', 'read'],
    ['port-ears', 'listen'],
    ['port-proof', 'listen'],
  ] as const)('%s is planned as what it is, and as nothing else', (name, effect) => {
    const other = effect === 'read' ? 'listen' : 'read';
    expect(script(name).effect).toBe(effect);
    expect(refusalOf(script(name), false, never)).toBeUndefined();
    expect(refusalOf({ ...script(name), effect: other }, false, never)).toMatch(/an active step, and is planned as if/);
  });

  it('that opens a port, or follows a path, is not put about a path that is followed', () => {
    const follow = script('follow-path');
    const about = (argv: readonly string[]) => [...follow.argv.slice(0, 7), ...argv] as unknown as ExecAsk['argv'];
    expect(refusalOf({ ...follow, argv: about(['df', '-P', '-k', '{path}']) }, false, never)).toBeUndefined();
    expect(refusalOf({ ...follow, argv: about(script('port-ears').argv) }, false, never)).toMatch(/is not on the list/);
    expect(refusalOf({ ...follow, argv: about(follow.argv) }, false, never)).toMatch(/is not on the list/);
  });
});

describe('what is allowed by name', () => {
  it('is never a way into a context that runs what it is told', () => {
    const allowed = ['/usr/bin/python3', '/opt/shop/bin/enter'];
    expect(entryFault(['/usr/bin/python3', '-c', '{shell}'], { allowed })).toMatch(
      /^"\/usr\/bin\/python3 -c \{shell\}" does/,
    );
    expect(entryFault(['/opt/shop/bin/enter', '{shell}'], { allowed })).toBeUndefined();
    expect(entryFault(['/opt/shop/bin/enter', '{shell}'], {})).toMatch(
      /or give --allow-command \/opt\/shop\/bin\/enter$/,
    );
  });

  it('is no loader of programs, in whichever version', () => {
    for (const loader of ['/lib/ld.so.1', '/lib64/ld-linux-x86-64.so.2', '/lib/ld-musl-x86_64.so.1', 'ld.so'])
      expect(forbidden([loader, '/bin/sh'], [])).toMatch(/runs whatever it is told/);
    expect(forbidden(['ldd', '/bin/sh'], [])).toBeUndefined();
  });

  it('may have the letters of a longer forbidden word', () => {
    expect(forbidden(['shop', '-lr'], ['-rf'])).toBeUndefined();
    expect(forbidden(['shop', '-rf'], ['-rf'])).toMatch(/must never occur/);
    expect(forbidden(['shop', '-lr'], ['-r'])).toMatch(/must never occur/);
  });
});
