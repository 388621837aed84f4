/**
 * A ProxyCommand that holds back what passes, each way: `node delaying-proxy.js MILLISECONDS HOST PORT FILE`. At the end of a
 * connection the file gets a line more: how often in a row the wire was waited for.
 */
import { appendFileSync } from 'node:fs';
import { connect } from 'node:net';
import { Waits } from './waits.js';

const [delay, host, port, file] = [Number(process.argv[2]), process.argv[3], Number(process.argv[4]), process.argv[5]];
const socket = connect({ host, port, noDelay: true });
const waits = new Waits();

/** Hands over in order, each piece when its time has come; `sent` and `came` are told of both ends of its way. */
function pass(from, to, sent, came) {
  from.on('data', (chunk) => {
    const turns = sent();
    setTimeout(() => {
      came(turns);
      to.write(chunk);
    }, delay);
  });
  from.on('end', () => setTimeout(() => to.end(), delay));
}

const ours = { sent: () => waits.sends(), came: (turns) => waits.reaches(turns) };
const theirs = { sent: () => waits.answers(), came: (turns) => waits.arrives(turns) };
pass(process.stdin, socket, ours.sent, ours.came);
pass(socket, process.stdout, theirs.sent, theirs.came);

process.on('exit', () => appendFileSync(file, `${waits.inARow}\n`));
// A client ends its ProxyCommand by a signal.
for (const signal of ['SIGHUP', 'SIGTERM']) process.on(signal, () => process.exit(0));
for (const one of [socket, process.stdin, process.stdout]) one.on('error', () => process.exit(1));
socket.on('close', () => setTimeout(() => process.exit(0), delay));
