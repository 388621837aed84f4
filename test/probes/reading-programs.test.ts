/** What a pack's own commands may be, and how a context may be entered: what is not known to only read does not run. */
import { describe, expect, it } from 'vitest';
import type { ExecAsk } from '../../src/core/model.js';
import { allPacks } from '../../src/pack/load.js';
import { forbidden, refusalOf } from '../../src/probes/read-only.js';
import { entersOnly, onlyReads } from '../../src/probes/reading-programs.js';

const products = { shop_conf: ['[a-z][a-z.]*'], shop_state: [] };
const refusal = (argv: string[], allowed: string[] = [], enter?: string[]) =>
  refusalOf(
    {
      ...{ kind: 'exec', argv: argv as ExecAsk['argv'], as: 'root', effect: 'read', timeoutMs: 1, maxBytes: 1 },
      ...(enter && { enter: enter as [string, ...string[]] }),
    },
    true,
    ['change_it', '-s'],
    { reading: products, allowed },
  );

describe('a command of a pack runs where it only reads', () => {
  it.each([
    ['cat /etc/hostname'],
    ['/usr/bin/cat -A /etc/hostname'],
    ['test -w /srv/data'],
    ['ls -la /srv'],
    ['locale -a'],
    ['df -P -k /srv'],
    ['grep -c ^server /etc/chrony.conf'],
    ['grep -e -x -- -y /etc/chrony.conf'],
    ['head -n 1 /etc/hostname'],
    ['stat -L -c %i /srv'],
    ['pg_controldata -D /srv/pg'],
    ['rsync --dry-run -a /a /b'],
    ['systemd-analyze cat-config systemd/logind.conf'],
    ['shop_conf shop.mode'],
    ['shop_state'],
  ])('%s', (line) => expect(refusal(line.split(' '))).toBeUndefined());

  it.each([
    ['/lib64/ld-linux-x86-64.so.2 /bin/sh -c id'],
    ['/lib/ld-musl-x86_64.so.1 /bin/sh'],
    ['/proc/self/exe -c id'],
    ['/dev/fd/3'],
    ['nodejs -e 1'],
    ['nvim -c !id'],
    ['rsync -M--log-file=/x --dry-run /a /b'],
    ['rsync --dry-run -M--log-file=/x /a /b'],
    ['shuf -o /etc/hosts'],
    ['tcpdump -w /x'],
    ['sqlite3 /x .shell'],
    ['patronictl failover'],
    ['sort -o /etc/hosts /x'],
    ['uniq /a /b'],
    ['ss -K dst 10.0.0.2'],
    ['ss -D /x'],
    ['tail -f /var/log/messages'],
    ['diff -l /a /b'],
    ['df --sync'],
    ['file -C -m /x'],
    ['xxd -r /a /b'],
    ['less /x'],
    ['java -jar /x'],
    ['systemd-analyze log-level debug'],
    ['systemd-analyze log-level cat-config'],
    ['whoami --x'],
    ['/tmp/cat /x'],
    ['/opt/shop/bin/state'],
    ['shop_conf shop.mode more'],
    ['shop_conf -x'],
    ['shop_state now'],
    ['constructor'],
    [''],
  ])('%s does not', (line) => expect(refusal(line.split(' '))).toBeDefined());
});

describe('--allow-command', () => {
  it('is named word for word where it would help', () => {
    expect(refusal(['/opt/shop/bin/state', '-v'])).toBe(
      '"/opt/shop/bin/state -v" is not known to only read; where you know that it does, give --allow-command /opt/shop/bin/state',
    );
    expect(refusal(['state'])).toMatch(/give --allow-command \/usr\/bin\/state$/);
  });

  it.each([
    ['/opt/shop/bin/state', '/opt/shop/bin/state', true],
    ['state', '/opt/shop/bin/state', true],
    ['/opt/other/bin/state', '/opt/shop/bin/state', false],
    ['estate', '/opt/shop/bin/state', false],
    ['bin/state', '/opt/shop/bin/state', false],
    // What may never run is not allowed by it.
    ['sh', '/bin/sh', false],
    ['/usr/bin/env', '/usr/bin/env', false],
    ['/proc/self/exe', '/proc/self/exe', false],
    ['/lib64/ld-linux-x86-64.so.2', '/lib64/ld-linux-x86-64.so.2', false],
    ['change_it', '/usr/bin/change_it', false],
    ['rm', '/bin/rm', false],
  ])('%s runs with --allow-command %s: %s', (program, path, runs) => {
    expect(refusal([program, 'x'], [path]) === undefined).toBe(runs);
  });

  it('never takes a word away that a pack forbids', () => {
    expect(refusal(['/opt/shop/bin/state', '-vs'], ['/opt/shop/bin/state'])).toMatch(/must never occur/);
  });
});

