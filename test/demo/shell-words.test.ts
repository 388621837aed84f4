import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteForLoginShell, quoteWords } from '../../src/core/shell/words.js';
import { CommandWords, splitWords } from '../../src/demo/play/shell-words.js';

const word = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.string({ unit: fc.constantFrom(...`'"\\\n \t#!$ab`), maxLength: 8 }),
  )
  .map((text) => text.replaceAll('\0', ''));
const words = fc.array(word, { minLength: 1, maxLength: 6 });
const lines = fc.array(words, { maxLength: 4 });

describe('words of shell text', () => {
  it.each<[string, string[]]>([
    ['true', ['true']],
    ['  a \t b  ', ['a', 'b']],
    ["pf 1 5 'a b' ''", ['pf', '1', '5', 'a b', '']],
    ["'it'\\''s'", ["it's"]],
    ["'two\nlines'", ['two\nlines']],
    ['"a \\"b\\" \\$c \\d"', ['a "b" $c \\d']],
    ['a\\ b c\\\nd', ['a b', 'cd']],
    ["x''y", ['xy']],
    ['a # not this', ['a']],
    ['a#b', ['a#b']],
    ["'# this'", ['# this']],
    ['', []],
  ])('cuts %j', (line, expected) => {
    expect(splitWords(line)).toEqual(expected);
  });

  it.each(["'open", '"open', 'open\\', 'two\ncommands'])('refuses %j', (line) => {
    expect(() => splitWords(line)).toThrow(SyntaxError);
  });

  it('gives back any words that the transport quotes', () => {
    fc.assert(
      fc.property(words, (each) => {
        expect(splitWords(quoteWords(each))).toEqual(each);
        expect(splitWords(quoteForLoginShell(each))).toEqual(each);
      }),
    );
  });

  it('gives the same commands however the stream is cut', () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 7 }), (commands, size) => {
        const text = commands.map((command) => `${quoteWords(command)}\n`).join('');
        const reader = new CommandWords();
        const chunks = [...text].reduce<string[]>((cut, char, index) => {
          if (index % size === 0) cut.push('');
          cut.push((cut.pop() ?? '') + char);
          return cut;
        }, []);
        expect(chunks.flatMap((chunk) => reader.push(chunk))).toEqual(commands);
        expect(reader.end()).toEqual([]);
      }),
    );
  });
});
