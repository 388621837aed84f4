/** The lines at the bottom of a terminal leave nothing behind, however it is resized meanwhile. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Area } from '../../../src/cli/progress/terminal.js';
import { Screen } from './screen.js';

const words = (most: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'c'), minLength: 1, maxLength: most, size: 'max' });
const happening = fc.oneof(
  fc.record({
    drawn: fc.array(words(230), { minLength: 1, maxLength: 4 }),
    typed: fc.constantFrom('', '^C', 'top'),
  }),
  fc.record({ columns: fc.integer({ min: 20, max: 200 }), late: fc.boolean() }),
  words(15).map((said) => ({ said: `x${said}x` })),
);

/** What is too long for a terminal that does not wrap ends before its last column. */
const fitted = (line: string, columns: number) => line.slice(0, columns - 1).trimEnd();

describe.each([
  ['breaks its lines', true],
  ['cuts its lines', false],
])('a terminal that %s when it becomes narrower', (_, reflows) => {
  it('shows what was said and what is drawn, and in the end what was said alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 200 }), fc.array(happening, { maxLength: 12 }), (columns, happenings) => {
        const screen = new Screen(columns, reflows);
        const area = new Area(screen);
        const said: string[] = [];
        for (const one of happenings) {
          if ('columns' in one) {
            screen.resize(one.columns);
            // What is drawn next may come before the word of the new width.
            if (!one.late) area.clear();
          } else if ('said' in one) {
            area.clear();
            screen.write(`${one.said}\r\n`);
            said.push(one.said);
          } else {
            area.draw(one.drawn);
            const lines = one.drawn.map((line) => fitted(line, screen.columns));
            expect(screen.text).toBe([...said, ...lines].join('\n').trimEnd());
            screen.write(one.typed);
            if (one.typed !== '') area.clear();
          }
        }
        area.clear();
        expect(screen.text).toBe(said.join('\n'));
      }),
    );
  });
});

describe('the area', () => {
  it('writes nothing where nothing has changed', () => {
    const screen = new Screen(80, true);
    const area = new Area(screen);
    area.draw(['one', 'two']);
    const { written } = screen;
    area.draw(['one', 'two']);
    expect(screen.written).toBe(written);
  });

  it('erases the lines of a longer time before', () => {
    const screen = new Screen(80, true);
    const area = new Area(screen);
    area.draw(['one', 'two', 'three']);
    area.draw(['1']);
    expect(screen.text).toBe('1');
  });

  it('never hides the cursor, and leaves a terminal alone on which it has drawn nothing', () => {
    const screen = new Screen(80, true);
    const area = new Area(screen);
    area.clear();
    expect(screen.written).toBe('');
    area.draw(['one']);
    area.clear();
    area.clear();
    expect(screen.written.split('\x1b[J')).toHaveLength(3);
    expect(screen.written).not.toContain('?25');
  });

  it.each([
    [3, 'a\nb'],
    [2, 'a'],
    [1, 'a'],
    [24, 'a\nb\nc'],
  ])('shows no more lines than %i rows have room for', (rows, text) => {
    const screen = new Screen(80, true);
    screen.rows = rows;
    new Area(screen).draw(['a', 'b', 'c']);
    expect(screen.text).toBe(text);
  });
});
