/**
 * Card numbers, social security numbers, card security codes, and the keys and links of this installation are taken out of
 * text before it is kept (SAN-01 to SAN-08). One rule in three layers: this file on the server, the same compiled file in
 * the page, and `redact_free_text()` in the database, which must be changed together with this one.
 * The file imports nothing, because the browser loads it as it is. Every pattern here looks at a bounded piece of the text
 * from each place, so the work grows with the length of the text and no faster.
 */

export type RedactionKind = 'CARD' | 'SSN' | 'CVV' | 'KEY' | 'LINK';

/** `found` has one entry for each number that was removed; it never says which number. */
export type Redaction = { text: string; found: readonly RedactionKind[] };

/** Counts the work done, so that a test can show that hostile text costs no more than its length. */
export type Effort = { steps: number };

/** A number that was found: where it stands in the text, and what takes its place. */
export type Span = { kind: RedactionKind; start: number; end: number; label: string };

/**
 * Replaces card numbers, social security numbers, card security codes, keys and links in `text`, and nothing else:
 * every other character stays as it is. A redacted text comes back unchanged. Never throws.
 */
export function redact(text: string, effort: Effort = { steps: 0 }): Redaction {
  const found: RedactionKind[] = [];
  if (isHarmless(text)) return { text, found };
  let current = text;
  // A replacement shortens the text, which can bring a card word within reach of another number. Looking
  // again until nothing is found is what makes the result final; two rounds are the ordinary case.
  for (;;) {
    const open = IN_DISGUISE ? withoutSecrets(current, found) : current;
    const spans = findSpans(open, effort);
    if (spans.length === 0) return { text: open, found };
    current = replaceSpans(open, spans);
    found.push(...spans.map(span => span.kind));
  }
}

function withoutSecrets(text: string, found: RedactionKind[]): string {
  const without = (pattern: RegExp, kind: RedactionKind, from: string) =>
    from.replace(pattern, (_whole, path = '') => {
      found.push(kind);
      return `${path}[REDACTED ${kind}]`;
    });
  return without(SECRET_KEY, 'KEY', without(SECRET_LINK, 'LINK', text));
}

/** A maximal run of digits with what the rules need to know about its surroundings. */
type Group = {
  digits: string;
  start: number;
  end: number;
  /**
   * What joins it to the group before: '' for nothing; of usual separators the mark, ' ', 'N' (newline) or 'X' (mixed);
   * else all that stands between them, words too.
   */
  link: string;
  before: string;
  after: string;
  nearCardWord: { before: boolean; after: boolean };
  ssnWord: boolean;
  cvvWord: boolean;
  taken: boolean;
};

/** `shape` is how long its groups are: `-4-4-4-4`. */
type Window = { first: number; last: number; digits: string; shape: string };

/** The text in plain small letters, and where in the text each of them starts and ends. */
type Plain = { letters: string; starts: readonly number[]; ends: readonly number[] };

type Scan = { plain: Plain; groups: Group[]; spans: Span[]; effort: Effort };

/**
 * Whether numbers are looked for that somebody has disguised, in words or in odd digits, and keys and links. The script of
 * the close-out is built without that: it has six kilobytes, and what it leaves the server takes out.
 */
const IN_DISGUISE = true;

const WORD_REACH = 40;
const LONGEST_CARD = 19;
const LONGEST_LINK = 24;

const LINK = /^[ \n./_-]{1,5}$/;
/** Usual separators in greater number, an earlier marker, or the mark of a number of its own, as in "$4500, $5200". */
const NO_LINK = /^[ \n./_-]*$|!|[\s\S]\$|\$[\s\S]/;
const USUAL_LINK = /^[ NX./_-]$/;
/** What people say or write between the parts of one number. */
const SPOKEN_LINK =
  /^[^a-z]*(?:(?:then|and|next|plus|space|dash|hyphen|minus|dot|point|slash|comma|pause|after|that|followed|by|again|finally|first|second|third|fourth|last)(?:[^a-z]+|$))+$/;
