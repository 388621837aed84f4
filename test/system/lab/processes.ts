/** Processes on a host that look like the product's own, to `ps` and to a connection. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Daemon } from './daemon.js';
import type { LabHost } from './host.js';
import { productUsers, secrets } from './product.js';
import { listens } from './system.js';

const script = readFileSync(fileURLToPath(new URL('./twins/process.pl', import.meta.url)), 'utf8');

const java = ['java', '-Xmx2g', '-cp', '/opt/alation/lib/*', `--db-password=${secrets[0]}`];
const processes: Record<string, { port?: number; words: string[] }> = {
  supervisord: {
    words: ['/usr/bin/python2', '/opt/alation/env/bin/supervisord', '-c', '/opt/alation/supervisord.conf'],
  },
  ServerServer: { words: [...java, 'alation.desktop.ServerServer'] },
  TaskServer: { words: [...java, 'alation.taskserver.TaskServer'] },
  AuthServer: { words: [...java, 'alation.authserver.AuthServer'] },
  postgres: { port: 5432, words: ['/usr/pgsql-13/bin/postgres', '-D', '/data1/pgsql'] },
  mongod: { port: 27017, words: ['/usr/bin/mongod', '--dbpath', '/data1/mongo'] },
};

// Nothing listens for MongoDB before a legacy pair is set up.
const usual = Object.keys(processes).filter((name) => name !== 'mongod');

/** Starts the product's processes on a host, or the named ones. */
export async function startProduct(host: LabHost, names = usual): Promise<void> {
  const starts = names.map(async (name) => {
    const { port = 0, words = [] } = processes[name] ?? {};
    if (words.length === 0) throw new Error(`lab: no process is called ${name}`);
    const filler = 'x'.repeat(words.join(' ').length - 'perl - '.length);
    const env = [`SHOW=${words.join(',')}`, `RUN_AS=${productUsers.alation}`, `PORT=${port}`];
    const daemon = new Daemon(host.inside(['env', '-i', 'PATH=/usr/bin', ...env, 'perl', '-', filler]));
    daemon.stdin.end(script);
    host.processes.set(name, daemon);
    await daemon.prints('ready');
    if (port > 0) await listens(host, port);
  });
  await Promise.all(starts);
}

/** Ends the product's processes on a host, or the named ones. */
export async function stopProduct(host: LabHost, names = Object.keys(processes)): Promise<void> {
  await Promise.all(names.map((name) => host.processes.get(name)?.stop({ forked: true })));
}
