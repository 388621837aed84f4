/** What a command line means on a played host: who runs what, through sudo and a product's shell. */
import { WAITS } from '../../core/shell/contexts.js';
import { SAYS_READY } from '../../core/shell/preamble.js';
import { shownLine } from '../../core/shell/words.js';
import type { Machine, PlayedEndpoint } from '../file/machine.js';
import { type Answer, fails, notFound, says } from './answer.js';
import type { Turns } from './changing-answers.js';
import { follow } from './followed-path.js';
import { programs } from './programs.js';
import type { Runner } from './runner.js';
import { scriptedAnswer, scripts } from './scripted.js';
import { splitWords } from './shell-words.js';
import { type SudoOptions, sudoOptions } from './sudo.js';

/** The login of every played host. */
export const LOGIN = { user: 'demo', uid: 1000 } as const;

/** The host a session is on, all hosts and endpoints of the scenario, and what was asked of this one. */
export interface Stage {
  machine: Machine;
  hosts: readonly Machine[];
  endpoints?: readonly PlayedEndpoint[];
  turns: Turns;
  /** What is piped into the command. */
  input?: string;
}

/** What a command line comes to: a shell that is fed commands, an answer, or a line that is read first, with or without a prompt. */
export type Meaning =
  | { kind: 'shell'; as: string; noise: string }
  | { kind: 'answer'; answer: Answer }
  | { kind: 'reads'; prompt: string; withLine: (line: string | undefined) => Meaning };

/** The meaning of a command line that sshd was given. */
export function meaningOfLine(stage: Stage, line: string, as = 'login'): Meaning {
  try {
    return meaningOf(stage, splitWords(line), as);
  } catch (error) {
    if (error instanceof SyntaxError) return answered(fails(`sh: 1: Syntax error: ${error.message}`, 2));
    throw error;
  }
}

/** The meaning of words in a context: `login`, `root`, or a product's own. */
export function meaningOf(stage: Stage, words: readonly string[], as: string): Meaning {
  const [program = '', ...rest] = withoutWrappers(words);
  if (program === 'sudo') return throughSudo(stage, sudoOptions(rest), as);
  if (/^(\/bin\/)?sh$/.test(program)) {
    // A shell that first says the mark of its environment.
    const [, mark] = /^PF_ENTRY=(.*)$/.exec(words.find((word) => word.startsWith('PF_ENTRY=')) ?? '') ?? [];
    return shownLine([program, ...rest]) === SAYS_READY && mark !== undefined
      ? shell(stage, [], as, `${mark}\n`)
      : shell(stage, rest, as);
  }
  const entered = as === 'root' ? enterContext(stage, [program, ...rest]) : undefined;
  if (entered) return entered;
  if (program === 'chroot') return answered(refuseRoot(as, rest[0] ?? ''));
  return answered(run(stage, [program, ...rest], as));
}

/** Leaves out what only changes how a command runs: `exec`, `env NAME=VALUE`, `timeout`, `nice`, `ionice`. */
function withoutWrappers(words: readonly string[]): readonly string[] {
  const [first, ...rest] = words;
  if (first === 'exec') return withoutWrappers(rest);
  if (first === 'env') return withoutWrappers(rest.slice(rest.findIndex((word) => !/^\w+=/.test(word))));
  return words;
}

function answered(answer: Answer): Meaning {
  return { kind: 'answer', answer };
}

function shell(stage: Stage, rest: readonly string[], as: string, says = ''): Meaning {
  const [option, script = '', name, ...args] = rest;
  if (option === undefined) {
    const noise = as === 'login' ? stage.machine.noise : (stage.machine.contexts[as]?.noise ?? '');
    return { kind: 'shell', as, noise: noise + says };
  }
  if (option !== '-c') return answered(fails(`sh: 0: Illegal option ${option}`, 2));
  if (script === WAITS)
    return {
      kind: 'reads',
      prompt: '',
      withLine: (line) =>
        line === undefined ? answered({ stdout: '', stderr: '', exit: 1, delayMs: 0 }) : meaningOf(stage, args, as),
    };
  if (name === 'follow-path') return followed(stage, args, as);
  const played = name !== undefined && Object.hasOwn(scripts, name) ? scripts[name] : undefined;
  if (played) return answered(played(args, runnerOf(stage, as, stage.turns.count(as, [name ?? '', ...args]))));
  return meaningOfLine(stage, script, as);
}

