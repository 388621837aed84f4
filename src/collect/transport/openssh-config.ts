/** The user's OpenSSH client configuration, as far as it says how to reach a host. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import SSHConfig, { type Directive, type Line, LineType, type Section } from 'ssh-config';
import { Failure } from './channel.js';

/** Directives of one host; a directive that may repeat is always a list. */
export type HostConfig = Record<string, string | string[] | undefined>;

/** The names that we read, in the spelling that we use; OpenSSH does not mind the case of letters. */
const NAMES = new Map(
  'Host Match HostName User Port IdentityFile IdentityAgent IdentitiesOnly UserKnownHostsFile GlobalKnownHostsFile HostKeyAlias Include ConnectTimeout ProxyJump ProxyCommand ProxyUseFdpass'
    .split(' ')
    .map((name) => [name.toLowerCase(), name]),
);

/** OpenSSH stops there too. */
const MAX_DEPTH = 16;

/** Reads the configuration for one host name: the file that was named, or the user's and then the system's. */
export function readHostConfig(host: string, user: string | undefined, file: string | undefined): HostConfig {
  const files = file === undefined ? [join(homedir(), '.ssh', 'config'), '/etc/ssh/ssh_config'] : [file];
  const config = new SSHConfig();
  for (const name of file === 'none' ? [] : files) {
    const lines = readLines(name, host, 0, file === undefined);
    config.push(...lines);
  }
  return compute(config, host, user);
}

/** Match exec is never executed: reading a configuration must not run a program. */
function compute(config: SSHConfig, host: string, user: string | undefined): HostConfig {
  const options = { matchExec: false };
  return config.compute(user === undefined ? { Host: host } : { Host: host, User: user }, options) as HostConfig;
}

function readLines(file: string, host: string, depth: number, mayBeMissing: boolean): Line[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (mayBeMissing) return [];
    throw new Failure('unreachable', 'host', `the SSH configuration ${file} cannot be read: ${reason(error)}`);
  }
  try {
    return expand(SSHConfig.parse(text), file, host, depth);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('unreachable', 'host', `the SSH configuration ${file} is not valid: ${reason(error)}`);
  }
}

/** Puts the lines of included files in place, and drops what we do not read (CanonicalizeHostname runs nslookup). */
function expand(lines: SSHConfig, file: string, host: string, depth: number): Line[] {
  return lines.flatMap((line): Line[] => {
    if (line.type !== LineType.DIRECTIVE) return [];
    const name = NAMES.get(line.param.toLowerCase());
    if (name === undefined) return [];
    line.param = name;
    if (name === 'Include') return included(line, file, host, depth);
    if (!('config' in line)) return [line];
    const inner = expand(line.config, file, host, depth);
    return [section(line, inner.filter(isPlain)), ...(applies(line, host) ? inner.filter((one) => !isPlain(one)) : [])];
  });
}

function included(line: Directive, file: string, host: string, depth: number): Line[] {
  if (depth >= MAX_DEPTH) throw new Failure('unreachable', 'host', `${file}: too many nested Include lines`);
  const patterns = Array.isArray(line.value) ? line.value.map(({ val }) => val) : [line.value];
  return patterns.flatMap((pattern) => {
    const path = expandHome(pattern);
    const base = file.startsWith('/etc/ssh/') ? '/etc/ssh' : join(homedir(), '.ssh');
    return matchingFiles(isAbsolute(path) ? path : join(base, path)).flatMap((name) =>
      readLines(name, host, depth + 1, true),
    );
  });
}

const isPlain = (line: Line) => !('config' in line);

function section(line: Section, inner: Line[]): Section {
  const config = new SSHConfig();
  config.push(...inner);
  return { ...line, config };
}

/** Whether a Host or Match section means this host: sections of a file included there count only then. */
function applies(line: Section, host: string): boolean {
  const probe = SSHConfig.parse('Host *\n  HostKeyAlias applies\n');
  const inner = probe[0] !== undefined && 'config' in probe[0] ? [...probe[0].config] : [];
  const config = new SSHConfig();
  config.push(section(line, inner));
  return compute(config, host, undefined).HostKeyAlias === 'applies';
}

/** Replaces a leading `~` by the home directory. */
export function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}

/** The files that a path with `*` and `?` means, in the order of their names. */
function matchingFiles(pattern: string): string[] {
  return pattern
    .split('/')
    .reduce<string[]>(
      (paths, part) => {
        if (!/[*?]/.test(part)) return paths.map((path) => (path === '' && part === '' ? '/' : join(path, part)));
        const name = new RegExp(`^(?!\\.)${part.replace(/[.+^${}()|[\]\\*?]/g, (c) => GLOB[c] ?? `\\${c}`)}$`);
        return paths.flatMap((path) =>
          list(path)
            .filter((entry) => name.test(entry))
            .map((entry) => join(path, entry)),
        );
      },
      [''],
    )
    .filter((path) => existsSync(path));
}

const GLOB: Record<string, string> = { '*': '.*', '?': '.' };

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}
