/** Any character of Unicode, for texts of `fc.string`: its own unit `binary` lays out a table of all million of them first. */
import fc from 'fast-check';

const surrogates = { from: 0xd800, count: 0x800 };

/** What `unit: 'binary'` gives, by arithmetic. */
export const anyCharacter = fc.nat(0x10ffff - surrogates.count).map(
  (at) => String.fromCodePoint(at < surrogates.from ? at : at + surrogates.count),
  (text) => {
    const code = typeof text === 'string' ? text.codePointAt(0) : undefined;
    if (code === undefined || text !== String.fromCodePoint(code)) throw new Error('this is not one character');
    return code < surrogates.from ? code : code - surrogates.count;
  },
);
