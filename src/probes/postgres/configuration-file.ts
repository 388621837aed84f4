/** What a rendered postgresql.conf declares of a server: the settings that are asked for, in the form in which the server itself would tell them. Pure. */
import type { Rendered, RenderedProperty } from '../../core/model.js';
import { type ConfigurationText, configurationText, type Line } from './configuration-text.js';
import { limitNames } from './limits.js';
import { listensOf } from './start.js';

type Kind = 'flag' | 'number' | 'megabytes' | 'word' | 'level' | 'archiving' | 'text';

/** The settings that a file may tell, each as the server's catalogue types it. */
const kinds: Record<string, Kind> = {
  ...Object.fromEntries(limitNames.map((limit) => [limit, 'number'])),
  max_replication_slots: 'number',
  wal_level: 'level',
  archive_mode: 'archiving',
  fsync: 'flag',
  full_page_writes: 'flag',
  wal_log_hints: 'flag',
  hot_standby: 'flag',
  sync_replication_slots: 'flag',
  max_slot_wal_keep_size: 'megabytes',
  wal_keep_size: 'megabytes',
  wal_keep_segments: 'number',
  recovery_target_timeline: 'word',
  listen_addresses: 'text',
};

const others = 'as long as neither postgresql.auto.conf nor the command line says otherwise';

/** A rendered postgresql.conf. What it leaves to the server's default, or to files that it includes, it does not tell. */
export const postgresqlConf: Rendered = {
  file: 'postgresql.conf',
  read(text, release) {
    const read = configurationText(text);
    const settings = Object.entries(kinds).map(([name, kind]) => settingIn(read, name, kind));
    return [versionOf(release), ...settings, limitsOf(settings), rewindOf(settings), listening(settings)];
  },
};

function settingIn({ lines, include, broken }: ConfigurationText, name: string, kind: Kind): RenderedProperty {
  const property = `settings.${name}`;
  const all = lines.filter((one) => one.name === name);
  const last = all.at(-1);
  if (broken !== undefined)
    return { property, why: `line ${broken} is no setting: the server would refuse the whole file` };
  if (include && (last?.line ?? 0) < include.line)
    return {
      property,
      why: `${include.name} '${include.value}' in line ${include.line} may set it; write it below that line`,
    };
  if (!last) return { property, why: "the file does not set it, and the server's default depends on its version" };
  const value = inServersForm(last, kind);
  const at = `line ${last.line}`;
  if (value === undefined) return { property, at, why: 'the value is none that every version takes in one way' };
  return { property, at, value, note: others, ...(all.length > 1 && { repeated: true }) };
}

const words = {
  true: ['on', 'true', 'yes', '1', 't', 'tr', 'tru', 'y', 'ye'],
  false: ['off', 'false', 'no', '0', 'f', 'fa', 'fal', 'fals', 'n', 'of'],
};

const wholeWords = ['on', 'off', 'true', 'false', 'yes', 'no', '1', '0'];

/** A value without the blanks around it that isspace(3) knows; a no-break space is none. */
const trimmed = (value: string) => value.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '');

function inServersForm({ value }: Line, kind: Kind): string | undefined {
  const word = trimmed(value).toLowerCase();
  const flag = words.true.includes(word) ? 'on' : words.false.includes(word) ? 'off' : undefined;
  switch (kind) {
    case 'flag':
      return flag;
    case 'archiving':
      // It takes whole words alone.
      return word === 'always' ? word : wholeWords.includes(word) ? flag : undefined;
    case 'level':
      // From 9.6 on the older words mean this one, and before it they are levels of their own.
      return ['minimal', 'replica', 'logical'].includes(word) ? word : undefined;
    case 'text':
      return value;
    case 'word':
      return /^(latest|current|\d+)$/.test(value) ? value : undefined;
    case 'number':
      return wholeNumber(trimmed(value))?.toString();
    case 'megabytes':
      return megabytes(trimmed(value))?.toString();
  }
}

/** A whole number as strtol(3) takes it: decimal, octal behind a zero, or hexadecimal. */
function wholeNumber(text: string): number | undefined {
  const [, sign, digits = ''] = /^([-+]?)(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)$/i.exec(text) ?? [];
  if (digits === '') return undefined;
  const octal = /^0\d/.test(digits);
  const number = octal ? Number.parseInt(digits, 8) : Number(digits);
  return Number.isSafeInteger(number) ? (sign === '-' ? 0 - number : number) : undefined;
}

/** Units are written as the manual has them; their letters are not to be mixed. */
const units: Record<string, number> = { kB: 1 / 1024, MB: 1, GB: 1024, TB: 1024 * 1024 };

function megabytes(text: string): number | undefined {
  const [, digits = '', unit = 'MB'] = /^([-+]?\w*?\d)\s*(kB|MB|GB|TB)?$/.exec(text) ?? [];
  const size = (wholeNumber(digits) ?? Number.NaN) * (units[unit] ?? Number.NaN);
  // What is no whole number of megabytes is rounded, by each version in its own way; -1 has no unit.
  return Number.isSafeInteger(size) && (size >= 0 || text === '-1') ? size : undefined;
}

/** The version by its number, as far as somebody named a release. */
function versionOf(release: readonly number[] | undefined): RenderedProperty {
  const property = 'version';
  const [major, second = 0, third = 0] = release ?? [];
  if (major === undefined)
    return { property, why: 'the release is not named; give --release, or name it in the inventory' };
  const value = major >= 10 ? major * 10_000 + second : major * 10_000 + second * 100 + third;
  return { property, at: 'and the release that was named', value, assumed: true };
}

/** The limits of the next start, those that the file tells. */
function limitsOf(settings: readonly RenderedProperty[]): RenderedProperty {
  const told = limitNames.flatMap((limit): [string, number][] => {
    const { value } = settings.find(({ property }) => property === `settings.${limit}`) ?? {};
    return value === undefined ? [] : [[limit, Number(value)]];
  });
  if (told.length === 0) return { property: 'nextLimits', why: 'the file tells none of the limits' };
  return { property: 'nextLimits', value: Object.fromEntries(told), note: others };
}

/** For whom the server would listen. */
function listening(settings: readonly RenderedProperty[]): RenderedProperty {
  const { value, why, at } = settings.find(({ property }) => property === 'settings.listen_addresses') ?? {};
  const property = 'listens';
  if (typeof value !== 'string') return { property, why: why ?? 'the file does not set listen_addresses' };
  const { listens } = listensOf({ running: () => value });
  if (!listens) return { property, why: 'listen_addresses has names alone, which may lead to the server itself' };
  return { property, value: listens, note: others, ...(at !== undefined && { at }) };
}

/** Whether pg_rewind could be used, where checksums, which no file tells, do not decide it. */
function rewindOf(settings: readonly RenderedProperty[]): RenderedProperty {
  const of = (name: string) => settings.find(({ property }) => property === `settings.${name}`)?.value;
  const property = 'rewind';
  if (of('full_page_writes') === 'off') return { property, value: 'impossible', note: others };
  if (of('full_page_writes') === 'on' && of('wal_log_hints') === 'on')
    return { property, value: 'possible', note: others };
  return {
    property,
    why: 'no file tells whether the server has data checksums, and the settings alone do not decide it',
  };
}
