/** Text that a hostile or broken host may send: escapes, controls, overrides, markup, halves of characters. */
import fc from 'fast-check';
import { anyCharacter } from '../any-character.js';

const pieces = [
  '\x1b[2J',
  '\x1b]8;;http://x\x07',
  '\x9b31m',
  '\u202e',
  '\u2066',
  '\r\n',
  '\0',
  ']]>',
  '<!--',
  '&amp;',
  '&nbsp; &copy; &#0; &#xB;',
  '\ud800',
  '\udc00',
];
const more = [
  '\u{e0041}',
  '\ufffe',
  '漢字',
  '👩‍💻',
  'e\u0301\u0301\u0301',
  '\\',
  '"',
  '__proto__',
  ' ',
  'a/very/long/path/without/any/blank/in/it',
];
const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

/** Any string of any UTF-16 code units, thick with the characters that matter. */
export const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...pieces, ...more),
      fc.string({ unit, maxLength: 12 }),
      fc.string({ unit: anyCharacter, maxLength: 12 }),
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(''));

/** Any value that a fact may hold, with hostile text in its strings and keys. */
export const hostileValue = fc.oneof(
  hostileText,
  fc.integer(),
  fc.constant(null),
  fc.array(hostileText, { maxLength: 4 }),
  fc.dictionary(hostileText, hostileText, { maxKeys: 4 }),
);
