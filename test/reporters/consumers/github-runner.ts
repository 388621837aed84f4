/**
 * What GitHub's runner takes from a step's output (actions/runner: Runner.Common/ActionCommand.cs and
 * Runner.Worker/ActionCommandManager.cs). Modelled: a line that begins with `::` after blanks is a command up to the next `::`;
 * in any other line `##[name ...]` is one, wherever it stands; only names that the runner knows count; properties are parted
 * by commas; `%25` is undone last; beyond ten of a level no annotation is made.
 */

/** A command as the runner understood it. */
export interface Command {
  name: string;
  properties: Record<string, string>;
  data: string;
}

const known = [
  'error',
  'warning',
  'notice',
  'debug',
  'group',
  'endgroup',
  'add-mask',
  'stop-commands',
  'set-output',
  'set-env',
  'add-path',
  'save-state',
  'add-matcher',
  'remove-matcher',
  'echo',
];

/** The commands of an output, and the lines that are none. */
export function runner(output: string): { commands: Command[]; log: string[] } {
  const lines = output.split(/\r\n|\n|\r/);
  const commands = lines.map((line) => modern(line) ?? old(line));
  return {
    commands: commands.filter((command) => command !== undefined),
    log: lines.filter((_, at) => commands[at] === undefined),
  };
}

/** The annotations that a step is left with: ten of each level, the first ones, each cut at 4096 characters. */
export function annotations({ commands }: { commands: Command[] }): Command[] {
  return ['error', 'warning', 'notice'].flatMap((level) => {
    const own = commands.filter(({ name }) => name === level).slice(0, 10);
    return own.map((command) => ({ ...command, data: command.data.slice(0, 4096) }));
  });
}

function modern(line: string): Command | undefined {
  const [, head = '', data = ''] = /^::(.*?)::(.*)$/s.exec(line.trimStart()) ?? [];
  const [, name = '', rest = ''] = /^([^ ]*) ?(.*)$/s.exec(head) ?? [];
  if (!known.includes(name.toLowerCase())) return undefined;
  return { name, properties: propertiesOf(rest, ','), data: undone(data) };
}

function old(line: string): Command | undefined {
  const [, head = '', data = ''] = /##\[(.*?)\](.*)$/s.exec(line) ?? [];
  const [, name = '', rest = ''] = /^([^ ]*) ?(.*)$/s.exec(head) ?? [];
  if (!known.includes(name.toLowerCase())) return undefined;
  return { name, properties: propertiesOf(rest, ';'), data: undone(data) };
}

function propertiesOf(text: string, comma: string): Record<string, string> {
  const pairs = text.split(comma).map((one) => /^([^=]+)=(.+)$/s.exec(one.trim()));
  return Object.fromEntries(
    pairs.flatMap((pair) =>
      pair ? [[pair[1], undone(pair[2]?.replaceAll('%3A', ':').replaceAll('%2C', ',') ?? '')]] : [],
    ),
  );
}

function undone(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}
