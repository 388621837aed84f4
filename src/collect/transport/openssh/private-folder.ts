/** The folder of a run's sockets, and what ends everything in it when this process is gone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../../core/errors.js';
import { writeAskpass } from './askpass.js';

/** A socket's path holds 107 bytes on Linux and 103 elsewhere, and ssh first makes it with 17 more. */
const MAX_PATH_BYTES = process.platform === 'linux' ? 90 : 86;
/** The longest name that a socket has in the folder. */
const LONGEST_NAME = 'm9999';

/**
 * Reads on its input which process groups are there; at the end of it, which comes also when this process is killed, it ends
 * them and removes the folder. A master that outlives us would be a shell of the host for whoever opens its socket.
 */
const REAPER = `groups=
while read -r verb group; do
  case $verb in
    add) groups="$groups $group" ;;
    drop)
      kept=
      for one in $groups; do [ "$one" = "$group" ] || kept="$kept $one"; done
      groups=$kept ;;
  esac
done
for one in $groups; do kill -TERM "-$one"; done
[ -z "$groups" ] || sleep 1
for one in $groups; do kill -KILL "-$one"; done
rm -rf "$1"
`;

/** A folder that nobody else can look into. */
export class PrivateFolder {
  readonly #path: string;
  readonly #reaper: ChildProcess;
  #sockets = 0;

  private constructor(path: string) {
    this.#path = path;
    this.#reaper = spawn('/bin/sh', ['-c', REAPER, 'sh', path], {
      stdio: ['pipe', 'ignore', 'ignore'],
      // Neither Ctrl-C at a terminal nor its end may reach it before us.
      detached: true,
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
    });
    this.#reaper.on('error', () => {});
    this.#reaper.stdin?.on('error', () => {});
    this.#reaper.unref();
    const { stdin } = this.#reaper;
    if (stdin && 'unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
  }

  /** @throws UsageError where there is no place for it */
  static make(
    places: readonly (string | undefined)[] = [process.env.XDG_RUNTIME_DIR, tmpdir(), '/tmp'],
  ): PrivateFolder {
    const faults: string[] = [];
    for (const place of new Set(places)) {
      if (!place) continue;
      const fault = unfit(place);
      if (fault !== undefined) {
        faults.push(`${place}: ${fault}`);
        continue;
      }
      try {
        const folder = new PrivateFolder(mkdtempSync(join(place, 'pf-')));
        try {
          writeAskpass(folder.askpass);
          return folder;
        } catch (error) {
          folder.remove();
          throw error;
        }
      } catch (error) {
        faults.push(error instanceof Error ? error.message : String(error));
      }
    }
    throw new UsageError(
      `there is no place for the sockets of ssh (${faults.join('; ')}); set TMPDIR to a short path of a folder that can be written`,
    );
  }

  /** The program that ssh asks for secrets. */
  get askpass(): string {
    return join(this.#path, 'askpass');
  }

  /** Paths for the sockets of one master: of its sessions, and of its prompts. */
  sockets(): { sessions: string; prompts: string } {
    const n = ++this.#sockets;
    return { sessions: join(this.#path, `m${n}`), prompts: join(this.#path, `p${n}`) };
  }

  /** A process group that must not outlive us. */
  add(group: number): void {
    this.#reaper.stdin?.write(`add ${group}\n`);
  }

  /** A process group that has ended: its number may soon be another's. */
  drop(group: number): void {
    this.#reaper.stdin?.write(`drop ${group}\n`);
  }

  /** Removes the folder, once nothing uses it. */
  remove(): void {
    rmSync(this.#path, { recursive: true, force: true });
    this.#reaper.stdin?.end();
  }
}

/** Why a folder's path cannot hold the sockets; its characters also stand in a line for the person's shell. */
function unfit(place: string): string | undefined {
  const longest = join(place, 'pf-XXXXXX', LONGEST_NAME);
  if (Buffer.byteLength(longest) > MAX_PATH_BYTES) return 'the path is too long for a socket';
  return /^\/[\w./+,@:-]*$/.test(place) ? undefined : 'the path has characters that ssh or a shell would expand';
}
