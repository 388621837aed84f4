/** A host's public key, as it comes over the wire. */
import { createHash } from 'node:crypto';

/** The key's type, the first string of its wire format. */
export function keyType(blob: Buffer): string {
  return blob.length < 4 ? '' : blob.toString('latin1', 4, 4 + blob.readUInt32BE(0));
}

/** The fingerprint in OpenSSH's form: `SHA256:` and base64 without padding. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** What is offered when nothing is known of the host, best first. */
const ALGORITHMS = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
] as const;

/** A host key algorithm that we can verify. */
export type HostKeyAlgorithm = (typeof ALGORITHMS)[number];

/** The algorithms to offer: those of the known key types first, so that the host shows the key we can recognise. */
export function hostKeyAlgorithms(knownTypes: ReadonlySet<string>): HostKeyAlgorithm[] {
  const known = (name: HostKeyAlgorithm) => knownTypes.has(name.startsWith('rsa-') ? 'ssh-rsa' : name);
  return [...ALGORITHMS.filter(known), ...ALGORITHMS.filter((name) => !known(name))];
}

/** What is said of a host that shows another key than the one that is known. */
export function changedKey(host: string, shown: string, at: string): string {
  return (
    `the host key of ${host} has CHANGED: it shows ${shown}, which is not the key in ${at}; ` +
    'somebody may be intercepting the connection, or the host was reinstalled: ask its owner, then correct that line'
  );
}