/** What joins an unlabelled social security number, twice the same: a comma or bar without spaces, or a word for a dash. */
const SSN_LINK = /^(?:[ ./_,-]| (?:dash|hyphen|minus) )$/;
/** A digit by itself, written or spoken. */
const SINGLE = /(?<![0-9a-z])(?:[0-9]|zero|oh?|one|two|three|four|five|six|seven|eight|nine)(?![0-9a-z])/g;
const SPOKEN = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
/** Links by which somebody signs in or is known (`linkAddress`), and keys of agents and of services. */
const SECRET_LINK = /((?:\/|%2[Ff])(?:sign-in|u)(?:\/|%2[Ff]))[A-Za-z0-9_-]{43,}/g;
const SECRET_KEY = /(?<![A-Za-z0-9_])()(?:dh|whsec|[rs]k_live|[rs]k_test)_[A-Za-z0-9_+/=-]{16,}/g;
const WORTH_A_LOOK =
  /cv[vc]|(?:dh|whsec|live|test)_|(?:\/|%2F)(?:sign-in|u)(?:\/|%2F)|(?:\b(?:zero|oh?|one|two|three|four|five|six|seven|eight|nine|[0-9])[^a-z0-9]{1,3}){12}/i;

const CARD_WORD =
  /^(?:cards?|(?:credit|debit|gift|master)(?:cards?)?|cc|ccn|visa|amex|discover|diners|jcb|unionpay|maestro|cv[vc])$/;
const SSN_LABELLED_SHAPE = /^-(?:9|3-2-4|3-3-3|1(?:-1){8})$/;
const SSN_WORD = /^(?:ssns?|ss|socials?|itins?|tins?|taxids?)$/;
const CVV_WORD = /cv[vc]$/;
const CVV_FILLER = /^(?:code|number|num|no|nr|is|was)$/;

const CARD_SHAPE = /^-(?:[0-9]+|4-4-4-4|4-6-5|4-6-4|4-4-4-4-3|8-8)$/;
// Visa, Mastercard (two ranges), American Express, Discover, Diners Club, JCB, UnionPay, and Maestro with
// the national schemes that share its ranges. The lengths keep IMEI, EAN and epoch times out.
const CARD_ISSUER = new RegExp(
  [
    '^(?:4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})',
    '5[1-5][0-9]{14}',
    '2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}',
    '3[47][0-9]{13}',
    '(?:6011|64[4-9][0-9]|65[0-9]{2})[0-9]{12,15}',
    '(?:30[0-5][0-9]|3095|3[689][0-9]{2})(?:[0-9]{10}|[0-9]{12}|[0-9]{15})',
    '35(?:2[89]|[3-8][0-9])[0-9]{12,15}',
    '62[0-9]{14,17}',
    '(?:50(?:18|19|20|38)|5610|5893|6304|633[134]|6759|676[1-3])[0-9]{12,15})$',
  ].join('|'),
);
// Area, group and serial that were never issued are not social security numbers; 9xx is one only as an ITIN.
const SSN_VALID = new RegExp(
  [
    '^(?:(?!000|666|9)[0-9]{3}(?!00)[0-9]{2}(?!0000)[0-9]{4}',
    '9[0-9]{2}(?:5[0-9]|6[0-5]|7[0-9]|8[0-8]|9[0-2]|9[4-9])[0-9]{4})$',
  ].join('|'),
);
const PHONE_OR_DATE = new RegExp(
  [
    '^(?:[2-9][0-9]{2}-[0-9]{3}-[0-9]{4}',
    '(?:19|20)[0-9]{2}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12][0-9]|3[01])',
    '(?:0?[1-9]|[12][0-9]|3[01])-(?:0?[1-9]|[12][0-9]|3[01])-(?:19|20)[0-9]{2})$',
  ].join('|'),
);

/** Most texts, told at a glance: fewer than nine digits are no number of ours, and a code needs its word. */
export function isHarmless(text: string): boolean {
  let digits = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 127) return false;
    if (code >= 48 && code <= 57) digits += 1;
  }
  return digits < 9 && !WORTH_A_LOOK.test(text);
}

