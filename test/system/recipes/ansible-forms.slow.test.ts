/** Each form in which people write hosts for Ansible, through the real ansible-inventory: it is taken over, or refused by name. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { parseInventory } from '../../../src/plan/inventory.js';
import { checkInventory } from '../../../src/plan/inventory-check.js';
import { lacking } from '../../needs.js';
import { brought } from '../../support.js';

const why = lacking('ansible-inventory', 'jq');
const filter = fileURLToPath(new URL('../../../reports/recipes/ansible.jq', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pairflight-ansible-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the filter makes of an inventory for Ansible: the text for pairflight, or why there is none. */
function filtered(written: string): { text: string; refused: string } {
  const file = join(folder, 'hosts.ini');
  writeFileSync(file, written);
  const env = { ...process.env, HOME: folder, LC_ALL: 'C.UTF-8', ANSIBLE_LOCAL_TEMP: join(folder, 'temp') };
  const listed = spawnSync('ansible-inventory', ['-i', file, '--list'], { cwd: folder, env, encoding: 'utf8' });
  expect(listed.status, listed.stderr).toBe(0);
  const { stdout, stderr } = spawnSync('jq', ['-f', filter], { input: listed.stdout, encoding: 'utf8' });
  return { text: stdout, refused: stderr };
}

const second = '[secondary]\ndb-b ansible_host=10.0.0.2\n';

it.skipIf(why).each<[string, string, object[]]>([
  [
    'port, key and user',
    `[primary]\ndb-a ansible_host=10.0.0.1 ansible_port=2222 ansible_user=ops ansible_ssh_private_key_file=~/.ssh/a\n${second}`,
    [
      { name: 'db-a', role: 'primary', address: '10.0.0.1', connection: 'ssh' },
      { name: 'db-b', role: 'secondary', address: '10.0.0.2', ssh: { host: '10.0.0.2' } },
      { ssh: { host: '10.0.0.1', port: 2222, user: 'ops', identityFile: '~/.ssh/a' } },
    ],
  ],
  [
    'hosts without ansible_host, by their full names',
    '[primary]\ndb-a.example.com\n[secondary]\ndb-b.example.com\n',
    [
      { name: 'db-a-example-com', address: 'db-a.example.com', ssh: { host: 'db-a.example.com' } },
      { name: 'db-b-example-com', address: 'db-b.example.com', ssh: { host: 'db-b.example.com' } },
    ],
  ],
  [
    'addresses as names, and variables of the group',
    '[primary]\n10.0.0.1\n[secondary]\n10.0.0.2\n[all:vars]\nansible_port=22022\n',
    [
      { name: 'host-10-0-0-1', address: '10.0.0.1', ssh: { host: '10.0.0.1', port: 22022 } },
      { name: 'host-10-0-0-2', address: '10.0.0.2', ssh: { host: '10.0.0.2', port: 22022 } },
    ],
  ],
  [
    'groups in groups',
    '[rack1]\ndb-a ansible_host=10.0.0.1\n[hall:children]\nrack1\n[primary:children]\nhall\n[secondary]\ndb-b ansible_host=10.0.0.2\n',
    [
      { name: 'db-a', role: 'primary', address: '10.0.0.1' },
      { name: 'db-b', role: 'secondary' },
    ],
  ],
  [
    'this machine',
    `[primary]\ndb-a pair_address=10.0.0.1 ansible_connection=local\n${second}`,
    [{ name: 'db-a', address: '10.0.0.1', connection: 'local', ssh: {} }],
  ],
])(`%s: taken over${why}`, (_, written, hosts) => {
  const { text, refused } = filtered(written);
  expect(refused).toBe('');
  const inventory = parseInventory(text, '<stdin>');
  checkInventory(inventory, brought);
  expect(inventory.hosts).toHaveLength(2);
  for (const host of hosts) expect(inventory.hosts).toContainEqual(expect.objectContaining(host));
});

it.skipIf(why).each<[string, string, RegExp]>([
  [
    'a jump host',
    `[primary]\ndb-a ansible_host=10.0.0.1 ansible_ssh_common_args="-o ProxyJump=bastion"\n${second}`,
    /db-a: the ssh arguments "-o ProxyJump=bastion" are not taken over; put them/,
  ],
  [
    'a connection that is none of ours',
    `[primary]\ndb-a ansible_host=10.0.0.1 ansible_connection=docker\n${second}`,
    /db-a: ansible_connection=docker is not taken over/,
  ],
  ['a group without hosts', second, /no host is in the group primary/],
  ['one host in both groups', '[primary]\ndb-b\n[secondary]\ndb-b\n', /a host is in both groups.*db-b, db-b/],
])(`%s: refused by name${why}`, (_, written, message) => {
  expect(filtered(written)).toEqual({ text: '', refused: expect.stringMatching(message) });
});

it.skipIf(why).each<[string, string, RegExp]>([
  ['two primaries', `[primary]\n10.0.0.1\n10.0.0.3\n${second}`, /2 hosts have the role primary/],
  ['a variable of a template', `[primary]\ndb-a ansible_host="{{ x }}"\n${second}`, /"\{\{ x \}\}" is a placeholder/],
  [
    'IPv6 in brackets',
    `[primary]\ndb-a ansible_host="[2001:db8::2]"\n${second}`,
    /"\[2001:db8::2\]" is an IPv6 address in brackets/,
  ],
])(`%s: refused by pairflight${why}`, (_, written, message) => {
  const { text } = filtered(written);
  expect(() => checkInventory(parseInventory(text, '<stdin>'), brought)).toThrow(message);
});
