// Solves the puzzle of a form that is asked one, while somebody reads the page; sending waits for it. Nothing else works
// without it: who has no scripts answers a question instead. No crypto.subtle, which plain http does not have.

const constants = [];
const start = [];
for (let candidate = 2; constants.length < 64; candidate += 1) {
  if (!isPrime(candidate)) continue;
  if (start.length < 8) start.push(fraction(Math.sqrt(candidate)));
  constants.push(fraction(Math.cbrt(candidate)));
}

function isPrime(number) {
  for (let divisor = 2; divisor * divisor <= number; divisor += 1) if (number % divisor === 0) return false;
  return true;
}

function fraction(root) {
  return ((root - Math.floor(root)) * 0x100000000) | 0;
}

const words = new Int32Array(64);
const turn = (word, by) => (word >>> by) | (word << (32 - by));

/** The first 32 bits of the SHA-256 of an ASCII text. */
export function firstBits(text) {
  const length = text.length;
  const blocks = ((length + 8) >> 6) + 1;
  let state = start;
  for (let block = 0; block < blocks; block += 1) {
    for (let at = 0; at < 16; at += 1) words[at] = wordAt(text, (block * 16 + at) * 4);
    if (block === blocks - 1) words[15] = length * 8;
    state = digestBlock(state);
  }
  return state[0] >>> 0;
}

function wordAt(text, from) {
  let word = 0;
  for (let at = from; at < from + 4; at += 1) {
    const code = at < text.length ? text.charCodeAt(at) : at === text.length ? 0x80 : 0;
    word = (word << 8) | code;
  }
  return word;
}

function digestBlock(state) {
  for (let at = 16; at < 64; at += 1) {
    const [a, b] = [words[at - 15], words[at - 2]];
    const early = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
    const late = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
    words[at] = (words[at - 16] + early + words[at - 7] + late) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let at = 0; at < 64; at += 1) {
    const mixed = (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g));
    const one = (h + mixed + constants[at] + words[at]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  return [a, b, c, d, e, f, g, h].map((word, at) => (word + state[at]) | 0);
}

/** The smallest number whose hash behind the stamp begins with enough zeros; lets the page go on in between. */
export async function solve(stamp, bits) {
  for (let proof = 0; ; proof += 1) {
    if (firstBits(`${stamp}:${proof}`) >>> (32 - bits) === 0) return String(proof);
    if (proof % 2000 === 1999) await new Promise(resolve => setTimeout(resolve));
  }
}

function watch(form) {
  const { puzzle_stamp: stamp, puzzle_proof: field } = form.elements;
  const solved = solve(stamp.value, Number(form.dataset.bits)).then(proof => {
    field.value = proof;
  });
  form.addEventListener('submit', event => {
    if (field.value !== '') return;
    event.preventDefault();
    const button = form.querySelector('button');
    button.disabled = true;
    solved.then(() => form.submit());
  });
}

if (typeof document !== 'undefined')
  for (const form of document.querySelectorAll('form[data-bits]')) watch(form);