/**
 * The numbers in a text, in their order; keys and links are not among them. `unusual` asks for cards in any grouping near a
 * card word, too.
 */
export function findSpans(text: string, effort: Effort, unusual = true): Span[] {
  const plain = toPlain(text);
  effort.steps += text.length;
  const alone = IN_DISGUISE ? cardsOfSingles(plain, effort) : [];
  // What is left of the text is looked at again without them.
  if (alone.length > 0) return alone;
  const scan: Scan = { plain, groups: toGroups(plain.letters, effort), spans: [], effort };
  takeCards(scan, findCard);
  takeSocialSecurityNumbers(scan);
  takeSecurityCodes(scan);
  const isWorded = scan.groups.some(group => group.nearCardWord.before || group.nearCardWord.after);
  if (!unusual || !isWorded) return inOrder(scan);
  const insideKnownShape = bordersInsideKnownShapes(scan.groups);
  takeCards(scan, (within, first) => findUnusualCard(within, first, insideKnownShape));
  return inOrder(scan);
}

const inOrder = (scan: Scan) => scan.spans.sort((a, b) => a.start - b.start);

function replaceSpans(text: string, spans: readonly Span[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const span of spans) {
    parts.push(text.slice(done, span.start), span.label);
    done = span.end;
  }
  parts.push(text.slice(done));
  return parts.join('');
}

function takeCards(scan: Scan, find: (scan: Scan, first: number) => Window | undefined): void {
  for (const [first, group] of scan.groups.entries()) {
    // Every issuer's numbers start with 2 to 6, see CARD_ISSUER.
    const card = /^[2-6]/.test(group.digits) ? find(scan, first) : undefined;
    if (card) take(scan, card, 'CARD', `[REDACTED CARD ..${card.digits.slice(-4)}]`);
  }
}

/** A card as cards are written: one group, 4-4-4-4, 4-6-5 and so on. The longest with usual separators wins. */
function findCard(scan: Scan, first: number): Window | undefined {
  const cards = windowsFrom(scan, first, 5).filter(
    window => isCard(scan, window) && CARD_SHAPE.test(window.shape),
  );
  return IN_DISGUISE ? mostUsual(scan, cards) : cards.at(-1);
}

function mostUsual(scan: Scan, cards: readonly Window[]): Window | undefined {
  const meant = cards.filter(window => isOneNumber(scan, window));
  return meant.filter(window => unusualLinks(scan, window).length === 0).at(-1) ?? meant[0];
}

function cardsOfSingles(plain: Plain, effort: Effort): Span[] {
  const scan: Scan = { plain, groups: toSingles(plain.letters, effort), spans: [], effort };
  takeCards(scan, findCardOfSingles);
  return scan.spans;
}

/** Thirteen digits and more, each by itself: "4 2 4 2 …", "four two four two …". */
function findCardOfSingles(scan: Scan, first: number): Window | undefined {
  return windowsFrom(scan, first, LONGEST_CARD)
    .filter(window => isCard(scan, window))
    .at(-1);
}

/**
 * Whether the parts of a window are meant as one number. Usual separators join whatever they are; anything else has to be
 * the same each time, or the same near a card word, or be said in words for it: a list of gate codes is no card.
 */
function isOneNumber(scan: Scan, window: Window): boolean {
  const count = window.last - window.first;
  const unusual = unusualLinks(scan, window);
  if (
    unusual.every(link => link === unusual[0]) &&
    (unusual.length === 0 || (count > 1 && count === unusual.length) || isNearCardWord(scan, window))
  )
    return true;
  return count > 1 && isSaid(unusual);
}

const unusualLinks = ({ groups }: Scan, { first, last }: Window): string[] =>
  groups.slice(first + 1, last + 1).flatMap(({ link }) => (USUAL_LINK.test(link) ? [] : link));

function isSaid(links: readonly string[]): boolean {
  // "5512-0142 and 5512-0143" are two orders.
  if (links.length === 1 && /^[^a-z]*and[^a-z]*$/.test(links[0] ?? '')) return false;
  return links.every(link => SPOKEN_LINK.test(link));
}

