/**
 * The built program in few files: node looks up, opens and compiles each module by itself, which costs a command more than its
 * own work. What is loaded on demand stays so. The library in dist/ is what tsc made of it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Taken in with all that they import: every command parses options. */
const TAKEN_IN = ['picocolors', 'string-width', 'yargs', 'yargs/helpers'];

/** The folder of the package that a module belongs to. */
const packageOf = (id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0];

/** The licences of the packages that are taken in, beside what was made of them. */
const licences = (which) => ({
  name: 'licences',
  generateBundle(_options, files) {
    const ids = Object.values(files).flatMap((file) => ('moduleIds' in file ? file.moduleIds : []));
    const texts = [...new Set(ids.map(packageOf).filter(Boolean))].sort().map((folder) => {
      const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const said = file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8').trim() : license;
      return `${name} ${version}\n\n${said}\n`;
    });
    this.emitFile({ type: 'asset', fileName: `${which}LICENCES.txt`, source: texts.join('\n---\n\n') });
  },
});

/**
 * What packages load or make as they are loaded, and few commands use, on demand or not at all: one segmenter of texts takes as long
 * as all else of a start, and ssh2's server and agents bring HTTP along.
 */
const ON_DEMAND = [
  {
    of: /\/node_modules\/[^/]+\/node_modules\/string-width\/index\.js$/,
    parts: {
      'const segmenter = new Intl.Segmenter();':
        'let made; const segmenter = { segment: (text) => (made ??= new Intl.Segmenter()).segment(text) };',
    },
  },
  {
    of: /\/yargs\/node_modules\/string-width\/index\.js$/,
    parts: {
      'const rgiEmojiRegex = /^\\p{RGI_Emoji}$/v;':
        'const rgiEmojiRegex = { test: (text) => /^\\p{RGI_Emoji}$/v.test(text) };',
    },
  },
  { of: /\/yargs-parser\/build\/lib\/index\.js$/, parts: { 'createRequire(import.meta.url)': 'module.require' } },
  {
    of: /\/yargs\/lib\/platform-shims\/esm\.mjs$/,
    parts: {
      'createRequire(import.meta.url)': 'module.require',
      "import { notStrictEqual, strictEqual } from 'assert'": `
        const demand = (right, message) => { if (!right) throw new Error(message ?? 'yargs was used wrongly'); };
        const strictEqual = (one, other, message) => demand(Object.is(one, other), message);
        const notStrictEqual = (one, other, message) => demand(!Object.is(one, other), message);`,
    },
  },
  {
    of: /\/ssh2\/lib\/index\.js$/,
    parts: {
      "const {\n  SSHTTPAgent: HTTPAgent,\n  SSHTTPSAgent: HTTPSAgent,\n} = require('./http-agents.js');": '',
      '  HTTPAgent,\n  HTTPSAgent,\n': '',
      "Server: require('./server.js')": "get Server() { return require('./server.js'); }",
      "...require('./keygen.js')": "get generateKeyPairSync() { return require('./keygen.js').generateKeyPairSync; }",
    },
  },
];
const onDemand = {
  name: 'on-demand',
  transform: (code, id) =>
    ON_DEMAND.filter(({ of }) => of.test(id))
      .flatMap(({ parts }) => Object.entries(parts))
      .reduce((text, [part, instead]) => {
        if (!text.includes(part)) throw new Error(`${id} has no part: ${part}`);
        return text.replace(part, instead);
      }, code),
};

/** Where every character is one of ASCII, a file is held as it is read, a byte for a character: one other makes it twice as long. */
const ascii = {
  name: 'ascii',
  generateBundle(_options, files) {
    for (const file of Object.values(files)) {
      if (!('code' in file)) continue;
      if (/\\[^\x00-\x7f]/.test(file.code)) throw new Error(`${file.fileName}: an escape would become another character`);
      file.code = file.code.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
    }
  },
};

/** A package that is read on demand and at once is a file to require: of seventy files, one. */
const alone = (name, more = {}) => ({
  input: { [name]: name },
  platform: 'node',
  plugins: [ascii, licences(`${name}-`)],
  output: { dir: 'dist/program', format: 'cjs', entryFileNames: '[name].cjs' },
  ...more,
});

/** ssh2's cipher in C is not a module to take in: it is required from where it was installed, if it was. */
const native = {
  external: (id) => id.startsWith('node:') || id === 'cpu-features' || id.endsWith('.node'),
  plugins: [
    {
      name: 'native',
      transform: (code, id) => (id.endsWith('/ssh2/lib/protocol/crypto.js') ? code.replace("require('./crypto/", "require('ssh2/lib/protocol/crypto/") : null),
    },
    onDemand,
    ascii,
    licences('ssh2-'),
  ],
};

/** What is required by name is loaded by bin/program.js, as the rest is. */
const ownRequire = {
  name: 'own-require',
  transform: (code, id) =>
    /\/dist\/core\/(packages|compiled-schemas)\.js$/.test(id) ? code.replace('createRequire(import.meta.url)', 'module.require').replace("require('yaml')", "require('./yaml.cjs')") : null,
};

const main = {
  input: { main: 'dist/cli/main.js' },
  platform: 'node',
  external: (id, from) => !/^[./]/.test(id) && !TAKEN_IN.includes(id) && (id.startsWith('node:') || !packageOf(from ?? '')),
  plugins: [ownRequire, onDemand, ascii, licences('')],
  // yargs asks for the place of its module only where somebody extends a configuration, which nobody can here.
  checks: { emptyImportMeta: false },
  output: {
    dir: 'dist/program',
    cleanDir: true,
    format: 'cjs',
    dynamicImportInCjs: false,
    paths: { ssh2: './ssh2.cjs' },
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name].cjs',
  },
};

export default [main, alone('yaml'), alone('ssh2', native)];
