/** The whole demo over both ways to a host: whoever carries the questions, the findings are the same. */
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/model.js';
import { loadDemo } from '../../src/demo/index.js';
import { packDir } from '../../src/pack/load.js';
import { lacking } from '../needs.js';
import { play } from './run.js';

/** Of the second product what goes other ways than the first: HTTP, certificates, what moves, who is not there. */
const others = ['default', 'tls', 'flapping', 'acl-denied', 'split-brain', 'one-instance', 'unreachable-instance'];
const scenarios = [
  ...loadDemo(packDir('alation')).scenarios.map(({ name }) => ['alation', name] as const),
  ...others.map((name) => ['alien4cloud', name] as const),
];

/** What moves while it is asked, and what is told from when it was asked. */
const MOVES = /"(at|high)":|\b\d+ s\b/;

/** What a reader takes from the findings; played hosts have other ports, keys and folders each time. */
function told({ findings, summary, run }: Report): unknown {
  const found = findings.map((finding) => {
    const text = JSON.stringify(finding)
      .replace(/\b(port |\]:|127\.0\.0\.\d:)\d{4,5}\b/g, '$1N')
      .replace(/SHA256:[\w+/]{43}/g, 'SHA256:K')
      .replace(/\/[\w/.-]*pairflight-demo-\w{6}/g, '/demo');
    return MOVES.test(text) ? text.replace(/-?\d+(\.\d+)?( [KMGT]iB| bytes)?/g, 'N') : text;
  });
  return { exit: run.exitCode, summary, found };
}

const why = lacking('ssh');
describe.skipIf(why)(`the same findings over ssh2 and openssh${why}`, { timeout: 60_000 }, () => {
  it.each(scenarios)('%s, %s', async (product, scenario) => {
    const given = scenario === 'sudo-password' ? { sudoPassword: 'open-sesame' } : {};
    const [one, other] = await Promise.all(
      (['ssh2', 'openssh'] as const).map((transport) => play(scenario, { product, transport, ...given })),
    );
    expect(one && other).toBeDefined();
    if (!one || !other) return;
    expect(told(other.report)).toEqual(told(one.report));
    expect(other.logins).toEqual(one.logins);
    expect(other.noise).toEqual(one.noise);
  });
});