/** Any other grouping is a card only near a card word, and only when it cuts no phone number or date. */
function findUnusualCard(
  scan: Scan,
  first: number,
  insideKnownShape: ReadonlySet<number>,
): Window | undefined {
  if (insideKnownShape.has(first)) return undefined;
  return windowsFrom(scan, first, LONGEST_CARD, USUAL_LINK)
    .filter(window => window.last > first && !insideKnownShape.has(window.last + 1))
    .filter(window => isNearCardWord(scan, window) && isCard(scan, window))
    .at(-1);
}

function isNearCardWord(scan: Scan, window: Window): boolean {
  const first = scan.groups[window.first];
  const last = scan.groups[window.last];
  return first?.nearCardWord.before === true || last?.nearCardWord.after === true;
}

/** The groups from `first` on that are joined, as windows of up to `most` groups and 19 digits. */
function windowsFrom(scan: Scan, first: number, most: number, joining = /./): Window[] {
  const windows: Window[] = [];
  let digits = '';
  let shape = '';
  for (let last = first; last < first + most; last += 1) {
    const group = scan.groups[last];
    if (!group || group.taken || (last > first && !joining.test(group.link))) break;
    digits += group.digits;
    if (digits.length > LONGEST_CARD) break;
    shape += `-${group.digits.length}`;
    scan.effort.steps += 1;
    windows.push({ first, last, digits, shape });
  }
  return windows;
}

function isCard(scan: Scan, window: Window): boolean {
  // An international phone number has up to 15 digits; German ones start with 4 like a Visa card.
  if (scan.groups[window.first]?.before === '+' && window.digits.length <= 15) return false;
  if (!CARD_ISSUER.test(window.digits)) return false;
  scan.effort.steps += window.digits.length;
  return hasValidCheckDigit(window.digits);
}

/** Whether the digits have the prefix and the length of an issuer, and a valid check digit. */
export const isCardNumber = (digits: string): boolean =>
  CARD_ISSUER.test(digits) && hasValidCheckDigit(digits);

/** The Luhn check: from the right, every second digit is doubled and its digits are added. */
function hasValidCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 48;
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function takeSocialSecurityNumbers(scan: Scan): void {
  for (const [first, group] of scan.groups.entries()) {
    // After a word such as "SSN" the writer has said what it is, so the numbers are not judged any further.
    const whole = group.ssnWord
      ? windowsFrom(scan, first, 9).find(window => SSN_LABELLED_SHAPE.test(window.shape))
      : windowsFrom(scan, first, 3).find(window => isUnlabelledSsn(scan, window));
    if (whole) take(scan, whole, 'SSN', '[REDACTED SSN]');
  }
}

/** AAA-GG-SSSS with the same mark twice, and not a piece of a longer reference or phone number. */
function isUnlabelledSsn(scan: Scan, window: Window): boolean {
  if (window.shape !== '-3-2-4' || !SSN_VALID.test(window.digits)) return false;
  const [area, middle, serial] = scan.groups.slice(window.first, window.last + 1);
  const following = scan.groups[window.last + 1];
  if (!area || !middle || !serial) return false;
  const mark = middle.link;
  if (mark !== serial.link || !SSN_LINK.test(mark)) return false;
  if (area.link === mark || following?.link === mark) return false;
  // Three cells of a longer row.
  if (mark === ',' && (area.before === ',' || serial.after === ',')) return false;
  return !/[a-z+]/.test(area.before);
}

function takeSecurityCodes(scan: Scan): void {
  for (const [first, group] of scan.groups.entries()) {
    if (!group.cvvWord || group.taken || group.digits.length < 3 || group.digits.length > 4) continue;
    take(scan, { first, last: first, digits: group.digits, shape: '' }, 'CVV', '[REDACTED CVV]');
  }
}

function take(scan: Scan, window: Window, kind: RedactionKind, label: string): void {
  const taken = scan.groups.slice(window.first, window.last + 1);
  const start = scan.plain.starts[taken[0]?.start ?? 0] ?? 0;
  const end = scan.plain.ends[(taken.at(-1)?.end ?? 0) - 1] ?? 0;
  for (const group of taken) group.taken = true;
  scan.spans.push({ kind, start, end, label });
}

