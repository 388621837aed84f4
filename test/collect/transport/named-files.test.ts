/** Files that options name are there, and new keys have a folder to be remembered in, before anybody is connected to; or the run ends with 2. */
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { demandKey, demandKnownHosts } from '../../../src/collect/transport/named-files.js';
import { UsageError } from '../../../src/core/errors.js';
import { pairflight } from '../../cli/run.js';

const folder = mkdtempSync(join(tmpdir(), 'pairflight-known-'));
const file = join(folder, 'file');
writeFileSync(file, '');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('makes the folders that are missing, for their owner alone', () => {
  demandKnownHosts({ knownHostsFile: join(folder, 'a/b/known_hosts'), acceptNewHostKeys: true });
  expect(statSync(join(folder, 'a/b')).mode & 0o777).toBe(0o700);
  expect(existsSync(join(folder, 'a/b/known_hosts'))).toBe(false);
});

it('makes none where no key would be written', () => {
  demandKnownHosts({ knownHostsFile: join(folder, 'c/known_hosts'), acceptNewHostKeys: false });
  demandKnownHosts({ acceptNewHostKeys: true });
  expect(existsSync(join(folder, 'c'))).toBe(false);
});

const impossible = [join(file, 'x/known_hosts'), ...(existsSync('/proc/self') ? ['/proc/none/x/known_hosts'] : [])];
it.each(impossible)('refuses %s at once', (knownHostsFile) => {
  expect(() => demandKnownHosts({ knownHostsFile, acceptNewHostKeys: true })).toThrow(UsageError);
});

writeFileSync(join(folder, 'agent.pub'), '');
const known = (knownHostsFile: string) => demandKnownHosts({ knownHostsFile, acceptNewHostKeys: false });
it.each<[string, () => void, RegExp | undefined]>([
  ['a key that is not there', () => demandKey(join(folder, 'none')), /^--identity \S+none: there is no such file$/],
  [
    'a key below a file',
    () => demandKey(join(file, 'x')),
    /^--identity \S+x: there is no such file: a file is in the place/,
  ],
  ['a folder as a key', () => demandKey(folder), /^--identity \S+: is a folder, not a file$/],
  ['a key', () => demandKey(file), undefined],
  ['a key that an agent may hold', () => demandKey(join(folder, 'agent')), undefined],
  [
    'known hosts below a file',
    () => known(join(file, 'x')),
    /^--known-hosts \S+x: there is no such file: a file is in/,
  ],
  ['a folder of known hosts', () => known(folder), /^--known-hosts \S+: is a folder, not a file$/],
  ['known hosts that are not there yet', () => known(join(folder, 'new/known_hosts')), undefined],
  ['known hosts', () => known(file), undefined],
])('%s', (_, demand, says) => {
  if (says === undefined) expect(demand).not.toThrow();
  else expect(demand).toThrow(expect.objectContaining({ name: 'UsageError', message: expect.stringMatching(says) }));
});

it.each(['ssh2', 'openssh'])('by %s is exit 2, and nobody was connected to', async (transport) => {
  const hosts = ['--primary', 'a@127.0.0.1:9,address=10.0.0.1', '--secondary', 'a@127.0.0.1:9,address=10.0.0.2'];
  const words = ['--ssh-config', 'none', '--transport', transport, '--accept-new-host-keys'];
  const { code, stderr } = await pairflight(['preflight', ...hosts, ...words, '--known-hosts', join(file, 'x/k')]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^pairflight: --known-hosts \S+: its folder cannot be made: .*file is not a folder$/m);
});
