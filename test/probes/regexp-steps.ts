/**
 * How many steps a backtracking engine takes to match a pattern: the work itself, which no clock disturbs. It knows what patterns
 * of this project are made of, and refuses any other.
 */

type Next = (at: number) => boolean;
type Node = (text: string, at: number, next: Next) => boolean;

let steps = 0;

/** The steps of one `exec` from an index on. */
export function stepsOf({ source, flags }: RegExp, text: string, from: number): number {
  const key = `/${source}/${flags}`;
  const node = compiled.get(key) ?? new Parser(source, flags).whole();
  compiled.set(key, node);
  steps = 0;
  groups = [];
  for (let at = from; at <= text.length; at += 1) if (node(text, at, () => true) || flags.includes('y')) break;
  return steps;
}

const compiled = new Map<string, Node>();
/** What groups of the present match hold, for references back to them. */
let groups: (string | undefined)[] = [];

class Parser {
  private at = 0;
  private count = 0;
  private readonly names: string[] = [];

  constructor(
    private readonly source: string,
    private readonly flags: string,
  ) {}

  whole(): Node {
    const node = this.alternatives();
    if (this.at < this.source.length) throw new Error(`what is ${this.source.slice(this.at)} in /${this.source}/?`);
    return node;
  }

  private alternatives(): Node {
    const options = [this.sequence()];
    while (this.take('|')) options.push(this.sequence());
    return options.length === 1
      ? (options[0] as Node)
      : (text, at, next) => {
          steps += 1;
          return options.some((option) => option(text, at, next));
        };
  }

  private sequence(): Node {
    const items: Node[] = [];
    while (this.at < this.source.length && !'|)'.includes(this.source[this.at] ?? '')) items.push(this.repeated());
    const run = (text: string, at: number, index: number, next: Next): boolean =>
      index === items.length ? next(at) : (items[index] as Node)(text, at, (end) => run(text, end, index + 1, next));
    return (text, at, next) => run(text, at, 0, next);
  }

  private repeated(): Node {
    const { node, fits } = this.atom();
    const [whole, low, comma, high] = /^(?:[*+?]|\{(\d+)(,(\d*))?\})/.exec(this.source.slice(this.at)) ?? [];
    if (whole === undefined) return node;
    this.at += whole.length;
    const lazy = this.take('?');
    const min = low !== undefined ? Number(low) : whole === '+' ? 1 : 0;
    const max = low === undefined ? (whole === '?' ? 1 : Infinity) : !comma ? min : high ? Number(high) : Infinity;
    if (fits) return ofOne(fits, min, max, lazy);
    const again = (text: string, at: number, times: number, next: Next): boolean => {
      const more = () => times < max && node(text, at, (end) => end !== at && again(text, end, times + 1, next));
      steps += 1;
      if (lazy) return (times >= min && next(at)) || more();
      return more() || (times >= min && next(at));
    };
    return (text, at, next) => again(text, at, 0, next);
  }

