import { fold } from '../../kernel/words/fold.ts';
import { coverStreets } from './address.ts';
import { coverContacts, findEmails } from './contact-details.ts';
import { place, reach, surroundings } from './name-evidence.ts';
import {
  firmWords,
  givenNames,
  ordinaryFamilyNames,
  ordinaryWords,
  particles,
  placeFamilyNames,
  placeWords,
  titles,
  wordsWhenSmall,
} from './name-words.ts';

interface Word {
  text: string;
  /** In small letters, without accents. */
  folded: string;
  start: number;
  end: number;
  /** Written with a capital, in a text where capitals say something. */
  isProper: boolean;
  /** `J.` */
  isInitial: boolean;
}

/** Words that may be a name: where it begins and ends among all words, and which of them carry it. */
interface Candidate {
  first: number;
  last: number;
  title: Word | undefined;
  core: readonly Word[];
}

const enough = 5;
/** Every name is compared with each; nobody writes more into a note. */
const mostMailboxes = 10;

/**
 * The name of the person a text is about: the words that can be a name and have the most around them that says so; the
 * earliest of equals, undefined when none has enough. Streets, telephone numbers and mail addresses are covered first.
 */
export function findName(written: string): string | undefined {
  const text = givenFirst(written);
  const covered = coverStreets(coverContacts(text, reach), place);
  const words = wordsOf(covered);
  const mailboxes = findEmails(text).slice(0, mostMailboxes).map(mailboxOf);
  let best: { candidate: Candidate; points: number } | undefined;
  for (let at = 0; at < words.length; at += 1) {
    const candidate = candidateAt(words, at, covered);
    if (!candidate) continue;
    const points = pointsOf(candidate, words, covered, mailboxes);
    if (points >= enough && points > (best?.points ?? 0)) best = { candidate, points };
    at = candidate.last;
  }
  return best && spelled(words.slice(best.candidate.first, best.candidate.last + 1), covered);
}

const mailboxOf = (email: string) => fold(email.split('@')[0] ?? '').replace(/[^a-z]/g, '');

