/** What a played host says of another: ping, ssh with a key, and the engine's script that listens for a moment. */

import type { Machine } from '../file/machine.js';
import { type Answer, fails, says } from './answer.js';
import { type Listening, listensOn, playReach, reachOf } from './network.js';
import { onHost, type Runner } from './runner.js';
import { lookUp } from './tree.js';

/** ping of iputils with -q: every host of the scenario answers, unless demo.yaml says that nothing comes back. */
export function ping(words: string[], { machine, hosts }: Runner): Answer {
  const address = words.at(-1) ?? '';
  const count = Number(words[words.indexOf('-c') + 1]);
  const answers = hosts.some((host) => host.address === address) && machine.echo?.[address] !== 'filtered';
  const took = 200 * Math.max(0, count - 1) + 2;
  const head = `PING ${address} (${address}) 56(84) bytes of data.\n\n--- ${address} ping statistics ---\n`;
  const [received, loss] = answers ? [count, 0] : [0, 100];
  const counts = `${count} packets transmitted, ${received} received, ${loss}% packet loss, time ${took}ms\n`;
  return answers
    ? says(`${head}${counts}rtt min/avg/max/mdev = 0.310/0.412/0.603/0.081 ms\n`)
    : { ...says(`${head}${counts}\n`), exit: 1 };
}

/**
 * ssh with `-i KEY -l USER ADDRESS COMMAND`: logs in where the key file is there and the host runs sshd; what that host's
 * profile scripts print comes before the command, which says nothing.
 */
export function ssh(words: string[], runner: Runner): Answer {
  const [key = '', , , address = ''] = words.slice(words.indexOf('-i') + 1);
  const peer = runner.hosts.find((host) => host.address === address);
  const exists = lookUp(runner.machine, onHost(key, runner))?.kind === 'file';
  const warning = exists ? '' : `Warning: Identity file ${key} not accessible: No such file or directory.\n`;
  if (!peer) return fails(`${warning}ssh: connect to host ${address} port 22: No route to host\r`, 255);
  if (peer.sshd === 'stopped')
    return fails(`${warning}ssh: connect to host ${address} port 22: Connection refused\r`, 255);
  return exists
    ? says(peer.noise)
    : fails(`${warning}${words.at(-2)}: Permission denied (publickey,gssapi-keyex,gssapi-with-mic).\r`, 255);
}

/** Plays the engine's listening script (its words: address, ports) on a host that has python3. */
export function playEars({ machine, hosts }: Runner, [address = '', ...ports]: string[]): string {
  const lines = ports.map((port) => {
    if (address !== machine.address) return `${port} failed Cannot assign requested address\n`;
    if (listensOn(machine, address, Number(port))) return `${port} in-use\n`;
    const reached = hosts.some((host) => host !== machine && proofOf(host, hosts, address, Number(port)) === 'open');
    return `${port} listening\n${reached ? `${port} accepted\n` : ''}`;
  });
  return `via python3\n${lines.join('')}end\n`;
}

/** Plays the connects to those listeners: what nobody listened on before is open, if demo.yaml does not close the way. */
export function playProof({ machine, hosts }: Runner, words: string[]): string {
  return playReach(machine, hosts, words, proofOf);
}

function proofOf(machine: Pick<Machine, 'reach'>, hosts: readonly Listening[], address: string, port: number) {
  const reach = reachOf(machine, hosts, address, port);
  return reach === 'refused' && machine.reach[`${address}:${port}`] === undefined ? 'open' : reach;
}
