/** The identity that was chosen by name: it must be there, or another would be offered in its place. */
import { existsSync } from 'node:fs';
import { Failure } from './channel.js';
import { expandHome } from './ssh-target.js';

/** @throws Failure when neither the file nor its public part is there; an agent may hold the private one */
export function demandIdentity(file: string): void {
  const path = expandHome(file);
  if (existsSync(path) || existsSync(`${path}.pub`)) return;
  throw new Failure('denied', 'host', `the identity file ${path} does not exist`);
}