/** Positions `i` where the border between groups `i - 1` and `i` lies inside a phone number or a date. */
function bordersInsideKnownShapes(groups: readonly Group[]): Set<number> {
  const inside = new Set<number>();
  for (let i = 2; i < groups.length; i += 1) {
    const three = groups.slice(i - 2, i + 1);
    if (three[1]?.link === '' || three[2]?.link === '') continue;
    if (three.some(group => group.digits.length > 4)) continue;
    if (PHONE_OR_DATE.test(three.map(group => group.digits).join('-'))) inside.add(i - 1).add(i);
  }
  return inside;
}

/** Reads the plain letters once and notes for each group of digits what stands around it. */
function toGroups(letters: string, effort: Effort): Group[] {
  const groups: Group[] = [];
  let cardWordEnd = -Infinity;
  let ssnWordEnd = -Infinity;
  let cvvWordEnd = -Infinity;
  let piece = '';
  let start = 0;
  for (const match of letters.matchAll(/[0-9]+|[a-z]+|!+|[^0-9a-z!]+/g)) {
    const before = piece;
    [piece] = match;
    start = match.index;
    effort.steps += 1;
    const end = start + piece.length;
    const previous = groups.at(-1);
    if (previous?.end === start) previous.after = piece.charAt(0);
    if (/^[0-9]/.test(piece)) {
      groups.push({
        digits: piece,
        start,
        end,
        link: previous ? linkOf(letters, previous.end, start) : '',
        before: before.slice(-1),
        after: '',
        nearCardWord: { before: start - cardWordEnd <= WORD_REACH, after: false },
        ssnWord: start - ssnWordEnd <= WORD_REACH,
        cvvWord: start - cvvWordEnd <= WORD_REACH,
        taken: false,
      });
      // "cvv2 123": the 2 belongs to the word.
      if (!(piece === '2' && cvvWordEnd === start)) cvvWordEnd = -Infinity;
      ssnWordEnd = -Infinity;
    } else if (/^[a-z]/.test(piece)) {
      if (CARD_WORD.test(piece)) {
        cardWordEnd = end;
        markGroupsBefore(groups, start);
      }
      if (SSN_WORD.test(piece)) ssnWordEnd = end;
      if (CVV_WORD.test(piece)) cvvWordEnd = end;
      else if (!CVV_FILLER.test(piece)) cvvWordEnd = -Infinity;
    } else if (piece.startsWith('!')) {
      ssnWordEnd = -Infinity;
      cvvWordEnd = -Infinity;
    }
  }
  return groups;
}

/** A card word reaches back to the groups that end within 40 characters before it. */
function markGroupsBefore(groups: readonly Group[], wordStart: number): void {
  for (let i = groups.length - 1; i >= 0; i -= 1) {
    const group = groups[i];
    if (!group || group.nearCardWord.after || wordStart - group.end > WORD_REACH) return;
    group.nearCardWord.after = true;
  }
}

function linkOf(letters: string, from: number, to: number): string {
  const gap = letters.slice(from, Math.min(to, from + LONGEST_LINK + 1));
  if (!LINK.test(gap)) return IN_DISGUISE && !NO_LINK.test(gap) && gap.length <= LONGEST_LINK ? gap : '';
  const marks = gap.replace(/[ \n]/g, '');
  if (marks === '') return gap.includes('\n') ? 'N' : ' ';
  return marks.replaceAll(marks.charAt(0), '') === '' ? marks.charAt(0) : 'X';
}

/** The digits that stand alone, each as a group; up to three characters join them. */
function toSingles(letters: string, effort: Effort): Group[] {
  const groups: Group[] = [];
  let end = -1;
  for (const { 0: word, index: start } of letters.matchAll(SINGLE)) {
    effort.steps += 1;
    const digits = word.length > 2 ? `${SPOKEN.indexOf(word)}` : word.replace(/oh?/, '0');
    const gap = letters.slice(end, start);
    const link = gap.length < 4 && /^[^0-9a-z!]+$/.test(gap) ? ' ' : '';
    end = start + word.length;
    groups.push({ digits, start, end, link, before: '', after: '', taken: false, ...noWords });
  }
  return groups;
}

