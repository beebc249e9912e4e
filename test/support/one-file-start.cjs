// Runs a program that was put into one file (one-file.ts): node one-file-start.cjs <file> …
// V8 keeps what it made of the source in `<file>.cache`; the first process that lives long enough leaves it to the others.
// Plain JavaScript, for nothing may be loaded before the program that is to start fast.
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

const file = process.argv[2];
const kept = `${file}.cache`;

function readKept() {
  try {
    return readFileSync(kept);
  } catch {
    return undefined;
  }
}

const cachedData = readKept();
const source = `(function (require, __filename, __dirname) {${readFileSync(file, 'utf8')}\n})`;
const script = new vm.Script(source, { filename: file, cachedData });
process.argv.splice(1, 1);
script.runInThisContext()(createRequire(file), file, path.dirname(file));

if (cachedData === undefined || script.cachedDataRejected) {
  // After the start, so that the functions it needed are among what is kept.
  const keep = () => {
    const own = `${kept}.${process.pid}`;
    writeFileSync(own, script.createCachedData());
    renameSync(own, kept);
  };
  setTimeout(keep, 1_000).unref();
}
