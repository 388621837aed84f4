import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inBase64 } from '../../../src/bundle/pseudonyms/base64.js';

const encoded = (text: string, alphabet: 'base64' | 'base64url' = 'base64') => Buffer.from(text).toString(alphabet);
const loud = (text: string) => text.toUpperCase();

describe('a text in base64', () => {
  it.each<[string, string, string]>([
    ['as the value of a key', `"Value":"${encoded('db-a:8088')}"`, `"Value":"${encoded('DB-A:8088')}"`],
    ['of any length', 'YWJj YWJjZA== YWJjZGU=', 'QUJD QUJDRA== QUJDREU='],
    ['behind a name and an equals sign', `Value=${encoded('db-a')}`, `Value=${encoded('DB-A')}`],
    ['in a path', `/v1/kv/${encoded('db-a')}/x`, `/v1/kv/${encoded('DB-A')}/x`],
    ['between underlines', `on_${encoded('db-a').slice(0, -2)}_end`, `on_${encoded('DB-A').slice(0, -2)}_end`],
    ['without its filling', 'ZGItYQ,', 'REItQQ,'],
    ['beyond ASCII', encoded('zürich'), encoded('ZÜRICH')],
    ['over lines', encoded('db-a\n\tdb-b\r\n'), encoded('DB-A\n\tDB-B\r\n')],
  ])('is replaced %s', (_, text, expected) => {
    expect(inBase64(text, loud)).toBe(expected);
  });

  it('is encoded in the alphabet that it stood in', () => {
    const [plus, minus] = [encoded('>>>???'), encoded('>>>???', 'base64url')];
    expect([plus, minus]).toEqual(['Pj4+Pz8/', 'Pj4-Pz8_']);
    const answered = (text: string) => `${text}??>`;
    expect(inBase64(plus, answered)).toBe(encoded('>>>?????>'));
    expect(inBase64(minus, answered)).toBe(encoded('>>>?????>', 'base64url'));
  });

  it.each([
    ['what decodes to control characters', encoded('db-a\0')],
    ['what decodes to no UTF-8', Buffer.from('zürich', 'latin1').toString('base64')],
    ['what no encoder writes: bits that are left over', 'ZGItYR=='],
    ['a name before an equals sign, which fills nothing', 'ZGItYQ=1'],
    ['too short in a path', 'ZGL/YQ=='],
    ['too short to be one by intention', 'YWI= YQ=='],
    ['ordinary words', 'preflight /opt/product/run adf4238a-882b-9ddc-4a9d-5b6758e4159e'],
  ])('is not %s', (_, text) => {
    expect(inBase64(text, () => 'REPLACED')).toBe(text);
  });

  it('comes back whole: nothing changes where nothing is replaced, and what is replaced decodes to what was said', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcdefgh.-:/?>0123456789'), minLength: 3, maxLength: 40 });
    fc.assert(
      fc.property(word, fc.string(), (said, around) => {
        expect(inBase64(`${around} ${encoded(said)}`, (text) => text)).toBe(`${around} ${encoded(said)}`);
        const replaced = inBase64(`"${encoded(said)}"`, (text) => `(${text})`);
        expect(Buffer.from(replaced.slice(1, -1), 'base64').toString()).toBe(`(${said})`);
      }),
    );
  });
});
