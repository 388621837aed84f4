/** Takes the asked keys out of all that stands in a configuration file. Pure. */
import {
  type Fault,
  type FaultWord,
  isSecret,
  type Kept,
  type Leaf,
  MAX_TEXT,
  type Pick,
  type Picking,
} from './config-file/pick.js';
import { type Picked, type Scalar, veiled } from './config-file/secrets.js';

/**
 * The asked keys out of a file's leaves. One key that has no sure value spoils the whole: left out, it would count as absent.
 * Facts that must not suffer from each other pick their keys in steps of their own; the file is read once all the same.
 */
export function pickKeys(
  leaves: readonly Leaf[],
  { pick, relaxed = false }: Picking,
  token: (secret: string) => string,
): Kept | Fault {
  const kept: Kept = { keys: {}, absent: [], defaulted: [], spelt: [] };
  const known = leaves.map((leaf) => ({ leaf, loose: loosely(leaf.path) }));
  for (const [name, wanted] of Object.entries(pick).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const loose = loosely(wanted.path);
    const [found, other] = known.filter((one) => one.loose === loose).map(({ leaf }) => leaf);
    const keep = (value: Picked) => {
      kept.keys[name] = veiled(typed(value, wanted.type), isSecret(name, wanted), token);
    };
    const fault = found ? faultOf(found, other, wanted, relaxed) : undefined;
    if (fault) return fault;
    const below = known.find((one) => one.loose.startsWith(`${loose}.`) || one.loose.startsWith(`${loose}[`));
    if (below) return placed('mapping', wanted, below.leaf);
    if (found) {
      keep(found.value);
      if (found.path !== wanted.path) kept.spelt.push(name);
      continue;
    }
    kept.absent.push(name);
    if (wanted.default === undefined) continue;
    keep(wanted.default);
    kept.defaulted.push(name);
  }
  return kept;
}

function faultOf(found: Leaf, other: Leaf | undefined, wanted: Pick, relaxed: boolean): Fault | undefined {
  if (other) return placed('twice', wanted, other);
  if (found.fault) return placed(found.fault, wanted, found);
  if (found.path !== wanted.path && !relaxed) return placed('spelling', wanted, found);
  const texts = [found.value].flat().filter((value) => typeof value === 'string');
  if (texts.some((text) => text.includes('${'))) return placed('placeholder', wanted, found);
  if (texts.some((text) => text.includes('\ufffd'))) return placed('encoding', wanted, found);
  return texts.some((text) => text.length > MAX_TEXT) ? placed('long', wanted, found) : undefined;
}

function placed(fault: FaultWord, { path }: Pick, { line, column }: Leaf): Fault {
  return { fault, key: path, line, column };
}

/** Two spellings that some program binds to one property are one here: what is spelt otherwise is never read as absent. */
function loosely(path: string): string {
  return path.toLowerCase().replace(/[-_]/g, '');
}

function typed(value: Picked, type: Pick['type']): Picked {
  if (type === undefined || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => typed(one, type) as Scalar);
  if (type === 'string') return String(value);
  const text = String(value).trim();
  if (type === 'boolean') {
    if (/^(true|on|yes|1)$/i.test(text)) return true;
    return /^(false|off|no|0)$/i.test(text) ? false : value;
  }
  const number = Number(text);
  // What cannot be told apart from its neighbours is no number to compare.
  const exact = /^[-+]?\d+$/.test(text) ? Number.isSafeInteger(number) : /^[-+]?\d+\.\d{1,9}$/.test(text);
  return exact && typeof value !== 'boolean' ? number : value;
}
