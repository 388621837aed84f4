/**
 * What xunit-viewer makes of JUnit files (src/cli/parse.js and get-suites.js). Its parser cannot be had without the server and
 * the editor that it is published with, so its rules stand here, over the XML library that it uses: suites and cases are kept
 * by a hash of 32 bits, of the suite's name, and of name and class; a case is what the first of failure, error, passed and
 * skipped says that it has a child for; a second file's cases take the place of those that have the same hash.
 */
import { parseStringPromise } from 'xml2js';

interface Case {
  $: { name: string; classname: string };
  [child: string]: unknown;
}

interface File {
  testsuites: { testsuite: { $: { name: string }; testcase?: Case[] }[] };
}

const ranks = ['failure', 'error', 'passed', 'skipped', 'unknown'];

/** The status of each case that is shown, after all files were merged. */
export async function xunitViewer(...files: string[]): Promise<{ name: string; status: string }[]> {
  const kept = new Map<string, { name: string; status: string }>();
  for (const file of files) {
    const { testsuites } = (await parseStringPromise(file)) as File;
    for (const suite of testsuites.testsuite) {
      for (const { $: meta, ...children } of suite.testcase ?? []) {
        const found = ranks.find((rank) => rank in children) ?? 'passed';
        kept.set(`${hash(suite.$.name)} ${hash(meta.name + meta.classname)}`, { name: meta.name, status: found });
      }
    }
  }
  return [...kept.values()];
}

function hash(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at++) sum = ((sum << 5) - sum + text.charCodeAt(at)) | 0;
  return sum;
}