const noWords = { nearCardWord: { before: false, after: false }, ssnWord: false, cvvWord: false };

const MARKER = /\[REDACTED (?:CARD \.\.[0-9]{4}|SSN|CVV|KEY|LINK)\]/g;
/** UUIDs and tracking numbers of UPS and of the post. */
const NO_NUMBER =
  /(?<![0-9a-z])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|1z[0-9a-z]{16}|9[1-5][0-9]{2}(?: [0-9]{4}){4} [0-9]{2})(?![0-9a-z])/g;
const LIKE_IBAN = /(?<![0-9a-z])([a-z]{2}[0-9]{2})((?: ?[0-9a-z]{4}){2,7}(?: ?[0-9a-z]{1,3})?)(?![0-9a-z])/g;

/**
 * Maps the text to small Latin letters, ASCII digits and a few marks, one for one; characters without width
 * are left out. Markers of an earlier redaction become '!', which no rule looks through. UUIDs, tracking numbers and IBANs
 * become '$', which joins nothing; what means nothing here becomes '~'.
 */
function toPlain(text: string): Plain {
  const starts: number[] = [];
  const ends: number[] = [];
  let letters = '';
  const marked = text.replaceAll('!', '~').replace(MARKER, marker => '!'.repeat(marker.length));
  for (let at = 0, end = 0; at < marked.length; at = end) {
    const code = marked.codePointAt(at) ?? 0;
    end = code > 0xffff ? at + 2 : at + 1;
    const letter = plainLetter(code);
    if (letter === '') continue;
    letters += letter;
    starts.push(at);
    ends.push(end);
  }
  const known = letters.replace(NO_NUMBER, whole => blank(whole.length));
  return { letters: IN_DISGUISE ? withoutIbans(known) : known, starts, ends };
}

const withoutIbans = (letters: string): string =>
  letters.replace(LIKE_IBAN, (whole, head: string, rest: string) => {
    const length = lengthOfIban(head, rest);
    return blank(length) + whole.slice(length);
  });

const blank = (length: number) => '$'.repeat(length);

/** How much of it is an International Bank Account Number, 15 characters at least, by its check digits; 0 for none. */
function lengthOfIban(head: string, rest: string): number {
  let remainder = 0;
  let characters = 4;
  let length = 0;
  for (const [at, letter] of [...rest].entries()) {
    if (letter === ' ') continue;
    characters += 1;
    remainder = remainderWith(remainder, letter);
    const next = rest.charAt(at + 1);
    if (characters < 15 || (next !== '' && next !== ' ')) continue;
    if ([...head].reduce(remainderWith, remainder) === 1) length = head.length + at + 1;
  }
  return length;
}

/** The remainder by 97 of the number that goes on with a digit, or with the number a letter stands for: a is 10. */
function remainderWith(remainder: number, letter: string): number {
  const value = Number.parseInt(letter, 36);
  return (remainder * (value > 9 ? 100 : 10) + value) % 97;
}

function plainLetter(code: number): string {
  // Full-width forms are the ASCII characters 0xfee0 further up. The full-width "!" is not our marker.
  if (code === 0xff01) return '~';
  return PLAIN_LETTERS.get(code >= 0xff01 && code <= 0xff5e ? code - 0xfee0 : code) ?? digitOf(code);
}

/** The digit, in whatever script; '~' for what means nothing here. */
function digitOf(code: number): string {
  return DIGITS.get(code) ?? '~';
}

