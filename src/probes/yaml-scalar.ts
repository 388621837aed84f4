/** Plain scalars of YAML 1.1 as SnakeYAML resolves them: what Java programs make of `yes`, `010`, `1_000` and `1:30`. Pure. */
import type { Scalar } from './config-file/secrets.js';

const YES = /^(yes|true|on)$/i;
const BOOLEAN = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const BINARY = /^[-+]?0b[01_]*[01][01_]*$/;
const OCTAL = /^[-+]?0[0-7_]*[0-7][0-7_]*$/;
const DECIMAL = /^[-+]?(?:0|[1-9][0-9_]*)$/;
const HEXADECIMAL = /^[-+]?0x[0-9a-fA-F_]*[0-9a-fA-F][0-9a-fA-F_]*$/;
const SEXAGESIMAL = /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+$/;
const FRACTION = /^[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?$/;
/** Numbers to some of its versions or by other rules, texts to others: `1e3`, `08`, `.5`, `1:30.5`, `.inf`. */
const UNSURE =
  /^[-+]?(?:[0-9_.]*[0-9][0-9_.]*(?:[eE][-+]?[0-9]+)?|[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|0[bx][0-9a-fA-F_]*|\.(?:inf|nan))$/i;

/**
 * The value of an unquoted scalar; undefined where it depends on the version that reads it, or cannot be told apart from its
 * neighbours. A key without a value is the empty text, as Spring makes it. Dates stay as they are written.
 */
export function plainScalar(text: string): Scalar | undefined {
  if (/^(?:~|null|Null|NULL|)$/.test(text)) return '';
  if (BOOLEAN.test(text)) return YES.test(text);
  const digits = text.replace(/_/g, '').replace(/^[-+]/, '');
  const sign = text.startsWith('-') ? -1 : 1;
  const whole = (value: number) => (Number.isSafeInteger(value) ? sign * value + 0 : undefined);
  if (DECIMAL.test(text)) return whole(Number(digits));
  if (BINARY.test(text)) return whole(Number.parseInt(digits.slice(2), 2));
  if (OCTAL.test(text)) return whole(Number.parseInt(digits, 8));
  if (HEXADECIMAL.test(text)) return whole(Number.parseInt(digits.slice(2), 16));
  if (SEXAGESIMAL.test(text)) return whole(digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0));
  if (FRACTION.test(text)) return Number.isFinite(Number(digits)) ? sign * Number(digits) + 0 : undefined;
  // Version numbers and addresses have two dots or more, and are texts to everybody.
  return UNSURE.test(text) && (text.match(/\./g)?.length ?? 0) < 2 ? undefined : text;
}
