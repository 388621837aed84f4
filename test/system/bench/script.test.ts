/** The script of the manual is what it says of itself, and who was not told its facts is found out. */
import { describe, expect, it } from 'vitest';
import { demandFacts, onHost, sameFacts, script } from './script.js';

describe('the script by hand', () => {
  it('has at most forty lines', () => {
    expect(script.split('\n').length).toBeLessThan(40);
    expect(script).toContain(onHost);
  });

  it('asks both hosts at once, by one ssh with one sh each', () => {
    expect(script.match(/^facts .*&$/gm)).toHaveLength(2);
    expect(script.match(/\$SSH/g)).toHaveLength(1);
  });

  it('neither sleeps nor limits anything but the questions about ports', () => {
    expect(onHost).not.toMatch(/\bsleep\b/);
    expect(onHost.match(/\btimeout\b/g)).toHaveLength(1);
    expect(onHost).toMatch(/timeout 3 bash .*\/dev\/tcp/);
  });

  it('asks nothing twice', () => {
    const lines = onHost.split('\n').filter((line) => line !== '');
    expect(new Set(lines).size).toBe(lines.length);
  });

  it('asks what a run of the same rules judges', () => {
    expect(sameFacts).toHaveLength(13);
  });
});

describe('who asked was told the facts', () => {
  const told = `MemTotal: 64 kB
PRETTY_NAME="Debian"
ALATION_BUILD_VERSION = 147420
alation.cluster.replication_mode = standalone
/usr/bin/rsync
`;

  it('by both hosts', () => {
    expect(() => demandFacts('it', told + told, 2)).not.toThrow();
  });

  it.each([
    ['by one host only', told],
    ['without memory', told + told.replace(/^Mem.*/m, '')],
    ['without a system', told + told.replace(/^PRETTY.*/m, '')],
    ['without a version', told + told.replace(/^ALATION.*/m, 'ALATION_BUILD_VERSION missing')],
    ['without the mode', told + told.replace('standalone', '')],
    ['without a program', told + told.replace(/^.usr.*/m, '')],
  ])('and not %s', (_, said) => {
    expect(() => demandFacts('it', said, 2)).toThrow(/^it was not told /);
  });
});
