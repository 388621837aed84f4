/** The manual: its links lead somewhere, its command lines parse, its examples are valid, and what it shows is what is so. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { parse } from '../src/cli/parse.js';
import { sceneOf } from '../src/cli/scenes.js';
import { fleetReporters } from '../src/fleet/reporters/index.js';
import { loadPack, packDir, packIndex } from '../src/pack/load.js';
import { reporters } from '../src/reporters/index.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');
const manual = [
  ...['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'reports/recipes/README.md'],
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const pages = manual.map((path) => ({ path, text: textOf(path) }));

/** The blocks of a language. */
const blocksOf = (text: string, language: string) =>
  [...text.matchAll(/^( *)```(\w+)\n([\s\S]*?)^\1```$/gm)]
    .filter(([, , name]) => name === language)
    .map(([, indent = '', , body = '']) => body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));
const withoutBlocks = (text: string) => text.replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '');
const codeIn = (text: string) => [...withoutBlocks(text).matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

/** A heading's anchor, as GitHub and GitLab make it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
const anchorsOf = (text: string) =>
  [...withoutBlocks(text).matchAll(/^#+ (.+)$/gm)].map(([, one = '']) => anchorOf(one));

/** Why a link of a page leads nowhere; empty where it leads somewhere. */
function faultOf(path: string, link: string): string[] {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? path : normalize(join(dirname(path), file));
  if (!existsSync(join(root, target))) return [`${path}: ${link}: there is no ${target}`];
  return anchor === undefined || anchorsOf(textOf(target)).includes(anchor)
    ? []
    : [`${path}: ${link}: ${target} has no such heading`];
}

describe.each(pages)('$path', ({ path, text }) => {
  it('has links that lead to files and headings that are there', () => {
    const links = [...withoutBlocks(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    expect(links.flatMap((link) => faultOf(path, link))).toEqual([]);
  });

  it('names files that are there', () => {
    const named = codeIn(text).filter((code) => /^(src|test|docs|reports|rules|bin|\.ci)\/[\w./-]+$/.test(code));
    const examples = /^rules\/NAME\b/;
    expect(named.filter((name) => !examples.test(name) && !existsSync(join(root, name)))).toEqual([]);
  });

  it('names no address that is not the project’s own, and no folder of one machine', () => {
    expect(text).not.toMatch(/https?:|mailto:|\bwww\.|[\w.-]+@[\w-]+\.(com|org|net|dev|io)\b/);
    expect(text).not.toMatch(/(^|[\s"'`(=])\/(home|Users|root|tmp|work|workspace)\//m);
  });

  it('has none of the words that say nothing', () => {
    const phrases = /stands? against|less gravely|as far as (that|it) is known|wherever (they|it) stands?/;
    expect(withoutBlocks(text)).not.toMatch(phrases);
    const names =
      /^(src\/)?(\w+\/)*(tells|places|prospect|here|words|answers|asking|questions|outcomes|judgement|samples|reading|gates|refusal|record|watcher|given|outputs|way|single|elsewhere|marks|entry|dry run)\.tsx?$/;
    expect(codeIn(text).filter((code) => names.test(code))).toEqual([]);
  });
});

describe('command lines', () => {
  /** Every call of pairflight, in blocks and in sentences, as words without what the shell does with them. */
  const calls = pages.flatMap(({ path, text }) => {
    const blocks = blocksOf(text, 'sh').map((block) => block.replaceAll(/<<'EOF'\n[\s\S]*?^EOF$/gm, ''));
    const lines = [...blocks.flatMap((block) => block.split('\n')), ...codeIn(text)];
    return lines.flatMap((line) =>
      line
        .replace(/\s#.*$/, '')
        .split(/&&|\||;/)
        .flatMap((part) => /^\s*(?:npx )?pairflight((?: .*)?)$/.exec(part)?.[1] ?? [])
        .map((rest) => ({ path, words: [...rest.matchAll(/'[^']*'|"[^"]*"|\S+/g)].map(([word]) => word) })),
    );
  });
  const helps = new Map<string, Promise<string>>();

  /** The help of a command, by which the program itself says what it takes. */
  function helpOf(command: string): Promise<string> {
    const known = helps.get(command);
    if (known) return known;
    const made = (async () => {
      const log = vi.spyOn(console, 'log').mockImplementation(() => {});
      await parse([...command.split(' ').filter(Boolean), '--help']);
      const said = log.mock.calls.join('\n');
      log.mockRestore();
      return said;
    })();
    helps.set(command, made);
    return made;
  }
  const commandsIn = (help: string) =>
    [...help.matchAll(/^ {2}pairflight ((?:(?:rules|fleet) )?[a-z]+)\b/gm)].map(([, name = '']) => name);
  const roles = packIndex().packs.flatMap((name) => Object.keys(loadPack(packDir(name)).roles));

  it('are many', () => {
    expect(calls.length).toBeGreaterThan(40);
  });

  it('name commands, options and formats that there are', async () => {
    const faults: string[] = [];
    const groups = ['rules', 'fleet'];
    const commands = (await Promise.all(['', ...groups].map(helpOf))).flatMap(commandsIn);
    for (const { path, words } of calls) {
      const line = `${path}: pairflight ${words.join(' ')}`;
      const depth = groups.includes(words[0] ?? '') ? 2 : 1;
      const command = words[0]?.startsWith('-') ? '' : words.slice(0, depth).join(' ');
      if (command !== '' && !commands.includes(command)) faults.push(`${line}: no such command`);
      const help = `${await helpOf(command)}${roles.map((role) => ` --${role} `).join('')}`;
      for (const [at, word] of words.entries()) {
        const option = /^(--[a-z-]+|-[a-z])(=|$)/.exec(word)?.[1];
        if (option && !new RegExp(`(^|[\\s,])${option}\\b`, 'm').test(help)) faults.push(`${line}: no ${option}`);
        const format = words[at - 1] === '--report' ? word.replace(/=.*/, '') : undefined;
        if (
          format !== undefined &&
          format !== 'FORMAT' &&
          format !== 'nagios' &&
          !Object.hasOwn({ ...reporters, ...fleetReporters }, format)
        )
          faults.push(`${line}: no format ${format}`);
      }
    }
    expect(faults).toEqual([]);
  });

  it('play pairs that there are', () => {
    const played = calls.flatMap(({ words: [command, ...words] }) => (command === 'demo' ? [words] : []));
    const scenes = played.flatMap(([scenario, more]) =>
      /^(fleet|declared|--.*)$/.test(scenario ?? '')
        ? []
        : [sceneOf({ ...(scenario && { scenario }), ...(more && { more }) }).demo.product],
    );
    expect(new Set(scenes)).toEqual(new Set(['alation', 'alien4cloud', 'postgresql']));
  });
});

describe('the parts of CI', () => {
  it('stand in CONTRIBUTING with their budgets, in their order', () => {
    const parts = [...textOf('.ci/run').matchAll(/^part '([^']+)' (\d+|-) /gm)].map(([, name, minutes]) => [
      name,
      minutes,
    ]);
    const rows = [...textOf('CONTRIBUTING.md').matchAll(/^\| ([^|]+) \| (\d*) ?\|[^|]*\|$/gm)].map(
      ([, names = '', minutes]) => names.split(', ').map((name) => [name, minutes || '-']),
    );
    expect(parts.length).toBeGreaterThan(9);
    expect(rows.flat()).toEqual(parts);
  });
});

describe('an inventory in the manual', () => {
  const inventories = pages.flatMap(({ path, text }) =>
    blocksOf(text, 'yaml').flatMap((block) => (/^product: /m.test(block) ? [{ path, block }] : [])),
  );

  it('is shown for more than one product', () => {
    expect(new Set(inventories.map(({ block }) => /^product: .*/m.exec(block)?.[0])).size).toBeGreaterThan(1);
  });

  it.each(inventories)('is taken by a plan: $path', async ({ block }) => {
    const folder = mkdtempSync(join(tmpdir(), 'pairflight-docs-'));
    const file = join(folder, 'pairflight.yaml');
    writeFileSync(file, block);
    const taken = (_text: unknown, done?: unknown) => {
      if (typeof done === 'function') done();
      return true;
    };
    const written = vi.spyOn(process.stdout, 'write').mockImplementation(taken);
    try {
      expect(await parse(['plan', file])).toBe(0);
    } finally {
      written.mockRestore();
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the README', () => {
  it('shows lines of the example in reports/examples, in their order', () => {
    const [block = ''] = blocksOf(textOf('README.md'), 'text');
    const parts = block.split(/^\.\.\.\n/m);
    expect(parts.length).toBeGreaterThan(2);
    let rest = textOf('reports/examples/report.txt');
    for (const part of parts) {
      expect(rest).toContain(part);
      rest = rest.slice(rest.indexOf(part) + part.length);
    }
  });

  it('links to every page of the manual', () => {
    for (const path of manual.filter((one) => one.startsWith('docs/')))
      expect(textOf('README.md')).toContain(`](${path})`);
  });
});

describe('a picture', () => {
  const lines = textOf('docs/pictures/pages.sha256').trim().split('\n');

  it.each(lines)('was made from the page as it is: %s', (line) => {
    const [hash, page = ''] = line.split('  ');
    const is = createHash('sha256')
      .update(readFileSync(join(root, page)))
      .digest('hex');
    expect(
      is,
      `${page} has changed: run npm run generate:pictures (needs chromium), look at the picture, commit it`,
    ).toBe(hash);
  });
});

describe('CONTRIBUTING', () => {
  const text = textOf('CONTRIBUTING.md');
  const packageJson = JSON.parse(textOf('package.json'));

  it('has every folder of src on its map, with what it may import', () => {
    const rows = text.matchAll(/^\| `src\/([\w.]+)` \|.*\| (.*) \|$/gm);
    const allowed = new Map([...rows].map(([, name = '', may = '']) => [name, may.replaceAll('`', '')]));
    const held = textOf('test/arrows.test.ts').matchAll(/^ {2}'?([\w.]+)'?: (\[[^\]]*\]|'all'),$/gm);
    const arrows = [...held].map(([, name = '', may = '']) => [name, may.replaceAll(/[[\]']/g, '') || 'nothing']);
    expect(Object.fromEntries(allowed)).toEqual(Object.fromEntries(arrows));
    expect([...allowed.keys()].toSorted()).toEqual(readdirSync(join(root, 'src')).toSorted());
  });

  it('gives a reason for each package, and for no other', () => {
    const [, table = ''] = /## Dependencies[^\n]*\n\n\|.*\n\|.*\n((?:\|.*\n?)+)/.exec(text) ?? [];
    const named = table
      .trim()
      .split('\n')
      .flatMap((row) => (row.split('|')[1] ?? '').split(','))
      .map((name) => name.replace('(optional)', '').trim());
    const { dependencies, devDependencies, optionalDependencies } = packageJson;
    expect(named.toSorted()).toEqual(
      Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }).toSorted(),
    );
  });

  it('names scripts that there are', () => {
    const named = pages.flatMap((page) =>
      [...page.text.matchAll(/\bnpm (?:run ([\w:]+)|(test)\b)/g)].map(([, run, test]) => run ?? test ?? ''),
    );
    expect(named.filter((name) => !Object.hasOwn(packageJson.scripts, name))).toEqual([]);
  });
});