/** A question about a path that the host names in a file: the path is said before the answer. */
function followed(stage: Stage, args: string[], as: string): Meaning {
  const found = follow(args, runnerOf(stage, as, 0));
  if (!('question' in found)) return answered(found);
  const meaning = meaningOf(stage, found.question, as);
  if (meaning.kind !== 'answer') return meaning;
  return answered({ ...meaning.answer, stdout: `path ${found.path}\n${meaning.answer.stdout}` });
}

/** The meaning of words that enter a product's shell from root; undefined when they enter none. */
function enterContext(stage: Stage, words: readonly string[]): Meaning | undefined {
  for (const [name, { enter }] of Object.entries(stage.machine.contexts)) {
    const line = words[enter.indexOf('{shell}')];
    if (line === undefined || words.length !== enter.length) continue;
    if (enter.every((word, index) => word === '{shell}' || word === words[index]))
      return meaningOfLine(stage, line, name);
  }
  return undefined;
}

function refuseRoot(as: string, directory: string): Answer {
  const why = as === 'root' ? 'No such file or directory' : 'Operation not permitted';
  return fails(`chroot: cannot change root directory to '${directory}': ${why}`, 125);
}

const PASSWORD_REQUIRED = answered(fails('sudo: a password is required'));

function throughSudo(stage: Stage, options: SudoOptions, as: string): Meaning {
  const { machine } = stage;
  const allowed = () => meaningOf(stage, options.words, 'root');
  if (as === 'root' || machine.sudo === 'nopasswd')
    return options.list ? answered(says('(ALL) NOPASSWD: ALL\n')) : allowed();
  if (machine.sudo === 'commands' && options.list) return answered(says('(root) NOPASSWD: /usr/bin/cat\n'));
  if (machine.sudo === 'commands' && options.words[0] !== 'true') {
    const meaning = allowed();
    if (meaning.kind === 'answer') return meaning;
  }
  if (!options.stdin) return PASSWORD_REQUIRED;
  return {
    kind: 'reads',
    prompt: options.prompt,
    withLine: (password) => {
      if (password === undefined) return answered(fails('sudo: no password was provided'));
      // Like the real one, it asks again after a wrong password and finds no second one.
      if (password !== machine.sudoPassword) {
        return answered(
          fails(
            `\nSorry, try again.\n${options.prompt}\nsudo: no password was provided\nsudo: 1 incorrect password attempt`,
          ),
        );
      }
      if (machine.sudo === 'password') return allowed();
      return answered(fails(`\nSorry, user ${LOGIN.user} may not run sudo on ${machine.hostname}.`));
    },
  };
}

function run(stage: Stage, words: readonly string[], as: string): Answer {
  const [program = '', ...rest] = words;
  const turn = stage.turns.count(as, words);
  const scripted = scriptedAnswer(stage.machine, words, as, turn);
  if (scripted) return scripted;
  const played = programs[program.replace(/^\/(usr\/)?bin\//, '')];
  return played ? played(rest, runnerOf(stage, as, turn)) : notFound(program);
}

function runnerOf({ machine, hosts, endpoints = [], input = '' }: Stage, as: string, turn: number): Runner {
  const here = { machine, hosts, endpoints, turn, input };
  const context = machine.contexts[as];
  if (context) return { ...here, user: context.user, uid: context.uid, root: context.root ?? '/' };
  return { ...here, ...(as === 'root' ? { user: 'root', uid: 0 } : LOGIN), root: '/' };
}
