/** Looks at every process of this machine, again and again, for a text in its arguments or its environment. */
import { readdirSync, readFileSync } from 'node:fs';

/** Begins to look; the returned function ends that, and tells where the text was seen and how often was looked. */
export function watchProcesses(text: string): () => { seen: string[]; looks: number } {
  const seen = new Set<string>();
  let looks = 0;
  const look = () => {
    looks += 1;
    for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      for (const file of ['cmdline', 'environ']) {
        if (contentOf(`/proc/${id}/${file}`).includes(text)) seen.add(`${file} of ${contentOf(`/proc/${id}/comm`)}`);
      }
    }
  };
  const timer = setInterval(look, 2);
  return () => {
    clearInterval(timer);
    look();
    return { seen: [...seen], looks };
  };
}

/** A process may end between two looks. */
function contentOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
