/** A ProxyCommand that holds back what passes, each way: `node delaying-proxy.js MILLISECONDS HOST PORT`. */
import { connect } from 'node:net';

const [delay, host, port] = [Number(process.argv[2]), process.argv[3], Number(process.argv[4])];
const socket = connect({ host, port, noDelay: true });

/** Hands over in order, each piece when its time has come. */
function pass(from, to) {
  from.on('data', (chunk) => setTimeout(() => to.write(chunk), delay));
  from.on('end', () => setTimeout(() => to.end(), delay));
}

pass(process.stdin, socket);
pass(socket, process.stdout);
for (const one of [socket, process.stdin, process.stdout]) one.on('error', () => process.exit(1));
socket.on('close', () => setTimeout(() => process.exit(0), delay));
