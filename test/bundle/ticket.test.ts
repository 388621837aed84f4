import { describe, expect, it } from 'vitest';
import { type Sealed, summaryOf } from '../../src/bundle/ticket.js';
import type { Finding, Report } from '../../src/core/model.js';
import { judgeEvidence } from '../../src/judge/report.js';
import { scopeOfEvidence } from '../../src/plan/scope.js';
import { brought, collected, said, scopeOf } from '../support.js';

const archive: Sealed = { name: 'a.tar.gz', bytes: 1234, sha256: 'f'.repeat(64), pseudonyms: [] };
const evidence = await collected(scopeOf(brought), (host, { argv }) =>
  argv[0] === 'uname' && argv[1] === '-r' ? said(`5.14.0-${host}\n`) : undefined,
);
const report = judgeEvidence(scopeOfEvidence(brought, evidence), evidence, 'blocker');
const linesOf = (over: Partial<Report> = {}, sealed: Partial<Sealed> = {}) =>
  summaryOf({ ...report, ...over }, { ...archive, ...sealed }).split('\n');

describe('the summary for a ticket', () => {
  it('begins with product, release, phase and what the gate decided, then when and where', () => {
    const [first, second] = linesOf();
    expect(first).toMatch(
      /^Alation HA, release 2021\.4 \(build 10\.0\.0\.147420\), phase preflight: (PASSED|FAILED|INCOMPLETE)/,
    );
    expect(second).toMatch(
      /^Taken 2026-11-21 04:41 UTC with pairflight \S+ on primary 10\.0\.0\.1, secondary 10\.0\.0\.2; /,
    );
    for (const [verdict, count] of Object.entries(report.summary))
      if (count > 0) expect(second).toContain(`${count} ${verdict}`);
  });

  it('names each failing rule with its message, what could not be verified, and the archive', () => {
    const text = linesOf();
    const failing = report.findings.filter(({ verdict }) => verdict === 'fail');
    expect(failing.map(({ rule }) => rule)).toContain('alation/same-kernel');
    for (const { key, message } of failing)
      expect(text.find((line) => line.startsWith(`- ${key} (`))).toContain(message.slice(0, 100));
    const open = report.findings.filter(({ verdict }) => verdict === 'unknown');
    expect(text.slice(text.indexOf('Could not be verified on this pair:') + 1, -1)).toEqual(
      expect.arrayContaining(open.map(({ key }) => expect.stringContaining(key))),
    );
    for (const { what } of report.notVerified) expect(text).toContain(`- ${what}`);
    expect(text.at(-2)).toContain(`a.tar.gz, 1234 bytes, SHA-256 ${'f'.repeat(64)}.`);
  });

  it('says what stands under pseudonyms, and whose word stands for what was not verified', () => {
    expect(linesOf({}, { pseudonyms: ['addresses', 'users'] }).at(-2)).toContain('under pseudonyms: addresses, users.');
    const [one] = report.notVerified;
    if (!one) throw new Error('all is verified');
    const attested = { what: one.id, by: 'ops', when: '2026-01-01', until: '2030-01-01' };
    expect(linesOf({ notVerified: [{ ...one, attested }] })).toContain(`- ${one.what} (attested by ops)`);
    expect(linesOf({ notVerified: [{ ...one, attested: { ...attested, expired: true } }] })).toContain(`- ${one.what}`);
  });

  it('names a host by name and role where they differ, and says when the release is not known', () => {
    const hosts = [{ name: 'host-1', role: 'primary', address: '198.18.1.1' }];
    const [first, second] = linesOf({ hosts, product: { ...report.product, release: null, build: null } });
    expect(first).toMatch(/^Alation HA, release not known, phase/);
    expect(second).toContain('on host-1 (primary) 198.18.1.1;');
  });

  it('leaves out no failing rule without saying so, and keeps a waived one out of the failed', () => {
    const [failed] = report.findings.filter(({ verdict }) => verdict === 'fail');
    if (!failed) throw new Error('nothing fails');
    const many = Array.from({ length: 25 }, (_, at): Finding => ({ ...failed, key: `${failed.rule} [${at}]` }));
    const text = linesOf({ findings: many });
    expect(text.filter((line) => line.startsWith(`- ${failed.rule}`))).toHaveLength(20);
    expect(text).toContain('- and 5 more findings in the archive');
    const waivedBy = { rule: failed.rule, reason: 'r', owner: 'o', until: '2030-01-01' };
    expect(linesOf({ findings: [{ ...failed, waivedBy }] })).not.toContain('Failed:');
  });

  it('keeps what a host says on one line, without what a terminal obeys', () => {
    const [failed] = report.findings.filter(({ verdict }) => verdict === 'fail');
    if (!failed) throw new Error('nothing fails');
    const message = 'x\x1b[2J\nFailed:\n- forged \u202e';
    const text = summaryOf({ ...report, findings: [{ ...failed, message }] }, archive);
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/);
    expect(text.split('\n').filter((line) => line === 'Failed:')).toHaveLength(1);
    expect(text).toContain('x\\x1b[2J Failed: - forged \\u202e');
  });
});
