/** The system's ssh client as a program: asked what a configuration means, and which release it is. */
import { execFile } from 'node:child_process';
import { UsageError } from '../../../core/errors.js';

/** The program; found by PATH, as a person's own `ssh` is. */
export const SSH = 'ssh';

const ASK_MS = 10_000;
const MAX_AT_ONCE = 8;
const MAX_BYTES = 1024 * 1024;
/** The first release that asks a program for secrets although there may be a terminal. */
const OLDEST: Release = { major: 8, minor: 4 };

/** A release of OpenSSH. */
export interface Release {
  major: number;
  minor: number;
}

/** What a short run of the program gave. */
interface Ended {
  stdout: string;
  stderr: string;
  /** Null when it was ended by us. */
  exit: number | null;
}

/** The environment of this process without the variables that hold secrets, and with what is added. */
export function environment(hidden: readonly string[], more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !hidden.includes(name));
  return { ...Object.fromEntries(inherited), ...more };
}

/** Runs `ssh` for short answers, a few at a time. */
export class SshProgram {
  readonly #env: NodeJS.ProcessEnv;
  readonly #program: string;
  readonly #askMs: number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  #release: Promise<Release | undefined> | undefined;

  /** `hidden`: the variables that no program inherits; `askMs`: how long one run may take. */
  constructor(hidden: readonly string[], program = SSH, askMs = ASK_MS) {
    this.#askMs = askMs;
    this.#env = environment(hidden, { SSH_ASKPASS_REQUIRE: 'never' });
    this.#program = program;
  }

  /** Its release; undefined where there is no such program, or it is not OpenSSH. */
  release(): Promise<Release | undefined> {
    this.#release ??= this.#run(['-V']).then(
      ({ stderr }) => readRelease(stderr),
      () => undefined,
    );
    return this.#release;
  }

  /** @throws UsageError where the program is missing or too old to be the transport of a host that needs it. */
  async demand(why: string): Promise<Release> {
    const release = await this.release();
    const oldest = `${OLDEST.major}.${OLDEST.minor}`;
    if (release === undefined)
      throw new UsageError(`${why}, and there is no OpenSSH client here; install its client, ${oldest} or later`);
    if (isBefore(release, OLDEST))
      throw new UsageError(
        `${why}, and the OpenSSH client here is ${release.major}.${release.minor}; ${oldest} or later is needed`,
      );
    return release;
  }

  /** The words of `ssh -G`. @throws UsageError with the client's own line where it does not accept the configuration */
  async configuration(words: readonly string[]): Promise<string> {
    const { stdout, stderr, exit } = await this.#run([...words.slice(0, -1), '-T', '-G', '--', words.at(-1) ?? '']);
    if (exit === 0) return stdout;
    const name = words.at(-1);
    if (exit === null)
      throw new UsageError(
        `ssh -G ${name}: no answer within ${this.#askMs / 1000} s; does a Match exec of its configuration wait for something?`,
      );
    const [line = `ended with status ${exit}`] = stderr
      .split(/\r?\n/)
      .map((one) => one.trim())
      .filter((one) => one !== '' && !/: terminating, \d+ bad configuration options$/.test(one));
    throw new UsageError(`the SSH configuration of ${name}: ${line}`);
  }

  async #run(words: readonly string[]): Promise<Ended> {
    while (this.#running >= MAX_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
    try {
      return await new Promise((resolve, reject) => {
        const limits = { env: this.#env, timeout: this.#askMs, killSignal: 'SIGKILL', maxBuffer: MAX_BYTES } as const;
        const child = execFile(this.#program, [...words], limits, (error, stdout, stderr) => {
          if (error && typeof error.code === 'string') reject(error);
          else resolve({ stdout, stderr, exit: child.exitCode });
        });
        child.stdin?.end();
      });
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }
}

/** The release in the words of `ssh -V`. */
export function readRelease(text: string): Release | undefined {
  const [, major, minor] = /^OpenSSH_(?:for_Windows_)?(\d+)\.(\d+)/m.exec(text) ?? [];
  return major === undefined || minor === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}

/** Whether one release is older than another. */
export function isBefore(one: Release, other: Release): boolean {
  return one.major === other.major ? one.minor < other.minor : one.major < other.major;
}