/** `From: "Ortiz, Daniel"` the other way round. */
const givenFirst = (text: string) =>
  text.replace(
    /(?<label>\b(?:from|name|customer|client|caller|contact)\s?:\s?["“]?)(?<family>\p{L}[\p{L}'’-]{1,40}), (?<given>\p{L}{2,40})(?![\p{L}'’-])/giu,
    (whole, label: string, family: string, given: string) =>
      givenNames.has(fold(given)) && !ordinaryWords.has(fold(family)) ? `${label}${given} ${family}` : whole,
  );

const wordPattern = /\p{L}[\p{L}\p{M}]*(?:['’-]\p{L}+)*/gu;

function wordsOf(text: string): Word[] {
  const small = text.match(/\p{Ll}/gu)?.length ?? 0;
  const isShouted = small < (text.match(/\p{Lu}/gu)?.length ?? 0);
  return [...text.matchAll(wordPattern)].map(({ 0: word, index }) => ({
    text: word,
    folded: fold(word).replaceAll('’', "'"),
    start: index,
    end: index + word.length,
    isProper: !isShouted && /^\p{Lu}/u.test(word),
    isInitial: /^\p{Lu}$/u.test(word) && text[index + 1] === '.',
  }));
}

/** The longest name that begins at a word: a title, up to four words and the small ones between, or a couple. */
function candidateAt(words: readonly Word[], first: number, text: string): Candidate | undefined {
  const start = words[first];
  if (!start) return undefined;
  const titleAt = titleEnd(words, first, text);
  const title = titleAt === undefined ? undefined : words[titleAt];
  const core: Word[] = [];
  let last = first;
  let at = titleAt === undefined ? first : titleAt + 1;
  if (title && !isJoined(title, words[at], text, true)) return undefined;
  for (let word = words[at]; word && core.length < 4; word = words[at]) {
    const before = words[at - 1];
    if (core.length > 0 && !isJoined(before, word, text, before?.text.length === 1)) break;
    if (core.length > 0 && particles.has(word.folded) && isLinked(words, at, core, text)) {
      at += 1;
      continue;
    }
    if (core.length > 0 && particles.has(word.folded) && !word.isProper) break;
    if (!canBeIn(core, word, title)) break;
    core.push(word);
    const partner = partnerAt(words, at, core, text);
    if (partner) core.push(partner.word);
    last = partner?.at ?? at;
    at = last + 1;
  }
  return core.every(word => word.text.length === 1) ? undefined : { first, last, title, core };
}

/** Where the title in front of a name ends: `Dr`, `Mr and Mrs`. */
function titleEnd(words: readonly Word[], first: number, text: string): number | undefined {
  if (!isTitle(words, first, text)) return undefined;
  const [one, next] = [words[first], words[first + 1]];
  const isSecond =
    one && next && /^\.? ?& ?$/.test(text.slice(one.end, next.start)) && titles.has(next.folded);
  if (isSecond) return first + 1;
  return next?.folded === 'and' && titles.has(words[first + 2]?.folded ?? '') ? first + 2 : first;
}

/** `Dr` in front of a name, and not behind one as the `Dr` of a street. */
function isTitle(words: readonly Word[], at: number, text: string): boolean {
  const [before, word] = [words[at - 1], words[at]];
  if (!word || !titles.has(word.folded)) return false;
  return !(
    word.folded === 'dr' &&
    before?.isProper &&
    !ordinaryWords.has(before.folded) &&
    isJoined(before, word, text)
  );
}

/** One space between two words, or a dot behind a short one. */
function isJoined(
  before: Word | undefined,
  word: Word | undefined,
  text: string,
  mayHaveDot = false,
): boolean {
  if (!before || !word) return false;
  const gap = text.slice(before.end, word.start);
  return gap === ' ' || (mayHaveDot && (gap === '. ' || gap === '.'));
}

/** `de la` in `Guadalupe de la Cruz`, `y` in `Villalobos y Mora`: small words lead to another word of the name. */
function isLinked(words: readonly Word[], at: number, core: readonly Word[], text: string): boolean {
  for (let next = at + 1; next <= at + 3; next += 1) {
    const [before, word] = [words[next - 1], words[next]];
    if (!word || !isJoined(before, word, text)) return false;
    if (!particles.has(word.folded)) return canBeIn(core, word, undefined);
  }
  return false;
}

function canBeIn(core: readonly Word[], word: Word, title: Word | undefined): boolean {
  const [first] = core;
  const isFirst = first === undefined;
  if (word.isInitial) return true;
  if (word.text.length === 1)
    return !isFirst && first.isProper === word.isProper && !/^[aiuw]$/i.test(word.text);
  if (/['’]s$/.test(word.folded) && isFirst) return false;
  if (!isFirst && first.isProper !== word.isProper) return false;
  if (!isFirst && /^\p{Lu}{2}$/u.test(word.text) && word.isProper) return false;
  if (ordinaryWords.has(word.folded.replaceAll("'", '')) || titles.has(word.folded)) {
    const isProper = word.isProper && first !== undefined;
    return (isProper || title !== undefined) && ordinaryFamilyNames.has(word.folded);
  }
  // Small letters end nothing: two words, or three when the first is a given name, are as much as anybody is called.
  return isFirst || word.isProper || core.length < (isGiven(first) ? 3 : 2);
}

/** The second given name of a couple: `Bob and Linda Carver`. */
function partnerAt(words: readonly Word[], at: number, core: readonly Word[], text: string) {
  const [word, next, third] = [words[at], words[at + 1], words[at + 2]];
  if (core.length !== 1 || !word || !next || !isGiven(word)) return undefined;
  if (/^ ?[&+] ?$/.test(text.slice(word.end, next.start)) && isGiven(next)) return { word: next, at: at + 1 };
  const isAnd = (next.folded === 'and' || next.folded === 'y') && isJoined(word, next, text);
  return isAnd && third && isJoined(next, third, text) && isGiven(third)
    ? { word: third, at: at + 2 }
    : undefined;
}

const isGiven = ({ folded, isProper }: Word) =>
  givenNames.has(folded.split('-')[0] ?? '') && (isProper || !wordsWhenSmall.has(folded));

/** What speaks for a candidate and against it. */
function pointsOf(
  { first, last, title, core }: Candidate,
  words: readonly Word[],
  text: string,
  mailboxes: readonly string[],
): number {
  const [start, end, behind] = [words[first], words[last], words[last + 1]];
  const [given, ...others] = core;
  const family = others.at(-1);
  if (!start || !end || !given || /['’]s$/.test(end.folded)) return 0;
  if (core.length === 1 && given.isProper && /^\p{Lu}{2}$/u.test(given.text)) return 0;
  if (isFirm(core, behind && isJoined(end, behind, text) ? behind : undefined)) return 0;
  const isMailbox = core.some(word => isIn(word, mailboxes));
  return (
    surroundings(text, start.start, end.end) +
    (title ? 6 : 0) +
    (isGiven(given) ? 3 : 0) +
    (given.isProper && core.length > 1 ? 2 : 0) +
    (given.isProper || title ? 0 : -1) +
    (core.length === 1 && !title ? (isGiven(given) ? -1 : -2) : 0) +
    (given.isInitial ? -2 : 0) +
    (core.length === 1 && behind?.isProper && isJoined(end, behind, text) ? -4 : 0) +
    (core.filter(word => !word.isInitial).length > 2 && !isGiven(given) && !title ? -2 : 0) +
    (isMailbox ? 4 : 0) +
    placePoints(family, behind && isJoined(end, behind, text) ? behind : undefined)
  );
}

/** `Blue Heron Books`, `Summit` in front of `Apartments`. */
const isFirm = (core: readonly Word[], behind: Word | undefined) =>
  core.some(({ folded }) => firmWords.has(folded)) ||
  (behind?.isProper === core[0]?.isProper && firmWords.has(behind?.folded ?? ''));

/** `Maple Street`, `Oak Hill` in front of `Subdivision`; less against a family name that many people have: `Faith Park`. */
function placePoints(family: Word | undefined, behind: Word | undefined): number {
  const isPlace = [family, behind].some(word => word !== undefined && placeWords.has(word.folded));
  if (!isPlace) return 0;
  return family && placeFamilyNames.has(family.folded) ? -2 : -4;
}

const isIn = ({ folded }: Word, mailboxes: readonly string[]) => {
  const letters = folded.replace(/[^a-z]/g, '');
  return letters.length >= 3 && mailboxes.some(mailbox => mailbox.includes(letters));
};

/** As people write it in a letter: `Mrs Hart`, `Guadalupe de la Cruz`, `Patricia O'Leary`. */
const spelled = (words: readonly Word[], text: string) =>
  text
    .slice(words[0]?.start, words.at(-1)?.end)
    .replace(/(?<=\b(?:mr|mrs|ms|miss|mx|dr|sra?|srta))\./giu, ' ')
    .replace(/\s+/g, ' ')
    .replace(wordPattern, word => (isBare(word) ? capitalized(word) : word));

/** Written all small or all large. */
const isBare = (word: string) =>
  (word === word.toLowerCase() && !particles.has(word) && word !== 'and') ||
  (word === word.toUpperCase() && word.length > 2);

const capitalized = (word: string) =>
  word.toLowerCase().replace(/(?:^|-|^o['’])\p{L}/gu, letters => letters.toUpperCase());
