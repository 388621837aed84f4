/**
 * Loads the built program, with the code that V8 made of it when it was built: compiling takes longer than most commands' own work.
 * That code is taken by the Node that made it alone, and only where source and code are those of the build, to the byte: V8 compares
 * no more than lengths. Without it everything runs as well, and starts later.
 */
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { isAbsolute, join } = require('node:path');
const { Script } = require('node:vm');

const folder = join(__dirname, '../dist/program');
const modules = new Map();
const HASH_BYTES = 32;

/** What was loaded, by file, for whoever keeps its code. */
exports.scripts = new Map();

/** The built program. */
exports.program = () => load(join(folder, 'main.cjs'));

/** Where the code of a file is kept: beside it, so that a build that removes the one removes the other. */
exports.codeFile = (file) => `${file}.${process.version}-${process.platform}-${process.arch}`;

/** What is kept of a file: a hash of its source and code, and the code. */
exports.kept = (source, code) => Buffer.concat([hashOf(source, code), code]);

/** Files of the program and compiled schemas are loaded here, packages and Node's own modules as ever. */
function load(file) {
  const known = modules.get(file);
  if (known) return known.exports;
  const own = (id) => (id.startsWith('./') ? load(join(folder, id)) : isAbsolute(id) ? load(id) : require(id));
  const module = { exports: {}, require: own };
  modules.set(file, module);
  const source = readFileSync(file);
  const cachedData = codeOf(file, source);
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    cachedData,
  });
  exports.scripts.set(file, script);
  script.runInThisContext()(module.exports, own, module, file, folder);
  return module.exports;
}

function codeOf(file, source) {
  try {
    const kept = readFileSync(exports.codeFile(file));
    const code = kept.subarray(HASH_BYTES);
    return hashOf(source, code).equals(kept.subarray(0, HASH_BYTES)) ? code : undefined;
  } catch {
    return undefined;
  }
}

function hashOf(source, code) {
  return createHash('sha256').update(source).update(code).digest();
}