// Lists of code points, "a-b" for a range. The tables stand here and not in a regular expression with
// Unicode classes because Node, each browser and PostgreSQL know different versions of Unicode.
const SEPARATORS: Readonly<Record<string, string>> = {
  ' ': '9 20 a0 1680 2000-200a 202f 205f 2800 3000',
  '\n': 'a-d 85 2028 2029',
  '-': '2d 2d7 58a 5be 1806 2010-2015 2043 2212 2e3a 2e3b 301c 3030 fe31 fe32 fe58 fe63',
  '.': '2e b7 2022 2024 2027 2219 22c5 3002 30fb fe52 ff61 ff65',
  '/': '2f 5c 2044 2215 29f8',
  ',': '2c 3a-3b 3d 7c',
  // Each begins a number of its own.
  $: '23-25 40 a2-a5 b0 20ac 2116',
  _: '5f',
  '!': '21',
  '+': '2b',
  // Characters without width.
  '': 'ad 300-36f 61c 180e 200b-200f 202a-202e 2060-206f 20e3 fe00-fe0f feff',
};
const ODD_SEPARATORS: Readonly<Record<string, string>> = {
  ',': 'a6 60c 61b 2502 3001 fe50 ff64',
  '': '115f-1160 180b-180d 180f 3164 ffa0 e0020-e007f e0100-e01ef',
};
/** The zeros of the decimal digits of Unicode 17; the nine others follow each of them. */
const ZEROS =
  '660 6f0 7c0 966 9e6 a66 ae6 b66 be6 c66 ce6 d66 de6 e50 ed0 f20 1040 1090 17e0 1810 1946 19d0 1a80 ' +
  '1a90 1b50 1bb0 1c40 1c50 a620 a8d0 a900 a9d0 a9f0 aa50 abf0 104a0 10d30 10d40 11066 110f0 11136 ' +
  '111d0 112f0 11450 114d0 11650 116c0 116d0 116da 11730 118e0 11950 11bf0 11c50 11d50 11da0 11de0 ' +
  '11f50 16130 16a60 16ac0 16b50 16d70 1ccf0 1d7ce 1d7d8 1d7e2 1d7ec 1d7f6 1e140 1e2f0 1e4f0 1e5f1 ' +
  '1e950 1fbf0';
/** Those of digits raised, lowered and before a comma. */
const ODD_ZEROS = '2070 2080 1f101';
/** The ones of digits without a zero beside them, in circles, brackets and so on; eight others follow each of them. */
const ONES = '1369 2160 2170 2460 2474 2488 24f5 2776 2780 278a 3021 3220 3280 1d360';
/** Digits one by one, each after what it is: 0 in a circle, superscript 1, 2 and 3, and those of Chinese. */
const MORE_DIGITS =
  '024ea 024ff 01f100 01f10b 01f10c 1b9 2b2 3b3 03007 14e00 24e8c 34e09 456db 54e94 6516d 74e03 8516b 94e5d';

const PLAIN_LETTERS: ReadonlyMap<number, string> = new Map([
  ...separators(SEPARATORS),
  ...(IN_DISGUISE ? separators(ODD_SEPARATORS) : []),
  ...codesOf('30-39 41-5a 61-7a').map(code => [code, String.fromCharCode(code).toLowerCase()] as const),
]);

function separators(table: Readonly<Record<string, string>>): (readonly [number, string])[] {
  return Object.entries(table).flatMap(([letter, list]) =>
    codesOf(list).map(code => [code, letter] as const),
  );
}

const DIGITS: ReadonlyMap<number, string> = /* @__PURE__ */ digits();

function digits(): Map<number, string> {
  return new Map([
    ...runs(`${ZEROS} ${ODD_ZEROS}`, 0),
    ...runs(ONES, 1),
    ...MORE_DIGITS.split(' ').map(digit => [Number.parseInt(digit.slice(1), 16), digit.charAt(0)] as const),
  ]);
}

/** Digits up to 9 in a row, from each of these on. */
function runs(list: string, first: number): (readonly [number, string])[] {
  return codesOf(list).flatMap(code =>
    Array.from({ length: 10 - first }, (_, place) => [code + place, `${first + place}`] as const),
  );
}

function codesOf(list: string): number[] {
  return list.split(' ').flatMap(range => {
    const [first = 0, last = first] = range.split('-').map(code => Number.parseInt(code, 16));
    return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
  });
}
