/** How far one host is in a round: told what is asked and answered, it tells what stands in the host's line. */

import { lengthInWords } from '../../core/format.js';
import { isRecord } from '../../core/json.js';
import type { Ask, Connection, Host, Step, Subject } from '../../core/model.js';
import type { Question, Questions } from '../../plan/questions.js';
import { isActive } from '../../plan/questions.js';
import { Foretold, type Left, leftOf, type Work } from './time-left.js';

/** A host's line before it is fitted to a terminal. */
export interface HostView {
  name: string;
  done: number;
  total: number;
  /** What happens there just now. */
  doing: string;
  /** The most that it may take, where that is worth a word. */
  limit: string;
  elapsedMs: number;
  left: Left | undefined;
}

/** What the hosts of a run share: what questions are called, and how long they took wherever they were answered. */
export interface Shared {
  names: ReadonlyMap<string, string>;
  took: Map<string, number>;
}

interface Asked {
  question: Question;
  name: string;
  slow: boolean;
  answered: number;
  open: boolean;
  dueMs: number;
  answerMs: number;
}

/** A question with so many times the ordinary limit takes what it takes. */
const SLOW = 3;
/** What takes longer makes a person wonder how long it may. */
const LONG_MS = 3_000;

/** One host's questions in one round. */
export class HostProgress {
  readonly #host: Host;
  readonly #shared: Shared;
  readonly #connection: () => Readonly<Connection> | undefined;
  readonly #beganMs: number;
  readonly #asked: Map<string, Asked>;
  readonly #answers = { count: 0, firstMs: 0, lastMs: 0 };
  readonly #foretold = new Foretold();
  /** The oldest question that is open, and since when it is that: a host answers in the order in which it is asked. */
  #oldest: Asked | undefined;
  #oldestMs: number;
  #lastMs: number;

