// Runs a program that was put into one file (one-file.ts): node one-file-start.cjs <file> …
// V8 keeps what it made of the source beside it; the first process that lives long enough leaves it to the others.
// Plain JavaScript, for nothing may be loaded before the program that is to start fast.
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

const file = process.argv[2];
const head = readHead();
const kept = `${file}.${head}.cache`;

/** What a compilation begins with: which V8 made it, and with which options. Another V8 or other options do not take it. */
function readHead() {
  return new vm.Script('0').createCachedData().subarray(0, 16).toString('hex');
}

function readKept() {
  try {
    return readFileSync(kept);
  } catch {
    return undefined;
  }
}

const cachedData = readKept();
// All in ASCII, which is not looked at letter by letter then, and given as it is, for putting a word before it copies it.
const script = new vm.Script(readFileSync(file, 'latin1'), { filename: file, cachedData });
process.argv.splice(1, 1);
script.runInThisContext()(createRequire(file), file, path.dirname(file));

if (cachedData === undefined || script.cachedDataRejected) {
  // After the start, so that the functions it needed are among what is kept; a server that starts has other options.
  const keep = () => {
    if (readHead() !== head) return;
    clearInterval(looking);
    const own = `${kept}.${process.pid}`;
    writeFileSync(own, script.createCachedData());
    renameSync(own, kept);
  };
  const looking = setInterval(keep, 1_000).unref();
}
