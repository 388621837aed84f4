import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { must } from './command.js';
import { describeLab } from './describe-lab.js';
import { startLab } from './lab.js';
import { removeLeftovers } from './leftovers.js';

/** Everything on the machine that carries a lab's id, but for its folder. */
async function traces(id: string): Promise<string[]> {
  const cables = (await must(['ip', '-o', 'link', 'show'])).split('\n').filter((line) => line.includes(`pflab${id}`));
  const loops = (await must(['losetup', '--list', '--noheadings', '--output', 'BACK-FILE'])).split('\n');
  const processes = readdirSync('/proc').flatMap((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return line.includes(`pflab-${id}`) ? [line] : [];
    } catch {
      return []; // not a process, or one that has just ended
    }
  });
  return [...cables, ...loops.filter((file) => file.includes(id)), ...processes];
}

async function goneSoon(id: string): Promise<string[]> {
  for (let tries = 0; tries < 100; tries++) {
    if ((await traces(id)).length === 0) return [];
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return traces(id);
}

/** A run of its own that starts a lab, says where, and waits to be killed. */
function otherRun(): ChildProcess {
  const lab = fileURLToPath(new URL('./lab.ts', import.meta.url));
  const code = `
    import { runnerImport } from 'vite';
    const { module } = await runnerImport(${JSON.stringify(lab)});
    console.log((await module.startLab()).folder);
    setInterval(() => {}, 1000);`;
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  return spawn(process.execPath, ['--input-type=module', '--eval', code], { cwd: root, stdio: ['ignore', 'pipe', 2] });
}

describeLab('the end of a lab', () => {
  it('leaves nothing when it is closed', async () => {
    const lab = await startLab();
    const id = lab.folder.slice(-6);
    expect((await traces(id)).length).toBeGreaterThan(0);
    await lab.close();
    expect(await goneSoon(id)).toEqual([]);
    expect(existsSync(lab.folder)).toBe(false);
  });

  // Another run may be the one that removes it, so what counts is that it is gone.
  it.each(['SIGKILL', 'SIGINT'] as const)(
    'leaves at most a folder after %s, and the next start removes that',
    async (signal) => {
      const run = otherRun();
      if (!run.stdout) throw new Error('no output to read');
      const [folder] = (await once(createInterface(run.stdout), 'line')) as [string];
      const id = folder.slice(-6);
      expect((await traces(id)).length).toBeGreaterThan(0);
      run.kill(signal);
      await once(run, 'exit');
      expect(await goneSoon(id)).toEqual([]);
      await removeLeftovers();
      expect(existsSync(folder)).toBe(false);
    },
  );

  it('removes nothing of a run that is alive, nor what nobody signed', async () => {
    const foreign = mkdtempSync(`${tmpdir()}/pflab-`);
    const lab = await startLab();
    try {
      await removeLeftovers();
      expect(existsSync(lab.folder)).toBe(true);
      expect((await lab.primary.exec(['true'])).code).toBe(0);
      expect(existsSync(foreign)).toBe(true);
    } finally {
      await lab.close();
      writeFileSync(`${foreign}/owner`, '0 0\n');
      await removeLeftovers();
      expect(existsSync(foreign)).toBe(false);
    }
  });
});
