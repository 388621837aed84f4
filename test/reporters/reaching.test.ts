/** Each format for people says how a host was reached and why, and once what to try where one was not. */
import { expect, it } from 'vitest';
import type { Connection, Report } from '../../src/core/model.js';
import { reporters } from '../../src/reporters/index.js';
import { makeFinding, makeReport } from './report.js';

const next = 'pairflight reach --try --phase preflight';
const connection = (host: string, name: 'ssh2' | 'openssh', why: string): Connection => ({
  ...{ host, kind: 'ssh', transport: { name, why }, logins: 1, shells: 1, bytes: 1 },
});
const findings = ['primary', 'secondary'].map((host) =>
  makeFinding({
    key: `pack/size [${host}]`,
    rule: 'pack/size',
    subject: { kind: 'host', host },
    verdict: 'unknown',
    message: 'the login was refused',
    problem: 'denied',
    next,
  }),
);
const hosts: Report['hosts'] = [
  {
    name: 'primary',
    role: 'primary',
    address: '10.0.0.1',
    connection: connection('primary', 'ssh2', 'nothing is set'),
  },
  {
    ...{ name: 'secondary', role: 'secondary', address: '10.0.0.2' },
    connection: connection('secondary', 'openssh', 'the SSH configuration sets proxyjump <b>\u001b[31m'),
  },
];
const render = async (name: string, report: Report) => {
  const text = await reporters[name as keyof typeof reporters](report, { color: false, columns: 100 });
  return text.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ');
};
const times = (text: string) => text.split(next).length - 1;

it.each(['table', 'markdown', 'html'])('%s', async (name) => {
  const text = await render(name, makeReport(findings, { hosts }));
  expect(text).toMatch(/10\.0\.0\.1`?, by ssh2 \(nothing is set\)/);
  expect(text).toMatch(/10\.0\.0\.2`?, by openssh \(the SSH configuration sets proxyjump/);
  expect(text).not.toContain('\u001b');
  expect(times(text)).toBe(1);
  const fine = await render(name, makeReport([makeFinding()], { hosts }));
  expect(times(fine)).toBe(0);
});

it('JUnit and GitHub annotations, which are read one by one, say it with each cause', async () => {
  for (const name of ['junit', 'github']) expect(times(await render(name, makeReport(findings, { hosts })))).toBe(2);
});

it('this machine is said to be this machine, and evidence that does not tell leaves it out', async () => {
  const here = { host: 'primary', kind: 'local', logins: 0, shells: 1, bytes: 1 };
  const { transport: _, ...old } = connection('secondary', 'ssh2', '');
  const shown: Report['hosts'] = [
    { name: 'primary', role: 'primary', address: '10.0.0.1', connection: here },
    { name: 'secondary', role: 'secondary', address: '10.0.0.2', connection: old },
  ];
  const text = await render('markdown', makeReport([makeFinding()], { hosts: shown }));
  expect(text).toContain('`10.0.0.1`, this machine - `secondary` `10.0.0.2` ');
});
