/** A project whose CI runs a recipe: its folder, its inventory of a played pair, and the programs that the job finds on PATH. */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { findScenario, loadDemo, type RunningDemo, startDemo } from '../../../src/demo/index.js';
import { packDir } from '../../../src/pack/load.js';
import { putSshAtHome } from '../../ssh-at-home.js';
import { callable } from './called-program.js';

const program = fileURLToPath(new URL('../../../bin/pairflight.js', import.meta.url));

/** The text of a file of reports/recipes. */
export function recipe(name: string): string {
  return readFileSync(new URL(`../../../reports/recipes/${name}`, import.meta.url), 'utf8');
}

export interface Ended {
  code: number | null;
  /** stdout and stderr in the order in which they came, as a log has them. */
  log: string;
}

/** The folder of one job; `close` removes it and ends the pair. */
export class Project {
  readonly checkout: string;
  readonly home: string;
  readonly temp: string;
  readonly bin: string;

  private constructor(
    readonly pair: RunningDemo,
    readonly root: string,
    private readonly calls: Awaited<ReturnType<typeof callable>>,
  ) {
    [this.checkout, this.home, this.temp, this.bin] = ['checkout', 'home', 'temp', 'bin'].map((name) =>
      join(root, name),
    ) as [string, string, string, string];
    for (const folder of [this.checkout, this.home, this.temp, this.bin]) mkdirSync(folder);
    this.provide('pairflight', calls.line);
    // What the job would install is what was built here; the words are kept, to see which version it asks for.
    this.provide('npm', `echo "npm $*" >> '${this.root}/npm'`);
    putSshAtHome(this.bin, this.home);
    writeFileSync(join(this.checkout, 'pairflight.yaml'), JSON.stringify(this.inventory));
  }

  static async of(scenario: string): Promise<Project> {
    const demo = loadDemo(packDir('alation'));
    const root = mkdtempSync(join(tmpdir(), 'pairflight-recipe-'));
    return new Project(await startDemo(demo, findScenario(demo, scenario).name), root, await callable(root));
  }

  /** Has the job start the program itself, as it is installed. */
  startsProgram(): this {
    this.provide('pairflight', `exec '${process.execPath}' '${program}' "$@"`);
    return this;
  }

  /** Without the key's file: which one it is the recipe says. */
  get inventory(): { hosts: Record<string, { ssh: object }> } {
    const { hosts, ...rest } = structuredClone(this.pair.inventory) as {
      hosts: Record<string, { ssh: { identityFile?: string } }>;
    };
    for (const { ssh } of Object.values(hosts)) delete ssh.identityFile;
    return { ...rest, hosts };
  }

  get key(): string {
    return readFileSync(this.pair.identityFile, 'utf8').trimEnd();
  }

  get knownHosts(): string {
    return readFileSync(this.pair.knownHosts, 'utf8').trimEnd();
  }

  /** What was asked of npm. */
  get installed(): string {
    return readFileSync(join(this.root, 'npm'), 'utf8');
  }

  /** Puts a program of these shell lines on the job's PATH, before the machine's own. */
  provide(name: string, lines: string): void {
    writeFileSync(join(this.bin, name), `#!/bin/sh\n${lines}\n`);
    chmodSync(join(this.bin, name), 0o755);
  }

  /** Runs a program in the checkout; `started` sees it begin. */
  run(command: string[], env: Record<string, string>, started: (pid: number) => void = () => {}): Promise<Ended> {
    const [file = '', ...words] = command;
    return new Promise((resolve, reject) => {
      const child = spawn(file, words, {
        cwd: this.checkout,
        env: {
          PATH: `${this.bin}${delimiter}${process.env.PATH}`,
          HOME: this.home,
          TMPDIR: this.temp,
          LANG: 'C.UTF-8',
          CI: 'true',
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let log = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          log += text;
        });
      child.on('error', reject).on('close', (code) => resolve({ code, log }));
      if (child.pid !== undefined) started(child.pid);
    });
  }

  /** Every file below a folder of the job, by its path in it. */
  files(folder: string): Record<string, string> {
    if (!existsSync(folder)) return {};
    const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    return Object.fromEntries(
      found.map((one) => {
        const path = join(one.parentPath, one.name);
        return [path.slice(folder.length + 1), readFileSync(path, 'utf8')];
      }),
    );
  }

  async close(): Promise<void> {
    this.calls.close();
    await this.pair.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A project that is closed when the test ends that asks for it. */
export async function projectOf(scenario: string): Promise<Project> {
  const project = await Project.of(scenario);
  onTestFinished(() => project.close());
  return project;
}

/** Whether any line of the private key stands in a text. */
export function tellsKey(text: string, key: string): boolean {
  return key.split('\n').some((line) => !line.startsWith('-----') && line.length > 8 && text.includes(line));
}
