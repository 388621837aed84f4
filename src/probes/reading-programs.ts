/** Which programs a pack's own commands may be, and which words may enter a context: those that are known to only read. */

/** How a program is asked so that it only reads: each word that begins with a dash is matched as a whole, every other is an operand. */
interface Reading {
  options?: RegExp;
  /** Every word is an operand, whatever it begins with. */
  anything?: true;
  /** It takes no operands, or only such. */
  operands?: RegExp;
  /** Of a program that does several things: the first word, which says what. */
  does?: string;
}

const short = (letters: string): Reading => ({ options: new RegExp(`^-[${letters}]+$`) });
const digest = short('bct');
const search = { options: /^(-[abcEFGHhIiLlnoPqRrsvwxz]+|-[ABCm]\d*|-e.*)$/s };

/** Programs that read, with the options that do; what is not named here may write, run something, or never end. */
const reading: Record<string, Reading> = {
  arch: { operands: /^$/ },
  basename: short('az'),
  cat: short('AbEensTtuv'),
  cksum: digest,
  cmp: short('bls'),
  cut: { options: /^(-[bcdf].*|-[nsz]+|--complement|--output-delimiter=.*)$/s },
  df: { options: /^(-[ahHiklmPT]+|-[Btx].*|--output(=[a-z,]+)?|--total)$/ },
  dirname: short('z'),
  du: { options: /^(-[abcDHhkLlmPSsx0]+|-[Bd]\d*[A-Za-z]*|--apparent-size|--max-depth=\d+)$/ },
  echo: { anything: true },
  egrep: search,
  false: {},
  fgrep: search,
  findmnt: short('AabDefilJMnoOPrRsSTtuUv'),
  free: short('bghkltwm'),
  getconf: short('a'),
  getent: {},
  grep: search,
  groups: {},
  head: { options: /^(-[cnqvz]*\d*|--(lines|bytes)=\d+)$/ },
  hostid: { operands: /^$/ },
  id: short('aGgnruzZ'),
  locale: short('ackmv'),
  ls: { options: /^(-[A-Za-z1]+|--(all|color|directory|full-time|inode|numeric-uid-gid|time-style)(=[\w+:% -]+)?)$/ },
  lsblk: short('AabdDefiJlmnoOpPrsStz'),
  lscpu: short('abceJprxy'),
  lsmod: { operands: /^$/ },
  md5sum: digest,
  nl: short('bdfhilnpsvw'),
  nproc: { options: /^--(all|ignore=\d+)$/ },
  od: { options: /^-[AabcdfijloNstvwx].*$/s },
  pg_controldata: { options: /^(-D|--pgdata=.*)$/s },
  pg_isready: { options: /^-[dhpqtU].*$/s },
  pg_lsclusters: short('hj'),
  pgrep: short('acfilnouvxGgPtU'),
  pidof: short('sxo'),
  printf: { anything: true },
  pwd: short('LP'),
  readlink: short('efmnqsvz'),
  realpath: short('eLmPqsz'),
  sha1sum: digest,
  sha256sum: digest,
  sha512sum: digest,
  ss: short('46aeHilmnoprstuwx'),
  stat: { options: /^(-[fLt]+|-c|--(format|printf)=.*|--printf)$/s },
  strings: short('aefnot'),
  'systemd-analyze': { does: 'cat-config' },
  tail: { options: /^(-[cnqvz]*\d*|--(lines|bytes)=\+?\d+)$/ },
  test: { anything: true },
  tr: short('cCdst'),
  true: {},
  uname: short('aimnoprsv'),
  uptime: short('ps'),
  wc: short('cLlmw'),
  whoami: { operands: /^$/ },
};

/** Where an operating system keeps its programs: whatever lies elsewhere only bears their name. */
const usualFolders = /^\/(usr\/)?s?bin\//;

/** A word of which a part is not known yet stands for an operand. */
const isOpen = (word: string) => /^\$\{\w+\}/.test(word);

/** Whether words are a program that only reads, asked so that it does. `products`: programs of products, with a pattern for each of their words. */
export function onlyReads([program = '', ...words]: readonly string[], products: Products): boolean {
  const patterns = Object.hasOwn(products, program) ? products[program] : undefined;
  if (patterns)
    return words.length === patterns.length && words.every((word, at) => isOpen(word) || fits(patterns[at], word));
  const name = program.replace(usualFolders, '');
  const form = Object.hasOwn(reading, name) ? reading[name] : undefined;
  if (!form) return false;
  if (form.does !== undefined && words[0] !== form.does) return false;
  const end = words.indexOf('--');
  return (
    form.anything === true ||
    words.every((word, at) => {
      const operand = !word.startsWith('-') || word === '-' || isOpen(word) || (end >= 0 && at > end);
      if (word === '--' && at === end) return true;
      return operand ? (form.operands?.test(word) ?? true) : form.options?.test(word) === true;
    })
  );
}

/** Programs of products by name, with a pattern for each word that follows; pairflight's own list, which no pack can add to. */
export type Products = Readonly<Record<string, readonly string[]>>;

const fits = (pattern: string | undefined, word: string) =>
  pattern !== undefined && new RegExp(`^(?:${pattern})$`).test(word);

const isShell = (word: string | undefined) => /^(\/(usr\/)?bin\/)?(ba|da|k|z|a)?sh$/.test(word ?? '');
const isUser = (word: string | undefined) => /^([a-z_][a-z0-9_-]*\$?|\$\{\w+\})$/.test(word ?? '');
const isFolder = (word: string | undefined) => /^(\/|\$\{\w+\})/.test(word ?? '');
const named = (word: string | undefined, name: string) => (word ?? '').replace(usualFolders, '') === name;

/**
 * Whether words are a usual way from root into a context, and nothing else: sudo and chroot before su, runuser or a shell, each with
 * the options that say who, where and by which shell.
 */
export function entersOnly(words: readonly string[]): boolean {
  const [first, second, ...rest] = words;
  if (named(first, 'sudo')) {
    if (second === '-n' || second === '--') return entersOnly(['sudo', ...rest].slice(second === '--' ? 1 : 0));
    return second === '-u' ? isUser(rest[0]) && entersOnly(['sudo', ...rest.slice(1)]) : entersOnly(words.slice(1));
  }
  if (named(first, 'chroot')) return isFolder(second) && entersOnly(rest);
  if (isShell(first)) return words.length === 3 && (second === '-c' || second === '-lc') && rest[0] === '{shell}';
  if (!named(first, 'su') && !named(first, 'runuser')) return false;
  const [user, ...others] = withoutShell(words.slice(1));
  if (named(first, 'runuser') && user === '-u')
    return isUser(others[0]) && entersOnly(others.slice(others[1] === '--' ? 2 : 1));
  return isUser(user) && others.length === 2 && others[0] === '-c' && others[1] === '{shell}';
}

/** The words of su or runuser without those that ask for a login, or say by which shell. */
function withoutShell(words: readonly string[]): readonly string[] {
  if (['-', '-l', '--login'].includes(words[0] ?? '')) return withoutShell(words.slice(1));
  return words[0] === '-s' && isShell(words[1]) ? withoutShell(words.slice(2)) : words;
}

/** The program of `--allow-command` that a command's program is: named by its path, or by its name alone. */
export function allowedAs(program: string, allowed: readonly string[]): string | undefined {
  return allowed.find((path) => path === program || (!program.includes('/') && path.endsWith(`/${program}`)));
}
