/**
 * `npm run mutate`: changes the code, one place at a time, and tells which changes no test notices. Of files or folders, or of all
 * that scope.ts names and of the packs: writes their scores down. `--sample SECONDS --seed TEXT`: some mutants of the files that are held to their
 * list. `--rules`: the packs, whose cases are their tests.
 */
import { parseArgs } from 'node:util';
import { instrument, type Mutant } from './instrument.js';
import { rulesHold } from './rules.js';
import { sampledFiles, sampledMutants } from './sample.js';
import { grouped, mutated } from './scope.js';
import { AT_LEAST, counted, isHeld, lives, percent, reached, readScores, scoreOf, writeScore } from './scores.js';
import { survivorOf } from './survivors.js';
import { tryAll } from './try-all.js';

const say = (line: string) => process.stdout.write(`${line}\n`);
const place = ({ file, line, change }: Mutant) => `${file}:${line}: ${change}`;

/** The exit code: 1 where a survivor is not listed, or a score is too low. */
export async function mutate(given: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: given,
    allowPositionals: true,
    options: { sample: { type: 'string' }, seed: { type: 'string' }, rules: { type: 'boolean' } },
  });
  if (values.rules) return rulesHold(say) ? 0 : 1;
  if (values.sample === undefined) {
    const holds = await whole(positionals);
    return (positionals.length > 0 || rulesHold(say)) && holds ? 0 : 1;
  }
  return (await sample(Number(values.sample), values.seed ?? '')) ? 0 : 1;
}

const isWithin = (file: string, wanted: string) => file === wanted || file.startsWith(`${wanted.replace(/\/$/, '')}/`);

/** All mutants of some files; their scores are written down. */
async function whole(wanted: string[]): Promise<boolean> {
  const all = mutated();
  const strange = wanted.filter((one) => !all.some(({ file }) => isWithin(file, one)));
  if (strange.length > 0) throw new Error(`test/mutation/scope.ts names nothing of ${strange.join(', ')}`);
  const rows = all.filter(({ file }) => wanted.length === 0 || wanted.some((one) => isWithin(file, one)));
  let holds = true;
  for (const group of grouped(rows)) {
    const made = await instrument(group.map(({ file }) => file));
    say(`${made.mutants.length} mutants in ${group.length} files`);
    const wantedIds = made.mutants.map(({ id }) => id);
    const came = await tryAll({
      ...made,
      wanted: wantedIds,
      tests: group[0]?.judgedBy ?? [],
      until: Number.MAX_SAFE_INTEGER,
    });
    for (const { file } of group) {
      const { score, open, gone } = scoreOf(
        file,
        made.mutants.filter((one) => one.file === file),
        came,
      );
      writeScore(
        file,
        score,
        all.map((one) => one.file),
      );
      say(`${file}: ${percent(score.noticed, counted(score))} % ${JSON.stringify(score)}`);
      for (const one of open) say(`  ${came.get(one.id)}: line ${one.line}: ${one.change}`);
      for (const { change } of gone) say(`  listed, and no survivor: ${change}`);
      holds &&= isHeld(score) && gone.length === 0;
    }
  }
  return summed() && holds;
}

/** Says what the committed scores come to, and of which files there is none. */
function summed(): boolean {
  const scores = readScores();
  const without = mutated().flatMap(({ file }) => (scores[file] ? [] : [file]));
  const all = Object.values(scores);
  const { noticed, mutants, percent: share, holds } = reached(all);
  const held = all.filter(isHeld).length;
  say(`${all.length} files were tried whole, ${held} of them are held to their list`);
  if (without.length > 0) say(`${without.length} files were not tried whole yet: ${without.join(' ')}`);
  say(`${noticed} of ${mutants} mutants noticed, ${share} %; at least ${AT_LEAST} % have to be`);
  return holds;
}

/** Some mutants, within some seconds: fails on a survivor that is not listed. */
async function sample(seconds: number, seed: string): Promise<boolean> {
  const end = Date.now() + seconds * 1000;
  const scores = readScores();
  const isCandidate = ({ file }: { file: string }) => scores[file] !== undefined && isHeld(scores[file]);
  const files = sampledFiles(seed, mutated().filter(isCandidate));
  const found: Mutant[] = [];
  let [chosen, tried] = [0, 0];
  const groups = grouped(files);
  for (const [index, group] of groups.entries()) {
    const share = (end - Date.now()) / (groups.length - index);
    const until = Date.now() + share;
    const made = await instrument(group.map(({ file }) => file));
    const some = sampledMutants(seed, made.mutants, share / 1000);
    const came = await tryAll({ ...made, wanted: some.map(({ id }) => id), tests: group[0]?.judgedBy ?? [], until });
    chosen += some.length;
    tried += came.size;
    found.push(...some.filter((one) => lives(came.get(one.id)) && !survivorOf(one)));
  }
  say(`sample of ${files.map(({ file }) => file).join(' ')}`);
  say(`${tried} of ${chosen} mutants tried, ${found.length} survivors that are not listed`);
  for (const one of found) say(`  ${place(one)}`);
  if (tried === 0) throw new Error(`no mutant was tried within ${seconds} s`);
  return found.length === 0;
}
