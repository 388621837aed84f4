import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { escapeForTerminal } from '../../src/core/escape.js';
import { wrap, wrapAfter } from '../../src/reporters/terminal/wrap.js';
import { hostileText } from './hostile.js';

describe('escapeForTerminal', () => {
  it.each([
    ['an ANSI escape', '\x1b[31mred', '\\x1b[31mred'],
    ['a C1 control', '\x9b2J', '\\x9b2J'],
    ['a newline, a return and a tab', 'a\r\n\tb', 'a\\r\\n\\tb'],
    ['a bidi override', 'a\u202eb', 'a\\u202eb'],
    ['a line separator', 'a\u2028b', 'a\\u2028b'],
    ['a zero-width space', 'a\u200bb', 'a\\u200bb'],
    ['a tag character', '\u{e0041}', '\\u{e0041}'],
    ['a lone surrogate', '\ud800!', '\\ud800!'],
    ['NUL and DEL', '\0\x7f', '\\x00\\x7f'],
  ])('writes out %s', (_, text, shown) => {
    expect(escapeForTerminal(text)).toBe(shown);
  });

  it('leaves visible text alone, in any script', () => {
    expect(escapeForTerminal('df -P "/opt" é 漢 😀 ä\u0308')).toBe('df -P "/opt" é 漢 😀 ä\u0308');
  });
});

describe('wrap', () => {
  it('breaks at blanks, and inside a word only when the word alone is too long', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('abcdefgh ij', 5)).toEqual(['abcde', 'fgh', 'ij']);
  });

  it('counts wide characters as two columns', () => {
    expect(wrap('漢字漢字', 5)).toEqual(['漢字', '漢字']);
  });

  it('indents what follows the first line', () => {
    expect(wrapAfter('note: ', 'one two', 9)).toEqual(['note: one', '      two']);
  });

  it('loses no visible character and keeps the width, whatever the text', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 2, max: 60 }), (text, width) => {
        const lines = wrap(text, width);
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(' ', '')).toBe(escapeForTerminal(text).replaceAll(' ', ''));
      }),
    );
  });
});
