/** New keys need a folder to be remembered in: it is made before anybody is connected to, or the run ends with 2. */
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { demandFolder } from '../../../src/collect/transport/known-hosts-folder.js';
import { UsageError } from '../../../src/core/errors.js';
import { pairflight } from '../../cli/run.js';

const folder = mkdtempSync(join(tmpdir(), 'pairflight-known-'));
const file = join(folder, 'file');
writeFileSync(file, '');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('makes the folders that are missing, for their owner alone', () => {
  demandFolder({ knownHostsFile: join(folder, 'a/b/known_hosts'), acceptNewHostKeys: true });
  expect(statSync(join(folder, 'a/b')).mode & 0o777).toBe(0o700);
  expect(existsSync(join(folder, 'a/b/known_hosts'))).toBe(false);
});

it('makes none where no key would be written', () => {
  demandFolder({ knownHostsFile: join(folder, 'c/known_hosts'), acceptNewHostKeys: false });
  demandFolder({ acceptNewHostKeys: true });
  expect(existsSync(join(folder, 'c'))).toBe(false);
});

const impossible = [join(file, 'x/known_hosts'), ...(existsSync('/proc/self') ? ['/proc/none/x/known_hosts'] : [])];
it.each(impossible)('refuses %s at once', (knownHostsFile) => {
  expect(() => demandFolder({ knownHostsFile, acceptNewHostKeys: true })).toThrow(UsageError);
});

it.each(['ssh2', 'openssh'])('by %s is exit 2, and nobody was connected to', async (transport) => {
  const hosts = ['--primary', 'a@127.0.0.1:9,address=10.0.0.1', '--secondary', 'a@127.0.0.1:9,address=10.0.0.2'];
  const words = ['--ssh-config', 'none', '--transport', transport, '--accept-new-host-keys'];
  const { code, stderr } = await pairflight(['preflight', ...hosts, ...words, '--known-hosts', join(file, 'x/k')]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^pairflight: --known-hosts \S+: its folder cannot be made: .*file is not a folder$/m);
});
