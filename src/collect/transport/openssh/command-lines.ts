/** The command lines of the ssh client: of a master, of a session over one, and of the way through one. */
import { quoteForLoginShell } from '../../../core/shell/words.js';
import { fileWords, nameWords } from './configuration.js';
import type { Hop } from './hops.js';
import { isBefore, type Release, SSH } from './program.js';

/** What a master is started with, beside its hop. */
export interface MasterOptions {
  socket: string;
  configFile: string | undefined;
  acceptNewHostKeys: boolean;
  knownHostsFile?: string | undefined;
  identityFile?: string | undefined;
  /** The socket of the master of the hop before. */
  through?: string | undefined;
  release: Release;
}

/** Before it a keyboard-interactive prompt is the server's words alone, and may pass for the client's. */
const SAYS_WHO_ASKS: Release = { major: 8, minor: 5 };

/** Directives win over a configuration when they stand on the command line: these are what must not be left to one. */
const ALWAYS = [
  'ControlMaster=yes',
  'ControlPersist=no',
  'NoHostAuthenticationForLocalhost=no',
  'UpdateHostKeys=no',
  'AddKeysToAgent=no',
  'FingerprintHash=sha256',
  'VisualHostKey=no',
  'NumberOfPasswordPrompts=1',
  'LogLevel=DEBUG1',
  'Compression=no',
  'ClearAllForwardings=yes',
  'ForwardAgent=no',
  'ForwardX11=no',
  'Tunnel=no',
  'PermitLocalCommand=no',
  'RemoteCommand=none',
  'ServerAliveInterval=10',
  'ServerAliveCountMax=3',
];

/** The words of a master: it logs in, runs nothing, and lets sessions be opened over its socket. */
export function masterWords(hop: Hop, options: MasterOptions): string[] {
  const { socket, configFile, acceptNewHostKeys, knownHostsFile, identityFile, through, release } = options;
  const directives = [
    ...ALWAYS,
    `StrictHostKeyChecking=${acceptNewHostKeys ? 'accept-new' : 'yes'}`,
    ...(knownHostsFile === undefined ? [] : [`UserKnownHostsFile=${argument(knownHostsFile)}`]),
    ...(identityFile === undefined ? [] : [`IdentityFile=${argument(identityFile)}`, 'IdentitiesOnly=yes']),
    ...(through === undefined ? [] : [`ProxyCommand=${throughLine(through)}`, 'ProxyUseFdpass=no']),
    ...(isBefore(release, SAYS_WHO_ASKS) ? ['KbdInteractiveAuthentication=no'] : []),
  ];
  const named = nameWords(hop.named);
  return [
    ...fileWords(configFile),
    ...['-S', literal(socket), '-N', '-T'],
    ...directives.flatMap((directive) => ['-o', directive]),
    ...named.slice(0, -1),
    '--',
    hop.named.name,
  ];
}

/** Without a master, or refused by it, such a client must end: it has neither a way to the host nor an identity. */
const OVER_A_MASTER = [
  ...['-F', 'none', '-o', 'ControlMaster=no', '-o', 'ProxyCommand=false', '-o', 'BatchMode=yes'],
  ...['-o', 'IdentityFile=none', '-o', 'IdentityAgent=none'],
];

/** The words of one session over a master; the name is not looked at. */
export function sessionWords(socket: string, commandLine: string, sendEnv: readonly string[] = []): string[] {
  const sent = sendEnv.flatMap((pattern) => ['-o', `SendEnv=${pattern}`]);
  return [...OVER_A_MASTER, '-S', literal(socket), '-o', 'LogLevel=DEBUG1', ...sent, '-T', '--', 'host', commandLine];
}

/** A ProxyCommand that leads through a master to the host that ssh puts in the place of the tokens. */
function throughLine(socket: string): string {
  const words = [SSH, ...OVER_A_MASTER, '-S', literal(socket)].map((word) => word.replaceAll('%', '%%'));
  return `${quoteForLoginShell([...words, '-W', '[%h]:%p', 'host'])}`;
}

/** A path that ssh takes letter by letter: a `%` begins a token. */
const literal = (path: string) => path.replaceAll('%', '%%');

/** The same as the argument of a directive. */
const argument = (path: string) => `"${literal(path).replace(/["\\]/g, '\\$&')}"`;