  constructor(
    host: Host,
    questions: readonly Question[],
    shared: Shared,
    connection: () => Readonly<Connection> | undefined,
    nowMs: number,
  ) {
    this.#host = host;
    this.#shared = shared;
    this.#connection = connection;
    this.#beganMs = nowMs;
    this.#oldestMs = nowMs;
    this.#lastMs = nowMs;
    const limits = questions.flatMap(({ ask }) => limitOf(ask) ?? []).sort((a, b) => a - b);
    const ordinary = limits[Math.floor(limits.length / 2)] ?? 0;
    this.#asked = new Map(
      questions.map((question) => {
        const { key, ask } = question;
        const listens = ask.kind === 'exec' && ask.effect === 'listen';
        const slow = listens || (limitOf(ask) ?? 0) > ordinary * SLOW;
        const name = shared.names.get(key) ?? '';
        return [key, { question, name, slow, answered: 0, open: false, dueMs: nowMs, answerMs: 0 }];
      }),
    );
  }

  /** A question was handed over. */
  put({ key }: Question, nowMs: number): void {
    const asked = this.#asked.get(key);
    if (!asked) return;
    asked.open = true;
    asked.dueMs = nowMs;
    this.#look(nowMs);
  }

  /** A question was answered. */
  answered({ key, sample }: Question, durationMs: number, nowMs: number): void {
    const asked = this.#asked.get(key);
    if (!asked) return;
    asked.open = false;
    asked.answered += 1;
    asked.answerMs = durationMs;
    asked.dueMs = nowMs - durationMs + sample.everyMs;
    this.#lastMs = nowMs;
    if (asked.slow) this.#shared.took.set(asked.name, durationMs);
    else if (sample.times === 1) {
      if (this.#answers.count === 0) this.#answers.firstMs = nowMs;
      this.#answers.count += 1;
      this.#answers.lastMs = nowMs;
    }
    this.#look(nowMs);
  }

  /** What there is to show. */
  view(nowMs: number): HostView {
    const all = [...this.#asked.values()];
    const done = all.reduce((sum, { answered }) => sum + answered, 0);
    const total = all.reduce((sum, { question }) => sum + question.sample.times, 0);
    const over = done === total;
    const left = this.#foretold.say(over ? undefined : leftOf(this.#work(), nowMs), nowMs);
    const { name } = this.#host;
    const elapsedMs = (over ? this.#lastMs : nowMs) - this.#beganMs;
    const problem = this.#connection()?.problem;
    if (problem) {
      const doing = problem.problem === 'denied' ? 'no login' : 'not reachable';
      return { name, done, total, doing, limit: '', elapsedMs, left: undefined };
    }
    return { name, done, total, ...this.#doing(over, nowMs), elapsedMs, left };
  }

  #doing(over: boolean, nowMs: number): Pick<HostView, 'doing' | 'limit'> {
    if (over) return { doing: 'done', limit: '' };
    const way = this.#wayTo();
    if (way !== undefined) return { doing: way, limit: '' };
    if (this.#oldest) return this.#question(this.#oldest, nowMs);
    const [next] = this.#series().sort((a, b) => a.dueMs - b.dueMs);
    if (!next) return { doing: 'waiting for the others', limit: '' };
    const { answered, question, dueMs } = next;
    const inMs = Math.max(0, Math.ceil((dueMs - nowMs) / 1000)) * 1000;
    return {
      doing: `sample ${answered} of ${question.sample.times}, next in ${lengthInWords(inMs / 1000)}`,
      limit: '',
    };
  }

  #question({ name, question, answered, slow }: Asked, nowMs: number): Pick<HostView, 'doing' | 'limit'> {
    const { times } = question.sample;
    const limitMs = limitOf(question.ask);
    const long = limitMs !== undefined && (slow || nowMs - this.#oldestMs >= LONG_MS);
    return {
      doing: times > 1 ? `${name}, sample ${answered + 1} of ${times}` : name,
      limit: long ? `(up to ${lengthInWords(limitMs / 1000)})` : '',
    };
  }

  /** Words on a connection that is still being made. */
  #wayTo(): string | undefined {
    const { connection, ssh, address } = this.#host;
    const made = this.#connection();
    if (connection !== 'ssh' || (made && made.logins > 0)) return undefined;
    const login = ssh.user === undefined ? '' : `${ssh.user}@`;
    const port = ssh.port === undefined ? '' : ` port ${ssh.port}`;
    return `${made?.hostKey ? 'logging in to' : 'connecting to'} ${login}${ssh.host ?? address}${port}`;
  }

  #series(): Asked[] {
    return [...this.#asked.values()].filter(({ question, answered }) => {
      const { times } = question.sample;
      return times > 1 && answered > 0 && answered < times;
    });
  }

  #work(): Work {
    const open = [...this.#asked.values()].filter(({ question, answered }) => answered < question.sample.times);
    const once = open.filter(({ question }) => question.sample.times === 1);
    return {
      quick: once.filter(({ slow }) => !slow).length,
      answers: this.#answers,
      slow: once
        .filter(({ slow }) => slow)
        .map((one) => ({
          tookMs: this.#shared.took.get(one.name),
          sinceMs: one === this.#oldest ? this.#oldestMs : undefined,
        })),
      series: open
        .filter(({ question }) => question.sample.times > 1)
        .map(({ question: { sample }, answered, dueMs, answerMs }) => ({
          dueMs,
          missing: sample.times - answered,
          everyMs: sample.everyMs,
          answerMs,
        })),
    };
  }

  #look(nowMs: number): void {
    const oldest = [...this.#asked.values()].find(({ open }) => open);
    if (oldest === this.#oldest) return;
    this.#oldest = oldest;
    this.#oldestMs = nowMs;
  }
}

/** The question's name by its key: that of the first step that asks it. */
export function namesOf(steps: readonly Step[], questions: Questions): Map<string, string> {
  const names = new Map<string, string>();
  for (const step of steps) {
    for (const { host, ask } of step.asks) {
      const { key } = questions.meant(step, host, ask);
      if (!names.has(key)) names.set(key, nameOf(step, host));
    }
  }
  return names;
}

/** The probe, the first thing that it is asked for, and which other host it is about: `tcp-reach 22, 5432 -> secondary`. */
function nameOf(step: Step, asked: string): string {
  const { as: _, address: __, ...rest } = step.params;
  const [what = []] = Object.values(rest);
  // A path that the host follows is told by the file that names it.
  const known = isRecord(what) && 'line_of' in what ? [`named in ${what.line_of}`, what.then ?? []].flat() : [what];
  const words = known.flat().filter((one) => typeof one === 'string' || typeof one === 'number');
  return [
    ...(isActive(step) ? ['ACTIVE'] : []),
    step.probe,
    ...(words.length > 0 ? [words.join(', ')] : []),
    ...otherHost(step.subject, asked),
  ].join(' ');
}

function otherHost(subject: Subject, asked: string): string[] {
  if (subject.kind === 'pair') return subject.to === asked ? ['<-', subject.from] : ['->', subject.to];
  return subject.kind === 'host' && subject.host !== asked ? ['->', subject.host] : [];
}

/** The most milliseconds that the host may take for an answer; undefined where nothing limits it. */
function limitOf(ask: Ask): number | undefined {
  if (ask.kind === 'ping') return ask.timeoutMs * ask.count;
  return ask.kind === 'exec' ? ask.timeoutMs : undefined;
}
