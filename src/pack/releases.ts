/** Release names and builds of a product, their order, and the bounds that rules put on them. Knows no product: the table comes from the pack. */

/** One series: its name in the documents and, where known, its number on the build line. In chronological order. */
export interface ReleaseSeries {
  name: string;
  build?: string;
}

export type Decision = 'yes' | 'no' | 'undecided';

/** A release or build as a point: on the build line (majors below 1000) or on the line of year-numbered releases. */
export interface Release {
  line: 'build' | 'year';
  numbers: number[];
}

/** One comparison of a bound. */
interface Limit {
  operator: string;
  limit: Release;
}

/** Reads names and builds in every form the documents use, and decides bounds such as `<=4.7`, `4.0-4.7`, `<V R5`. */
export class Releases {
  /** By bound: judging decides the same few bounds for every rule and host. */
  private readonly known = new Map<string, Limit[]>();

  constructor(readonly table: readonly ReleaseSeries[]) {}

  /** `4.7`, `V R5`, `V R5 (5.9.3)`, `2021.4.1.0`, `10.0.0.147420`, `5-17-0-116556`, `Build 5.17.0`; undefined: not a release. */
  parse(text: string): Release | undefined {
    const plain = text.trim().replace(/^build\s+/i, '');
    // Dashes stand between the four numbers of a build, and nowhere else: `4.0-4.7` is a range.
    const numbers = /(?:^|[\s(])(\d+(?:\.\d+)+|\d+(?:-\d+){3})\)?$/.exec(plain)?.[1];
    const word = (numbers === undefined ? plain : plain.slice(0, plain.length - (numbers.length + 1)))
      .replace(/[\s(]/g, '')
      .toLowerCase();
    const named = this.table.find((series) => series.name.replace(/\s/g, '').toLowerCase() === word);
    if (numbers !== undefined) {
      const plainNumbers = plain === numbers || plain === `${numbers})`;
      if (plainNumbers) return point(numbers);
      const own =
        named?.build === undefined ? undefined : compareSeries(point(numbers).numbers, point(named.build).numbers);
      // A name beside another series' number says two things at once.
      return named === undefined || (own !== undefined && own !== 0) ? undefined : point(numbers);
    }
    if (named) return point(named.build ?? named.name);
    return /^\d+$/.test(plain) && Number(plain) < 1000 ? point(plain) : undefined;
  }

  /** The series' name for a build or release, where the table knows it. */
  nameOf(release: Release): string | undefined {
    return this.table.findLast((series) => {
      const own = point(release.line === 'build' ? (series.build ?? '') : series.name);
      return own.line === release.line && compareSeries(release.numbers, own.numbers) === 0;
    })?.name;
  }

  /** Whether a release lies within a bound; `undecided` where the table cannot place a build against a name. */
  decide(bound: string, release: Release | undefined): Decision {
    if (bound === '*') return 'yes';
    if (release === undefined) return 'undecided';
    const decisions = this.limits(bound).map(({ operator, limit }) =>
      decideOne(operator, this.compare(release, limit)),
    );
    if (decisions.includes('no')) return 'no';
    return decisions.includes('undecided') ? 'undecided' : 'yes';
  }

  /** Whether two statements about one host's release can both be true. */
  agree(a: Release, b: Release): boolean {
    const order = this.compare(a, b);
    if (a.line === b.line) return order === 0 || this.compare(b, a) === 0;
    return order === undefined || order === 0;
  }

  /** What is wrong with a bound, or undefined; for the checking of packs. */
  faultOf(bound: string): string | undefined {
    if (bound === '*') return undefined;
    try {
      this.limits(bound);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  private limits(bound: string): Limit[] {
    const known = this.known.get(bound) ?? this.readLimits(bound);
    this.known.set(bound, known);
    return known;
  }

  private readLimits(bound: string): Limit[] {
    return bound.split(/\s*,\s*/).flatMap((part) => {
      const [, operator = '=', rest = ''] = /^(<=|>=|<|>)?\s*(.+)$/.exec(part) ?? [];
      const whole = this.parse(rest);
      if (whole) return [{ operator, limit: whole }];
      const [from, to, ...more] = rest.split(/\s*-\s*/).map((end) => this.parse(end));
      if (operator === '=' && from && to && more.length === 0 && this.compare(from, to) !== 1) {
        return [
          { operator: '>=', limit: from },
          { operator: '<=', limit: to },
        ];
      }
      throw new Error(`"${part}" is not a release bound; right are "*", ">=4.8", "<=4.7", "4.0-4.7", "<V R5"`);
    });
  }

  /** -1, 0 or 1 as the release lies before, in or after the limit's series; undefined where the table cannot tell. */
  private compare(release: Release, limit: Release): number | undefined {
    if (release.line === limit.line) return compareSeries(release.numbers, limit.numbers);
    const known = this.table.flatMap((series) => {
      const own = point(series.name);
      return own.line === 'year' && series.build !== undefined
        ? [{ name: own.numbers, build: point(series.build).numbers }]
        : [];
    });
    const name = release.line === 'year' ? release.numbers : limit.numbers;
    const same = known.find((series) => compareSeries(name, series.name) === 0);
    if (release.line === 'year') {
      if (same) return compareSeries(same.build, limit.numbers);
      const side = this.sideOf(limit.numbers, name, known);
      return side === undefined ? undefined : 0 - side;
    }
    if (!same) return this.sideOf(release.numbers, name, known);
    const order = compareSeries(release.numbers, same.build);
    // Within one series nobody knows which build 2021.4.3 is.
    return order === 0 && name.length > same.name.length ? undefined : order;
  }

  /** Places a build before (-1) or after (1) a year-numbered name by the nearest names whose builds are known. */
  private sideOf(build: number[], name: number[], known: { name: number[]; build: number[] }[]): number | undefined {
    // Every release that is named by its build, or V R, is older than those named by the year.
    const oldest = this.table
      .flatMap((series) => (point(series.name).line === 'build' && series.build ? [point(series.build).numbers] : []))
      .at(-1);
    const before = known.findLast((series) => compareSeries(series.name, name) === -1)?.build ?? oldest;
    const after = known.find((series) => compareSeries(series.name, name) === 1)?.build;
    const [toBefore, toAfter] = [before && compareSeries(build, before), after && compareSeries(build, after)];
    if (toBefore === -1 || toBefore === 0) return -1;
    return toAfter === 1 || toAfter === 0 ? 1 : undefined;
  }
}

function decideOne(operator: string, order: number | undefined): Decision {
  if (order === undefined) return 'undecided';
  const holds = { '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0, '=': order === 0 }[operator];
  return holds ? 'yes' : 'no';
}

function point(text: string): Release {
  const numbers = text
    .split(/[.-]/)
    .map(Number)
    .filter((number) => Number.isInteger(number));
  return { line: (numbers[0] ?? 0) >= 1000 ? 'year' : 'build', numbers };
}

/**
 * Compares as far as the limit names parts: 4.7.3 lies in the series 4.7. A release that names fewer parts is a series
 * itself: whether 4.7 lies before 4.7.2 is undefined.
 */
function compareSeries(numbers: number[], limit: number[]): -1 | 0 | 1 | undefined {
  for (const [index, wanted] of limit.entries()) {
    const own = numbers[index];
    if (own === undefined) return undefined;
    if (own !== wanted) return own < wanted ? -1 : 1;
  }
  return 0;
}
