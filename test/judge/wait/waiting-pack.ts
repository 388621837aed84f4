/** A pack for runs that wait: guards, a rule that is cheap to ask again, one that is costly, and one that nobody can be asked about. */
import type { ExecAsk, Finding, Output } from '../../../src/core/model.js';
import { packOf, ruleText, said } from '../../support.js';

/** Named for what waiting can do about them. */
export const waitingPack = packOf(
  [
    ruleText('reached', ['{ every: login.user, equals: login }'], {
      facts: '{ login: { probe: access, with: { as: login } } }',
      guard: 'access',
      per: 'host',
    }),
    ruleText('two-machines', ['{ distinct: boot.id }'], { facts: '{ boot: { probe: boot-id } }', guard: 'identity' }),
    ruleText('moving', ['{ every: kernel.release, equals: arrived }'], { per: 'host' }),
    ruleText('heavy', ['{ every: tree.bytes, at_most: 8192 }'], {
      facts: '{ tree: { probe: disk-usage, with: { path: /tree } } }',
    }),
    ruleText('written', ['{ every: own.value, equals: yes }'], {
      facts: '{ own: { probe: inventory, with: { value: "@self.role" } } }',
    }),
    ruleText('wish', ['{ every: cpu.count, at_least: 64 }'], { severity: 'advice', facts: '{ cpu: { probe: cpu } }' }),
  ].join(''),
);

/** What the hosts of a round say: `moving` and `heavy` pass, or do not; a host may be gone or refuse. */
export interface Said {
  moving?: boolean;
  /** The host on which alone `moving` does not pass; both, where absent. */
  behind?: string;
  heavy?: boolean;
  gone?: string;
  /** The problem of the question that `moving` rests on. */
  problem?: NonNullable<Output['problem']>;
  oneMachine?: boolean;
}

/** The answer of a host in such a round. */
export function answerOf(round: Said, host: string, ask: ExecAsk): Output {
  const lost: Partial<Output> = { exit: null, stderr: 'no route', problem: 'unreachable', problemAt: 'host' };
  if (round.gone === host) return said('', lost);
  switch (ask.argv[0]) {
    case 'id':
      return said('login\n');
    case 'uname':
      return round.problem && ask.argv[1] === '-r'
        ? said('', { exit: null, stderr: round.problem, problem: round.problem, problemAt: 'command' })
        : said(ask.argv[1] === '-r' ? `${isBehind(round, host) ? 'on-its-way' : 'arrived'}\n` : 'x86_64\n');
    case '/bin/sh':
      return said(`${round.heavy === false ? 9 : 4}\t/tree\n`);
    default:
      return said(
        ask.argv.includes('/proc/sys/kernel/random/boot_id')
          ? `${(host === 'left' || round.oneMachine ? 'a' : 'b').repeat(8)}-0000-4000-8000-000000000000\n`
          : 'cpu  1 2\ncpu0 1 2\nbtime 1\n',
      );
  }
}

function isBehind({ moving, behind }: Said, host: string): boolean {
  return moving === false && (behind === undefined || behind === host);
}

/** A finding on its own, where only what a test gives matters. */
export function findingOf(over: Partial<Finding>): Finding {
  return {
    key: over.rule ?? 'twin/moving',
    rule: 'twin/moving',
    title: 't',
    group: 'g',
    severity: 'blocker',
    basis: 'documented',
    verdict: 'fail',
    subject: { kind: 'set', hosts: [] },
    message: 'm',
    requires: 'r',
    source: { doc: 'd', section: 's' },
    remedy: 'r',
    because: [],
    ...over,
  };
}
