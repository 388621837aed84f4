import { it } from 'vitest';
import { loadDemo } from '../../src/demo/index.js';
import { playPreflight } from './run.js';
for (const { name } of loadDemo('rules/alation').scenarios) it(name, async () => {
  const { report, logins, noise } = await playPreflight(name, name === 'sudo-password' ? 'demo' : undefined);
  console.log(name, report.run.exitCode, JSON.stringify(report.summary), report.product, logins, noise, '\n' + report.findings.filter(f => f.verdict !== 'pass').map((f) => `${f.verdict} ${f.key} ${f.severity}: ${f.message} ${f.blockedBy ?? ''}`).join('\n'));
}, 60000);
