/**
 * Regenerates what is generated and committed, so that CI can compare: one example of each report from the demo's default
 * pair; and for each pack its page and the plans of its phases and releases.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demo } from '../dist/cli/commands/demo.js';
import { judgeEvidence } from '../dist/judge/report.js';
import { planText } from '../dist/plan/text.js';
import { inventoryFromHosts } from '../dist/cli/host-option.js';
import { packPage } from '../dist/authoring/pack-page.js';
import { loadPack, packDir, packIndex } from '../dist/pack/load.js';
import { planSteps } from '../dist/plan/steps.js';
import { reporters } from '../dist/reporters/index.js';
import { loadRequirements } from '../dist/authoring/requirements.js';
import { scopeOf, scopeOfEvidence } from '../dist/plan/scope.js';

const examples = fileURLToPath(new URL('./examples/', import.meta.url));
const TAKEN = '2026-01-31T02:00:00.000Z';
const SECONDS = Date.parse(TAKEN) / 1000;
const FINISHED = '2026-01-31T02:00:01.000Z';

const folder = mkdtempSync(join(tmpdir(), 'pairflight-generate-'));
try {
  const file = join(folder, 'evidence.json');
  await demo.run({ list: false, phase: 'preflight', failOn: 'blocker', color: false, evidence: file, report: [`json=${join(folder, 'report.json')}`] });
  const evidence = steady(JSON.parse(readFileSync(file, 'utf8')));
  const scope = scopeOfEvidence(loadPack(packDir(evidence.inventory.product)), evidence);
  const report = judgeEvidence(scope, evidence, 'blocker');
  const names = { github: 'report.github.txt', json: 'report.json', junit: 'report.junit.xml', markdown: 'report.md', prometheus: 'report.prom', table: 'report.txt' };
  for (const [format, reporter] of Object.entries(reporters)) {
    writeFileSync(join(examples, names[format] ?? `report.${format}`), await reporter(report, { color: false, columns: 100 }));
  }
  writeFileSync(join(examples, 'evidence.json'), `${JSON.stringify(evidence, null, 1)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

for (const name of packIndex().packs) {
  const pack = loadPack(packDir(name));
  writeFileSync(join(pack.dir, 'README.md'), packPage(pack, loadRequirements(pack)));
  writePlans(pack);
}

/** Every command that would run, per phase and release: without a release, and with each that bounds a rule's. */
function writePlans(pack) {
  const folder = join(pack.dir, 'plans');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const hosts = exampleHosts(pack);
  for (const phase of Object.keys(pack.phases)) {
    for (const release of [undefined, ...releasesWithPlans(pack)]) {
      const { scope } = scopeOf(inventoryFromHosts(hosts), { product: pack.name, release, phases: [phase] });
      const file = `${phase}-${release === undefined ? 'any-release' : release.replaceAll(' ', '-')}.txt`;
      writeFileSync(join(folder, file), planText(scope, planSteps(scope)));
    }
  }
}

/** The pair, two hosts where a role has many, and one endpoint of each kind, asked from the first host. */
function exampleHosts({ pair, roles }) {
  const logins = pair.flatMap((role) => (roles[role].count.endsWith('..') ? [role, role] : [role]));
  const endpoints = Object.keys(roles).filter((role) => roles[role].endpoint);
  const [first] = pair;
  const via = logins.filter((role) => role === first).length > 1 ? `${first}-1` : first;
  return [
    ...logins.map((role, index) => `${role}=db-${index + 1},address=10.0.0.${index + 1}`),
    ...endpoints.map((role, index) => `${role}=10.0.1.${index + 1},via=${via}`),
  ];
}

/** The named releases at which the set of rules changes, each once. */
function releasesWithPlans(pack) {
  const seen = new Set();
  return pack.releases.table.flatMap(({ name }) => {
    const release = pack.releases.parse(name);
    const meant = pack.rules.map((rule) => pack.releases.decide(rule.releases, release)).join();
    if (seen.has(meant)) return [];
    seen.add(meant);
    return [name];
  });
}

/** Times, keys and counts differ from run to run; here they must not. */
function steady(evidence) {
  return {
    ...evidence,
    tool: { ...evidence.tool, version: '0.0.0' },
    takenAt: TAKEN,
    finishedAt: FINISHED,
    connections: evidence.connections.map((connection) => ({
      ...connection,
      ...(connection.hostKey && { hostKey: { ...connection.hostKey, sha256: keyOf(connection.host) } }),
      shells: 4,
      bytes: 20_000,
    })),
    steps: evidence.steps.map((step) => ({
      ...step,
      outputs: step.outputs.map((sample) =>
        steadyTimes(step.probe, sample).map((output) => ({ ...output, stdout: steadyKey(output.stdout, step.subject.host), startedAt: TAKEN, durationMs: 0 })),
      ),
    })),
    redaction: { ...evidence.redaction, tokenKeyId: '0000000000000000' },
  };
}

function keyOf(host) {
  return `SHA256:${host.padEnd(43, '0')}`;
}

function steadyKey(text, host) {
  return host === undefined ? text : text.replace(/SHA256:[A-Za-z0-9+/]{43}/g, keyOf(host));
}

/** Answers that tell the time, or how long something took, tell that of the example. */
function steadyTimes(probe, sample) {
  const says = (stdout) => sample.map(({ problem, problemAt, ...output }) => ({ ...output, exit: 0, stdout, stderr: '' }));
  if (probe === 'clock') return says(`${SECONDS}000000000\n`);
  // This machine may or may not be allowed to send echo requests.
  if (probe === 'ping-from-here') return says('{"sent":3,"received":3,"ms":0.5}\n');
  if (probe !== 'newest-file' && probe !== 'last-write') return sample;
  const now = Number(sample.find(({ stdout }) => /^\d{10}\n$/.test(stdout))?.stdout);
  const steadied = (text) => SECONDS - Math.round((now - Number(text)) / 60) * 60;
  return sample.map((output) => ({ ...output, stdout: output.stdout.replace(/^\d{10}(?=[ \n])/gm, steadied) }));
}
