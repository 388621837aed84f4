/** `; did you mean "x"?` for a near miss, else the words there are. */
export function suggestion(word: string, known: string[]): string {
  const ranked = known.map((candidate) => ({ candidate, far: distance(word.toLowerCase(), candidate.toLowerCase()) }));
  const near = ranked
    .filter(({ far }) => far <= Math.min(2, word.length / 2))
    .toSorted((a, b) => a.far - b.far)[0]?.candidate;
  if (near !== undefined) return `; did you mean "${near}"?`;
  if (known.length <= MOST_KNOWN) return known.length === 0 ? '' : `; known: ${known.join(', ')}`;
  const nearest = ranked.toSorted((a, b) => a.far - b.far).slice(0, 3);
  return `; known: ${nearest.map(({ candidate }) => candidate).join(', ')} and ${known.length - nearest.length} more`;
}

/** Levenshtein distance of two words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** More words than these are no help: the nearest are named, the others counted. */
const MOST_KNOWN = 20;
