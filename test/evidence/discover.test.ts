/** Settings that only the hosts know: asked, read, and written down only where they are sure. */
import { describe, expect, it } from 'vitest';
import type { Evidence, Output, Step } from '../../src/core/model.js';
import { discover, discoverySteps } from '../../src/evidence/discover.js';
import { inventoryOf, packOf, ruleText, said, scopeOf } from '../support.js';

const pack = packOf(
  ruleText('kernel', ['{ same: kernel.release }']),
  `build: version.line
facts:
  version: { probe: file, with: { path: /version } }
  note: { probe: file, with: { path: /note } }
  size: { from: note.line, number: true }
discover: { disk: note.line }
`,
);
const scope = scopeOf(pack);
const wordOf = ({ asks: [asked] }: Pick<Step, 'asks'>) =>
  `${asked?.host} ${asked?.ask.kind === 'exec' ? asked.ask.argv.at(-1) : ''}`;

/** What is found where hosts answer so to their note. */
function found(left: Output, right: Output, of = scope) {
  const steps = discoverySteps(of).map((step) => ({
    ...step,
    outputs: [[wordOf(step) === 'left /note' ? left : wordOf(step) === 'right /note' ? right : said('1.0\n')]],
  }));
  return discover(of, { inventory: inventoryOf(pack), steps } as unknown as Evidence);
}

describe('settings that the hosts know', () => {
  it('are asked of both, and the release with them', () => {
    expect(discoverySteps(scope).map(wordOf)).toEqual(['left /note', 'right /note', 'left /version', 'right /version']);
    const { build: _, ...plain } = pack;
    expect(discoverySteps({ ...scope, pack: plain }).map(wordOf)).toEqual(['left /note', 'right /note']);
  });

  const away = said('', { exit: null, problem: 'unreachable', problemAt: 'host' });
  it.each<[string, Output, Output, ReturnType<typeof found>]>([
    [
      "are the pair's where both agree",
      said('/data\n'),
      said('/data\n'),
      { settings: { disk: '/data' }, byHost: {}, gaps: [] },
    ],
    [
      "are a host's own where they differ",
      said('/data\n'),
      said('/other\n'),
      { settings: {}, byHost: { left: { disk: '/data' }, right: { disk: '/other' } }, gaps: [] },
    ],
    [
      'are of the one that answered',
      said('/data\n'),
      away,
      { settings: {}, byHost: { left: { disk: '/data' } }, gaps: ['disk on right: could not be reached'] },
    ],
    [
      'are of the other that answered',
      away,
      said('/data\n'),
      { settings: {}, byHost: { right: { disk: '/data' } }, gaps: ['disk on left: could not be reached'] },
    ],
    [
      'are none where they have another form',
      said('data\n'),
      said('data\n'),
      {
        settings: {},
        byHost: {},
        gaps: [
          'disk on left: the answer "data" is no value of this setting',
          'disk on right: the answer "data" is no value of this setting',
        ],
      },
    ],
  ])('%s', (_, left, right, wanted) => {
    expect(found(left, right)).toEqual(wanted);
  });

  it('stand beside each other', () => {
    const two = scopeOf({ ...pack, discover: { disk: 'note.line', limit: 'size.value' } });
    const own = { left: { disk: '/data' }, right: { disk: '/other' } };
    expect(found(said('/data\n'), said('/other\n'), two)).toMatchObject({ byHost: own });
    expect(found(said('5\n'), said('6\n'), two).byHost).toEqual({ left: { limit: 5 }, right: { limit: 6 } });
    const both = scopeOf({ ...pack, discover: { disk: 'note.line', base: 'note.line' } });
    expect(found(said('/a\n'), said('/b\n'), both).byHost).toEqual({
      left: { disk: '/a', base: '/a' },
      right: { disk: '/b', base: '/b' },
    });
  });
});
