/** `*` stands for anything, `?` for one character. Walks once along the id, so that no glob takes long. */
export function globMatches(glob: string, id: string): boolean {
  let at = 0;
  let star = -1;
  let tried = 0;
  for (let index = 0; index < id.length; ) {
    if (glob[at] === '*') {
      star = at;
      tried = index;
      at += 1;
    } else if (glob[at] === '?' || glob[at] === id[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      // The last star takes one character more.
      at = star + 1;
      tried += 1;
      index = tried;
    } else return false;
  }
  return /^\**$/.test(glob.slice(at));
}
