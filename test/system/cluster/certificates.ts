/** Keys and certificates of the cluster: its own CA, a server's certificate for given addresses, a client's, and stores out of them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { must } from '../lab/command.js';

/** PEM files in the runner's folder. */
export interface Certificates {
  ca: string;
  server: { key: string; cert: string };
  client: { key: string; cert: string };
  /** A PKCS #12 store, which Java reads whatever its name ends with. */
  store: string;
}

/** Makes all of them. @param password of the store */
export async function makeCertificates(
  folder: string,
  addresses: readonly string[],
  password: string,
): Promise<Certificates> {
  const file = (name: string) => `${folder}/tls-${name}`;
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const ca = ['-x509', '-days', '2', '-subj', '/CN=cluster CA', '-keyout', file('ca.key'), '-out', file('ca.pem')];
  await must(['openssl', 'req', ...key, ...ca]);
  const names = {
    server: `subjectAltName=DNS:localhost,${addresses.map((address) => `IP:${address}`).join(',')}`,
    client: 'extendedKeyUsage=clientAuth',
  };
  for (const [name, extension] of Object.entries(names)) {
    writeFileSync(file(`${name}.ext`), `${extension}\n`);
    const request = ['-subj', `/CN=${name}`, '-keyout', file(`${name}.key`), '-out', file(`${name}.csr`)];
    await must(['openssl', 'req', ...key, ...request]);
    const signer = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '2'];
    const out = ['-in', file(`${name}.csr`), '-extfile', file(`${name}.ext`), '-out', file(`${name}.pem`)];
    await must(['openssl', 'x509', '-req', ...signer, ...out]);
  }
  const export12 = ['-export', '-inkey', file('client.key'), '-in', file('client.pem'), '-out', file('store.p12')];
  await must(['openssl', 'pkcs12', ...export12, '-passout', 'stdin'], { input: `${password}\n` });
  const pair = (name: string) => ({ key: file(`${name}.key`), cert: file(`${name}.pem`) });
  return { ca: file('ca.pem'), server: pair('server'), client: pair('client'), store: file('store.p12') };
}

/** What an agent with `verify_incoming` asks of its callers. */
export function serverTls({ ca, server }: Certificates, { verifyIncoming = true } = {}): object {
  const [key, cert, trusted] = [server.key, server.cert, ca].map((file) => readFileSync(file));
  return { key, cert, ca: trusted, requestCert: verifyIncoming, rejectUnauthorized: verifyIncoming };
}

/** The words for curl that trust the CA, and show the client's certificate. */
export function clientWords({ ca, client }: Certificates, { withCertificate = true } = {}): string[] {
  return ['--cacert', ca, ...(withCertificate ? ['--cert', client.cert, '--key', client.key] : [])];
}
