/** Debian's node_exporter reads what `--report prometheus` writes: several pairs, hostile names, and a call that did not run. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Report } from '../../src/core/model.js';
import { didNotRun, prometheus } from '../../src/reporters/prometheus.js';
import { lacking, programPath } from '../needs.js';
import { makeFinding, makeReport, mixedReport } from './report.js';

const why = lacking('prometheus-node-exporter');
const folder = mkdtempSync(join(tmpdir(), 'pairflight-textfile-'));
const measures: Report['measures'] = [
  { name: 'lagBytes', host: 'primary', value: 4096 },
  { name: 'freeBytes', host: 'a "b" \\ \n\u202e', path: '/data', value: 7e10 },
];
const named = (pair: string) => prometheus(makeReport([makeFinding()], { measures }, { pair }));
let exporter: ChildProcess | undefined;
let address = '';

beforeAll(async () => {
  writeFileSync(join(folder, 'billing.prom'), named('billing'));
  writeFileSync(join(folder, 'mixed.prom'), prometheus(mixedReport()).replaceAll('pair="billing"', 'pair="mixed"'));
  writeFileSync(join(folder, 'odd.prom'), named('"} 1\nup 1\n\\'));
  writeFileSync(join(folder, 'gone.prom'), didNotRun('gone', ''));
  if (why) return;
  const options = ['--collector.disable-defaults', '--collector.textfile', '--web.listen-address=127.0.0.1:0'];
  exporter = spawn(programPath('prometheus-node-exporter') ?? '', [
    ...options,
    `--collector.textfile.directory=${folder}`,
  ]);
  address = await new Promise((resolve, reject) => {
    let said = '';
    exporter?.stderr?.on('data', (chunk) => {
      said += chunk;
      const [, found] = /[Ll]istening on.*address=(127\.0\.0\.1:\d+)/.exec(said) ?? [];
      if (found) resolve(found);
    });
    exporter?.on('exit', () => reject(new Error(said)));
  });
});

afterAll(() => {
  exporter?.kill();
  rmSync(folder, { recursive: true });
});

describe('node_exporter', () => {
  it.skipIf(why)(`takes every series of every file, without an error${why}`, async () => {
    const scraped = await (await fetch(`http://${address}/metrics`)).text();
    expect(scraped).toMatch(/^node_textfile_scrape_error 0$/m);
    expect(scraped).not.toMatch(/^up /m);
    const own = scraped.split('\n').filter((line) => line.startsWith('pairflight_'));
    const written = ['billing', 'mixed', 'odd', 'gone'].flatMap((name) =>
      readFileSync(join(folder, `${name}.prom`), 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('pairflight_')),
    );
    expect(own).toHaveLength(written.length);
    expect(own).toContain('pairflight_ran{pair="gone",phase=""} 0');
    expect(own).toContain('pairflight_ran{pair="billing",phase="preflight"} 1');
    const promtool = programPath('promtool');
    if (promtool) execFileSync(promtool, ['check', 'metrics'], { input: own.length > 0 ? named('billing') : '' });
  });
});

describe('the alerts that are shipped', () => {
  const file = fileURLToPath(new URL('../../reports/recipes/prometheus-alerts.yml', import.meta.url));

  it('name metrics that there are', () => {
    const { groups } = parse(readFileSync(file, 'utf8')) as { groups: { rules: { alert: string; expr: string }[] }[] };
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.map(({ alert }) => alert)).toEqual(['PairflightGateDoesNotPass', 'PairflightStoppedRunning']);
    const metrics = new Set(named('billing').match(/^pairflight_\w+/gm));
    for (const name of rules.flatMap(({ expr }) => expr.match(/pairflight_\w+/g) ?? []))
      expect(metrics).toContain(name);
    const promtool = programPath('promtool');
    if (promtool) execFileSync(promtool, ['check', 'rules', file]);
  });
});
