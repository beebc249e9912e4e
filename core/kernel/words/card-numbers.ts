import { type Effort, type Group, toSingles } from './digit-groups.ts';
import { IN_DISGUISE } from './in-disguise.ts';
import { LONGEST_CARD, type Scan, type Span, take, type Window, windowsFrom } from './number-scan.ts';
import type { Plain } from './plain-letters.ts';

const USUAL_LINK = /^[ NX./_-]$/;
/** What people say or write between the parts of one number. */
const SPOKEN_LINK =
  /^[^a-z]*(?:(?:then|and|next|plus|space|dash|hyphen|minus|dot|point|slash|comma|pause|after|that|followed|by|again|finally|first|second|third|fourth|last)(?:[^a-z]+|$))+$/;

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
const PHONE_OR_DATE = new RegExp(
  [
    '^(?:[2-9][0-9]{2}-[0-9]{3}-[0-9]{4}',
    '(?:19|20)[0-9]{2}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12][0-9]|3[01])',
    '(?:0?[1-9]|[12][0-9]|3[01])-(?:0?[1-9]|[12][0-9]|3[01])-(?:19|20)[0-9]{2})$',
  ].join('|'),
);

/** Those as cards are written. */
export const takeCards = (scan: Scan): void => takeEach(scan, findCard);

/** Those in any other grouping near a card word. */
export function takeUnusualCards(scan: Scan): void {
  const insideKnownShape = bordersInsideKnownShapes(scan.groups);
  takeEach(scan, (within, first) => findUnusualCard(within, first, insideKnownShape));
}

/** Those whose digits stand each by itself. */
export function cardsOfSingles(plain: Plain, effort: Effort): Span[] {
  const scan: Scan = { plain, groups: toSingles(plain.letters, effort), spans: [], effort };
  takeEach(scan, findCardOfSingles);
  return scan.spans;
}

function takeEach(scan: Scan, find: (scan: Scan, first: number) => Window | undefined): void {
  for (const [first, group] of scan.groups.entries()) {
    // Every issuer's numbers start with 2 to 6, see CARD_ISSUER.
    const card = /^[2-6]/.test(group.digits) ? find(scan, first) : undefined;
    if (card) take(scan, card, 'CARD', ` ..${card.digits.slice(-4)}`);
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

/** The codes on their backs. */
export function takeSecurityCodes(scan: Scan): void {
  for (const [first, group] of scan.groups.entries()) {
    if (!group.cvvWord || group.taken || group.digits.length < 3 || group.digits.length > 4) continue;
    take(scan, { first, last: first, digits: group.digits, shape: '' }, 'CVV');
  }
}