  /** One part; `fits` where it is a single character. */
  private atom(): { node: Node; fits?: (char: string) => boolean } {
    if (this.take('(')) return { node: this.group() };
    const rest = this.source.slice(this.at);
    const [reference] = /^\\(?:[1-9]|k<\w+>)/.exec(rest) ?? [];
    if (reference !== undefined) {
      this.at += reference.length;
      const index = reference.startsWith('\\k') ? this.names.indexOf(reference.slice(3, -1)) : Number(reference[1]);
      return {
        node: (text, at, next) => {
          steps += 1;
          const said = groups[index] ?? '';
          return text.startsWith(said, at) && next(at + said.length);
        },
      };
    }
    const [edge] = /^(?:[\^$]|\\[bB])/.exec(rest) ?? [];
    if (edge !== undefined) {
      this.at += edge.length;
      return { node: this.edge(edge) };
    }
    const [one = ''] =
      /^(?:\[(?:\\.|[^\]\\])*\]|\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[A-Z]|.)|.)/s.exec(
        rest,
      ) ?? [];
    this.at += one.length;
    const pattern = new RegExp(`^(?:${one})$`, this.flags.replace(/[gym]/g, ''));
    const known = new Map<string, boolean>();
    const fits = (char: string) => {
      const before = known.get(char);
      if (before !== undefined) return before;
      const is = Reflect.apply(exec, pattern, [char]) !== null;
      known.set(char, is);
      return is;
    };
    return { fits, node: ofOne(fits, 1, 1, false) };
  }

  private group(): Node {
    const [kind = '', name] = /^\?(?:[:=!]|<[=!]|<(\w+)>)/.exec(this.source.slice(this.at)) ?? [];
    this.at += kind.length;
    const captures = kind === '' || name !== undefined;
    const index = captures ? ++this.count : 0;
    if (name !== undefined) this.names[index] = name;
    const inner = this.alternatives();
    if (!this.take(')')) throw new Error(`a group without its end in /${this.source}/`);
    if (captures)
      return (text, at, next) =>
        inner(text, at, (end) => {
          const before = groups[index];
          groups[index] = text.slice(at, end);
          if (next(end)) return true;
          groups[index] = before;
          return false;
        });
    if (kind === '?:') return inner;
    const wanted = kind.endsWith('=');
    if (kind === '?=' || kind === '?!') return (text, at, next) => inner(text, at, () => true) === wanted && next(at);
    // What looks back is short here: from each of the places before, it must end at this one.
    return (text, at, next) => {
      let found = false;
      for (let start = at; start >= 0 && start >= at - 8 && !found; start -= 1)
        found = inner(text, start, (end) => end === at);
      return found === wanted && next(at);
    };
  }

  private edge(edge: string): Node {
    const lines = this.flags.includes('m');
    const word = (char: string | undefined) => char !== undefined && Reflect.apply(exec, /\w/, [char]) !== null;
    const holds: Record<string, (text: string, at: number) => boolean> = {
      '^': (text, at) => at === 0 || (lines && text[at - 1] === '\n'),
      $: (text, at) => at === text.length || (lines && text[at] === '\n'),
      '\\b': (text, at) => word(text[at - 1]) !== word(text[at]),
      '\\B': (text, at) => word(text[at - 1]) === word(text[at]),
    };
    return (text, at, next) => {
      steps += 1;
      return holds[edge]?.(text, at) === true && next(at);
    };
  }

  private take(char: string): boolean {
    if (this.source[this.at] !== char) return false;
    this.at += 1;
    return true;
  }
}

/** One character, again and again. */
function ofOne(fits: (char: string) => boolean, min: number, max: number, lazy: boolean): Node {
  return (text, at, next) => {
    let end = at;
    const more = () => {
      steps += 1;
      return end - at < max && end < text.length && fits(text[end] as string);
    };
    if (lazy) {
      while (end - at < min)
        if (more()) end += 1;
        else return false;
      for (;;) {
        if (next(end)) return true;
        if (!more()) return false;
        end += 1;
      }
    }
    while (more()) end += 1;
    for (; end - at >= min; end -= 1) {
      steps += 1;
      if (next(end)) return true;
    }
    return false;
  };
}

const { exec } = RegExp.prototype;

/** The steps that each pattern takes on long texts while something is done, by pattern. */
export function stepsWhile(work: () => void, long: number): Map<string, number> {
  const counted = new Map<string, number>();
  RegExp.prototype.exec = function (this: RegExp, text: string) {
    if (text.length >= long) {
      const from = this.global || this.sticky ? this.lastIndex : 0;
      RegExp.prototype.exec = exec;
      counted.set(`${this}`, (counted.get(`${this}`) ?? 0) + stepsOf(this, text, from));
      RegExp.prototype.exec = counting;
    }
    return Reflect.apply(exec, this, [text]);
  };
  const counting = RegExp.prototype.exec;
  try {
    work();
  } finally {
    RegExp.prototype.exec = exec;
  }
  return counted;
}
