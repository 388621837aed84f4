/** Evidence of played pairs, collected over the real SSH path, for tests that spoil it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demo } from '../../../src/cli/commands/demo.js';
import type { Evidence, Finding } from '../../../src/core/model.js';
import { Judging } from './judging.js';

/** The evidence that a run against a demo scenario saves. */
export async function evidenceOf(scenario: string, phase = 'preflight'): Promise<Evidence> {
  const folder = mkdtempSync(join(tmpdir(), 'pairflight-test-'));
  try {
    const evidence = join(folder, 'evidence.json');
    await demo.run({
      scenario,
      list: false,
      phase,
      failOn: 'blocker',
      color: false,
      evidence,
      report: [`json=${join(folder, 'r')}`],
    });
    return JSON.parse(readFileSync(evidence, 'utf8')) as Evidence;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The findings on evidence under today's rules. */
export function findingsOf(evidence: Evidence): Finding[] {
  return new Judging(evidence).before;
}
