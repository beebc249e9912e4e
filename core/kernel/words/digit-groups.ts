import { IN_DISGUISE } from './in-disguise.ts';

/** Counts the work done, so that a test can show that hostile text costs no more than its length. */
export type Effort = { steps: number };

/** A maximal run of digits with what the rules need to know about its surroundings. */
export type Group = {
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

const WORD_REACH = 40;
const LONGEST_LINK = 24;

const LINK = /^[ \n./_-]{1,5}$/;
/** Usual separators in greater number, an earlier marker, or the mark of a number of its own, as in "$4500, $5200". */
const NO_LINK = /^[ \n./_-]*$|!|[\s\S]\$|\$[\s\S]/;
/** A digit by itself, written or spoken. */
const SINGLE = /(?<![0-9a-z])(?:[0-9]|zero|oh?|one|two|three|four|five|six|seven|eight|nine)(?![0-9a-z])/g;
const SPOKEN = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

const CARD_WORD =
  /^(?:cards?|(?:credit|debit|gift|master)(?:cards?)?|cc|ccn|visa|amex|discover|diners|jcb|unionpay|maestro|cv[vc])$/;
const SSN_WORD = /^(?:ssns?|ss|socials?|itins?|tins?|taxids?)$/;
const CVV_WORD = /cv[vc]$/;
const CVV_FILLER = /^(?:code|number|num|no|nr|is|was)$/;

/** Reads the plain letters once and notes for each group of digits what stands around it. */
export function toGroups(letters: string, effort: Effort): Group[] {
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
export function toSingles(letters: string, effort: Effort): Group[] {
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
