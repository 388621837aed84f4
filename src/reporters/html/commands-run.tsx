/** The commands that were run, as the plan shows them, each with the beginning of its answer. */

import { cutInWords, plural } from '../../core/format.js';
import { grouped, onceFor } from '../../core/grouped.js';
import type { Report } from '../../core/model.js';
import { commandInShort, quoted } from '../words/command.js';
import { type Answer, answerId, type Page } from './anchors.js';
import { Code, shown, shownLines } from './text.js';

/** Characters of a whole command; a pack's scripts are far below that. */
const mostCommand = 10_000;

/** Links to the answers that a finding rests on, a line for each host. */
export function answerLines(answers: readonly Answer[]) {
  return [...grouped(answers, ({ host }) => host)].map(([host, own]) => (
    <>
      {shown(host)}:{' '}
      {own.map((answer, at) => (
        <>
          {at > 0 && ', '}
          <a href={`#${answerId(answer)}`}>
            {answer.number} <Code text={commandInShort(answer.argv)} />
          </a>
        </>
      ))}
    </>
  ));
}

/** The same by their numbers alone. */
export function AnswerNumbers({ answers }: { answers: readonly Answer[] }) {
  if (answers.length === 0) return null;
  return (
    <>
      ; answers
      {answers.map((answer) => (
        <>
          {' '}
          <a href={`#${answerId(answer)}`}>{answer.number}</a>
        </>
      ))}
    </>
  );
}

/** All answers, folded: the hosts, and in each its commands. */
export function RawAnswers({ page }: { page: Page }) {
  const hosts = [...grouped(page.answers, ({ host }) => host)];
  return (
    <section class="answers" aria-labelledby="answers-title">
      <h2 id="answers-title">Raw answers</h2>
      {hosts.length === 0 && <p>No command was run.</p>}
      {hosts.map(([host, own]) => {
        return (
          <details class="host">
            <summary>
              {shown(host)} <span class="dim">{plural(own.length, 'answer')}</span>
            </summary>
            {noiseOf(host, page) !== '' && (
              <pre class="noise">{`Before any command it said:\n${noiseOf(host, page)}`}</pre>
            )}
            <HostKey host={host} page={page} />
            {own.map((answer) => (
              <RawAnswer answer={answer} />
            ))}
          </details>
        );
      })}
    </section>
  );
}

const hostsByName = onceFor((hosts: Report['hosts']) => new Map(hosts.map((host) => [host.name, host])));

function HostKey({ host, page }: { host: string; page: Page }) {
  const key = hostsByName(page.report.hosts).get(host)?.connection?.hostKey;
  if (!key) return null;
  return (
    <p class="host-key">
      host key <Code text={`${key.type} ${key.sha256}`} />
    </p>
  );
}

/** What a host's shell said on its own. */
function noiseOf(host: string, { report }: Page): string {
  const noise = hostsByName(report.hosts).get(host)?.connection?.noise ?? '';
  return shownLines(noise.trim());
}

function RawAnswer({ answer }: { answer: Answer }) {
  const { as, argv, stdin, exit, problem, excerpt, cut, number } = answer;
  const line = argv.map(quoted).join(' ');
  const heading = commandInShort(argv);
  return (
    <details class={`answer${problem === null ? '' : ' has-problem'}`} id={answerId(answer)}>
      <summary>
        <span class="number">{number}</span> <Code text={`${as}$`} /> <Code text={heading} />{' '}
        <span class="exit">{problem ?? `exit ${exit ?? 'none'}`}</span>
      </summary>
      {heading !== line && <pre class="command">{shownLines(line, mostCommand)}</pre>}
      {stdin !== undefined && <pre class="command">{shownLines(`stdin: ${stdin}`, mostCommand)}</pre>}
      <pre>{shownLines(excerpt.trimEnd()) || '(it said nothing)'}</pre>
      {cut !== undefined && <p class="cut">{cutInWords(cut)}</p>}
    </details>
  );
}