describe('a context is entered by what only enters', () => {
  it.each([
    ['su -s /bin/sh shop -c {shell}'],
    ['/bin/su - shop -c {shell}'],
    ['su -l shop -c {shell}'],
    ['chroot /opt/shop /bin/su - shop -c {shell}'],
    ['chroot ${root} /bin/su - ${user} -c {shell}'],
    ['sudo chroot /opt/shop su shop -c {shell}'],
    ['sudo -n -u shop sh -c {shell}'],
    ['sudo -u shop -- /bin/bash -c {shell}'],
    ['runuser -u shop -- /bin/sh -c {shell}'],
    ['runuser -l shop -c {shell}'],
    ['chroot /opt/shop /bin/sh -c {shell}'],
  ])('%s', (line) => {
    expect(entersOnly(line.split(' '))).toBe(true);
    expect(refusal(['cat', '/x'], [], line.split(' '))).toBeUndefined();
  });

  it.each([
    ['{shell}'],
    ['chroot /opt/shop {shell}'],
    ['sh -c rm {shell}'],
    ['sh -x -c {shell}'],
    ['sh {shell}'],
    ['su -c {shell}'],
    ['su shop -c id {shell}'],
    ['su -s /tmp/sh shop -c {shell}'],
    ['su -s /bin/rm shop -c {shell}'],
    ['su shop -c {shell} --command=id'],
    ['su --command=id shop -c {shell}'],
    ['sudo -E su shop -c {shell}'],
    ['sudo -u -i su shop -c {shell}'],
    ['sudo rm -rf / {shell}'],
    ['/tmp/su shop -c {shell}'],
    ['env su shop -c {shell}'],
    ['nsenter -t 1 -m sh -c {shell}'],
    ['docker exec shop sh -c {shell}'],
    ['python3 -c {shell}'],
    ['/opt/shop/bin/enter {shell}'],
    ['chroot ../x su shop -c {shell}'],
  ])('%s is no way in', (line) => {
    expect(entersOnly(line.split(' '))).toBe(false);
    expect(refusal(['cat', '/x'], [], line.split(' '))).toMatch(/does more than enter a context/);
  });

  it("a program of the product's own enters where it is allowed", () => {
    const enter = ['/opt/shop/bin/enter', '{shell}'];
    expect(refusal(['cat', '/x'], [], enter)).toMatch(/or give --allow-command \/opt\/shop\/bin\/enter$/);
    expect(refusal(['cat', '/x'], ['/opt/shop/bin/enter'], enter)).toBeUndefined();
    expect(refusal(['cat', '/x'], [], ['docker', 'exec', '{shell}'])).not.toMatch(/allow-command/);
  });
});

it('nothing that is refused as a launcher or a writer is on the list of what reads', () => {
  for (const program of ['sh', 'env', 'find', 'sed', 'awk', 'xargs', 'rm', 'sort', 'uniq', 'curl', 'systemctl', 'ps'])
    expect([program, onlyReads([program], {})]).toEqual([program, false]);
  for (const program of ['cat', 'grep', 'ls', 'ss', 'test', 'stat']) expect(forbidden([program], [])).toBeUndefined();
});

it('the brought packs need nothing that is allowed by hand', () => {
  for (const pack of allPacks()) {
    const argvs = Object.values(pack.text.written.commands ?? {}).map(({ argv }) => argv);
    expect(argvs.filter((argv) => argv[0] !== 'rsync' && !onlyReads(argv, pack.reading))).toEqual([]);
    expect(Object.values(pack.contexts).filter(({ enter }) => !entersOnly(enter))).toEqual([]);
  }
});
