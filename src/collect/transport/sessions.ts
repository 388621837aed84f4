/** Runs commands on one host, each in its context: what the SSH and the local transport have in common. */
import type { Connection, ExecAsk, Host, Output } from '../../core/model.js';
import { eachWords, entryLine } from '../../core/shell/contexts.js';
import { SAYS_READY, shellLine } from '../../core/shell/preamble.js';
import { plainLine, quoteForLoginShell } from '../../core/shell/words.js';
import { failed } from './answer.js';
import type { ByteBudget } from './byte-budget.js';
import { type Connector, Failure } from './channel.js';
import { EntriesAhead } from './entries-ahead.js';
import { Hold } from './hold.js';
import { inputOf } from './input.js';
import { isQuick, type LaneEntry, type LaneHost, LanePool } from './lane-pool.js';
import { answerPrompt, cleanOf, runSingle } from './one-command.js';
import { begins, strangerIn } from './one-command-proof.js';
import { SessionLimit } from './session-limit.js';
import {
  findRootWay,
  mayBeRoot,
  needsPassword,
  type RootWay,
  refusedBySudo,
  sudoWithPassword,
  throughSudo,
} from './sudo.js';
import type { TransportOptions } from './transport.js';

/** One less than sshd allows by default; three lanes each of a login, of root and of a product. */
const MAX_SESSIONS = 9;
const MAX_NOISE_BYTES = 4096;
/** What a shell's start may take beyond a connection's: profile scripts, directory services, a product's own shell. */
const SLOW_START_MS = 10_000;

/** What a question about who answers may cost. */
const WHO = { timeoutMs: 20_000, maxBytes: 4096 };

/** All contexts of one host over one connector. */
export class Sessions {
  readonly #host: Host;
  readonly #options: TransportOptions;
  readonly #connection: Connection;
  readonly #budget: ByteBudget | undefined;
  readonly #lanes: LaneHost;
  readonly #ahead: EntriesAhead;
  readonly #pools = new Map<string, LanePool>();
  readonly #strangers = new Map<string, Promise<Output | undefined>>();
  /** Where something takes long. */
  readonly #long = new Set<string>();
  #way: Promise<RootWay> | undefined;
  #isWayKnown = false;
  #closed = false;

