/** Secrets in configuration files: which values are taken for one, and how they are veiled before anything is kept. Pure. */

/** A value of a configuration file. */
export type Scalar = string | number | boolean | null;
/** What stands at a key: a value, or a list of them. */
export type Picked = Scalar | Scalar[];

const telling = /pwd|passw|passphrase|secret|token|credential|private|apikey|accesskey/;
/** A password before the host's name in a URL, and a private key in text. */
const userinfo = /(:\/\/[^\s/:@]*:)([^\s/]*)(?=@)/g;
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY/;

/** Whether a key is called as secrets are; how its words are joined does not matter. */
export function soundsSecret(...names: string[]): boolean {
  return names.some((name) => telling.test(name.toLowerCase().replace(/[-_.]/g, '')));
}

/** A value as it may be kept. Of a secret its token, or that it is empty; of any other value all but passwords inside it. Veiling twice changes nothing. */
export function veiled(value: Picked, secret: boolean, token: (secret: string) => string): Picked {
  if (Array.isArray(value)) return value.map((one) => veiledScalar(one, secret, token));
  return veiledScalar(value, secret, token);
}

function veiledScalar(value: Scalar, secret: boolean, token: (secret: string) => string): Scalar {
  if (value === null || value === '') return value;
  // A password of digits alone is a number in YAML, and the text of those digits to the program.
  if (secret || privateKey.test(String(value))) return token(String(value));
  if (typeof value !== 'string') return value;
  return value.replace(userinfo, (_, before: string, password: string) =>
    password === '' ? before : before + token(password),
  );
}
