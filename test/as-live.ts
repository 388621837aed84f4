/** A report on saved evidence, as the live run wrote it: without the word that says what it was judged from. */
export function asLive(json: string): string {
  const live = json.replace(/,\n {4}"judgedFrom": \{[\s\S]*?\n {4}\}/, '');
  if (live === json) throw new Error('this report does not say what it was judged from');
  return live;
}
