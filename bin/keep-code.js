/**
 * The last step of a build: runs commands that together use most of the program, hosts and all, and keeps the code that V8 made
 * of it meanwhile for `program.js`.
 */
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { Writable } = require('node:stream');
const { codeFile, kept, program, scripts } = require('./program.js');

const commands = [
  ['rules', 'list', '--product', 'alation'],
  ['plan', '--host', 'primary=a', '--host', 'secondary=b', '--ssh-config', 'none'],
  ['evaluate', join(__dirname, '../reports/examples/evidence.json')],
  ['demo'],
];

async function keep() {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  Object.defineProperty(process, 'stdout', { value: silent });
  const { main } = program();
  for (const words of commands) {
    await main(words);
    // 0 and 1 are verdicts.
    if (process.exitCode > 1) throw new Error(`pairflight ${words.join(' ')} ended with ${process.exitCode}`);
  }
  for (const [file, script] of scripts) {
    writeFileSync(codeFile(file), kept(readFileSync(file), script.createCachedData()));
  }
}

keep().then(
  () => {
    process.exitCode = 0;
  },
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
