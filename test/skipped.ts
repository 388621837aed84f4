/** Tells once, at the end of a run, which tests this machine could not run, and what would let it. */
import type { Reporter, TestModule } from 'vitest/node';

/** A line such as `329 tests need jq, sshd: `bash .ci/run` installs them`; nothing where every test ran. */
export default class Skipped implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const needs = new Set<string>();
    let count = 0;
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        // The end that `lacking` gives the name of a test, or of what it stands in.
        const named = [...test.fullName.matchAll(/ \(needs ([^)]+)\)/g)].flatMap(([, names = '']) => names.split(', '));
        if (named.length > 0) count += 1;
        for (const name of named) needs.add(name);
      }
    }
    if (count === 0) return;
    const said = `${count} tests need ${[...needs].sort().join(', ')}: \`bash .ci/run\` installs them`;
    process.stdout.write(`\n${said}\n`);
  }
}
