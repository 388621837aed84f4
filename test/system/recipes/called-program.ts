/**
 * `pairflight` on a job's PATH without a start of the whole program for each call: a small client hands folder, environment,
 * words and standard input to the test's process, which calls the built command line and gives back what it said.
 */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { called } from '../../cli/in-process.js';

interface Call {
  words: string[];
  cwd: string;
  env: Record<string, string>;
  stdin: string;
}

const client = `const { connect } = require('node:net');
const { readFileSync } = require('node:fs');
const call = { words: process.argv.slice(3), cwd: process.cwd(), env: process.env, stdin: readFileSync(0, 'utf8') };
// Whatever goes wrong in between is no exit code of the program.
process.exitCode = 70;
const socket = connect({ path: process.argv[2], allowHalfOpen: true });
let answer = '';
socket.setEncoding('utf8').on('data', (more) => { answer += more; }).on('end', () => {
  const { code, stdout, stderr } = JSON.parse(answer);
  process.exitCode = code;
  process.stderr.write(stderr);
  process.stdout.write(stdout);
});
socket.end(JSON.stringify(call));
`;

/** Answers calls from a folder: the shell line that makes one, and the end of it. */
export async function callable(folder: string): Promise<{ line: string; close(): void }> {
  const [socket, script] = [join(folder, 'calls'), join(folder, 'call.cjs')];
  writeFileSync(script, client);
  const server = createServer({ allowHalfOpen: true }, (caller) => {
    let call = '';
    caller.setEncoding('utf8').on('data', (more: string) => {
      call += more;
    });
    caller.on('end', async () => {
      const { words, cwd, env, stdin } = JSON.parse(call) as Call;
      const ran = called(words, cwd, stdin, env);
      caller.end(JSON.stringify(await ran.catch((error) => ({ code: 70, stdout: '', stderr: `${error}\n` }))));
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return { line: `exec '${process.execPath}' '${script}' '${socket}' "$@"`, close: () => void server.close() };
}