  constructor(
    host: Host,
    options: TransportOptions,
    connector: Connector,
    connection: Connection,
    budget?: ByteBudget,
  ) {
    this.#host = host;
    this.#options = options;
    this.#connection = connection;
    this.#budget = budget;
    this.#lanes = {
      connector,
      limit: new SessionLimit(MAX_SESSIONS),
      hold: new Hold(),
      startTimeoutMs: options.connectTimeoutMs + SLOW_START_MS,
      noise: (text) => {
        if (text !== '') connection.noise ??= Buffer.from(text).subarray(0, MAX_NOISE_BYTES).toString('utf8');
      },
    };
    this.#ahead = new EntriesAhead(connector, this.#lanes.limit);
  }

  /** Runs one command in its context; never rejects. */
  async run(ask: ExecAsk): Promise<Output> {
    if (this.#closed) return failed(new Failure('not-run', 'command', 'the run was ended'));
    if (ask.argv.some((word) => word.includes('\0'))) {
      return failed(new Failure('not-run', 'command', 'a word of the command holds a NUL byte'));
    }
    this.#budget?.allowAnswer(ask.maxBytes);
    const input = inputOf(ask, this.#options.variables);
    return input instanceof Failure ? failed(input) : this.#runIn(ask, input);
  }

  /** Ends every shell. */
  close(): void {
    this.#closed = true;
    this.#ahead.drop();
    for (const pool of this.#pools.values()) pool.close();
  }

  async #runIn(ask: ExecAsk, input: string | undefined): Promise<Output> {
    const { argv, timeoutMs, maxBytes } = ask;
    if (ask.as === 'login') {
      return this.#noted(await this.#pool({ line: shellLine }).run({ words: argv, timeoutMs, maxBytes, input }));
    }
    const login = this.#pool({ line: shellLine });
    this.#way ??= login.hurry(() => this.#findWay(login));
    if (!this.#isWayKnown && !mayBeRoot(this.#host.ssh.user)) {
      const { line } = entryOf({ kind: 'sudo' }, ask);
      this.#ahead.open(contextOf(line), line, login.begun);
    }
    const place = placeOf(ask);
    if (!isQuick({ words: argv, timeoutMs, maxBytes, input })) this.#long.add(place);
    const way = await this.#way;
    // Where nothing takes long there is time: those who have to begin soon enter first.
    if (!this.#long.has(place)) await this.#lanes.hold.over;
    if (this.#closed) return failed(new Failure('not-run', 'command', 'the run was ended'));
    if (way.kind === 'refused') return this.#noted(failed(way.failure));
    if (way.kind === 'direct' && ask.enter === undefined) return this.#runIn({ ...ask, as: 'login' }, input);
    const pool = this.#pool(entryOf(way, ask));
    if (!refusedBySudo(pool.failure)) {
      const output = await pool.run({ words: argv, timeoutMs, maxBytes, input });
      if (way.kind === 'direct' || !refusedBySudo(pool.failure) || output.problemAt !== 'context') {
        return this.#noted(output);
      }
    }
    return this.#runEach(way, ask, input);
  }

  async #findWay(login: LanePool): Promise<RootWay> {
    const { hold } = this.#lanes;
    const password = () => {
      // A person may be typing, and whatever he types: a password needs other entries.
      hold.lift();
      this.#ahead.drop();
      return this.#options.sudoPassword(this.#host);
    };
    hold.begin();
    const way = await findRootWay(login, this.#lanes, password, this.#host.ssh.user);
    this.#isWayKnown = true;
    if (way.kind !== 'sudo') this.#ahead.drop();
    // Those who wait for the way enter their contexts first.
    setImmediate(() => void hold.liftAfter(Promise.all([...this.#pools.values()].map(({ entered }) => entered))));
    return way;
  }

  /**
   * Where sudo refuses a shell: each command by itself, so that allow-lists hold. In a login lane, because there the host's
   * time limit, plain quoting and English messages are certain; only a password needs a channel of its own.
   */
  async #runEach(way: RootWay, ask: ExecAsk, input: string | undefined): Promise<Output> {
    const stranger = await this.#stranger(way, ask);
    return stranger ?? this.#runOne(way, ask, input);
  }

  /** Who answers by itself is asked once for each context; where he is not the one who was asked for, his answers are not taken. */
  #stranger(way: RootWay, ask: ExecAsk): Promise<Output | undefined> {
    const { enter, user } = ask;
    const key = placeOf(ask);
    const known =
      this.#strangers.get(key) ??
      strangerIn(user ?? (enter === undefined ? 'root' : undefined), {
        inContext: (argv) => this.#runOne(way, { ...ask, ...WHO, argv }, undefined),
        asLogin: (words) => this.#pool({ line: shellLine }).run({ ...WHO, words }),
      });
    this.#strangers.set(key, known);
    return known;
  }

  async #runOne(way: RootWay, ask: ExecAsk, input: string | undefined): Promise<Output> {
    const { timeoutMs, maxBytes } = ask;
    const words = ask.enter ? eachWords(ask.enter, plainLine(ask.argv)) : ask.argv;
    if (way.kind !== 'password') {
      const login = this.#pool({ line: shellLine });
      return throughSudo(await login.run({ words: ['sudo', '-n', ...words], timeoutMs, maxBytes, input }));
    }
    if (input !== undefined) {
      // What is to be read must not go to a prompt: a command that needs no password is run without one.
      const login = this.#pool({ line: shellLine });
      const output = throughSudo(await login.run({ words: ['sudo', '-n', ...words], timeoutMs, maxBytes, input }));
      if (!needsPassword(output)) return output;
    }
    const line = `env LC_ALL=C ${sudoWithPassword(way.prompt)} ${quoteForLoginShell(words)}`;
    const begun = () => begins(words, way.prompt, timeoutMs, this.#pool({ line: shellLine }));
    return throughSudo((await runSingle(this.#lanes, line, way.prompt, { timeoutMs, maxBytes, input, begun })).output);
  }

  /** Keeps the first reason why the host cannot be used; a refused context is told by its outputs alone. */
  #noted(output: Output): Output {
    const { problem, problemAt, stderr: message } = output;
    if (problem && problem !== 'not-run' && problemAt === 'host') {
      this.#connection.problem ??= { problem, problemAt, message };
    }
    return output;
  }

  #pool(entry: LaneEntry): LanePool {
    const context = contextOf(entry.line);
    const key = JSON.stringify([context, entry.user]);
    let pool = this.#pools.get(key);
    if (!pool) {
      pool = new LanePool(this.#lanes, { ...entry, ahead: () => this.#ahead.take(context) });
      this.#pools.set(key, pool);
    }
    return pool;
  }
}

/** Where and as whom something is asked, however one gets there. */
const placeOf = ({ enter, user }: ExecAsk) => JSON.stringify([enter, user]);

/** What a context is known by: the line that enters it, without its mark. */
const contextOf = (line: (mark: string) => string) => line('');

function entryOf(way: RootWay, { enter, user }: Pick<ExecAsk, 'enter' | 'user'>): LaneEntry {
  const root = enter === undefined;
  if (way.kind !== 'password') {
    const sudo = way.kind === 'direct' ? '' : 'sudo -n';
    return { line: (mark) => entryLine(sudo, enter, mark), root, user };
  }
  const { prompt } = way;
  return {
    line: (mark) => entryLine(sudoWithPassword(prompt), enter, mark, SAYS_READY),
    root,
    user,
    prompt: (channel, mark) => answerPrompt(channel, prompt, mark),
    clean: cleanOf(prompt),
  };
}
