/** Certificates of a test's own: an authority, what it signed, and what it did not. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate and its key, as files. */
export interface Certificate {
  cert: string;
  key: string;
}

/** An authority in a folder that goes with it. */
export class Authority {
  readonly folder = mkdtempSync(join(tmpdir(), 'pairflight-ca-'));
  readonly ca: string;

  constructor() {
    this.ca = this.#own('ca', ['-addext', 'basicConstraints=critical,CA:TRUE']).cert;
  }

  /** A certificate for a name; with `days` of -1 it has expired. */
  sign(name: string, host: string, days = 2): Certificate {
    const [cert, key] = [join(this.folder, `${name}.crt`), join(this.folder, `${name}.key`)];
    const request = openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-subj', `/CN=${host}`);
    const extensions = join(this.folder, `${name}.ext`);
    writeFileSync(extensions, `subjectAltName=DNS:${host}\n`);
    const authority = ['-CA', this.ca, '-CAkey', join(this.folder, 'ca.key'), '-CAcreateserial'];
    const words = ['x509', '-req', ...authority, '-days', String(days), '-extfile', extensions, '-out', cert];
    execFileSync('openssl', words, { input: request, stdio: ['pipe', 'pipe', 'pipe'] });
    return { cert, key };
  }

  /** A certificate that nobody signed but itself. */
  strange(name: string, host: string): Certificate {
    return this.#own(name, ['-addext', `subjectAltName=DNS:${host}`], host);
  }

  /** The same key behind a passphrase. */
  locked({ key }: Certificate): string {
    const locked = `${key}.locked`;
    openssl('rsa', '-aes128', '-passout', 'pass:abcd', '-in', key, '-out', locked);
    return locked;
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #own(name: string, more: string[], host = name): Certificate {
    const [cert, key] = [join(this.folder, `${name}.crt`), join(this.folder, `${name}.key`)];
    const words = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '2'];
    openssl('req', ...words, '-subj', `/CN=${host}`, ...more);
    return { cert, key };
  }
}

/** The texts of a certificate's files, as a server wants them. */
export const texts = ({ cert, key }: Certificate) => ({ cert: readFileSync(cert), key: readFileSync(key) });

function openssl(...words: string[]): Buffer {
  return execFileSync('openssl', words, { stdio: ['ignore', 'pipe', 'pipe'] });
}
