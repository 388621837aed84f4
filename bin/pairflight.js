#!/usr/bin/env node
// Written so that any Node since 10 can parse it: an old one is to say what it lacks, in words.
// The versions are those of "engines" in package.json.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major >= 23 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19)) {
  Promise.resolve()
    .then(() => require('./program.js').program().main(process.argv.slice(2)))
    .catch((error) => {
      process.exitCode = 70;
      process.stderr.write(`pairflight: this is a bug of pairflight itself: ${error.stack}\n`);
    });
} else {
  process.exitCode = 2;
  process.stderr.write(
    `pairflight: needs Node 20.19 or later (20.19, 22.12, or 23 and later); this is ${process.version}\n       try: nvm install 22\n`,
  );
}
