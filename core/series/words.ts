import { toText } from 'rrule-temporal/totext';
import { ruleOf, rulePartsOf, weekdayNumbers } from './recurrence.ts';

// Rules as people say them, and rules said to people. The library says a rule in words; nothing that is kept up reads them.

/**
 * The rule that words mean, RFC 5545 without `RRULE:`; a rule stays one. Undefined for what could mean several things
 * ("twice a week": on which days?) or nothing. `every 6 weeks`, `every second Tuesday`, `monthly on the 1st Monday`, `twice a
 * year`, `every 3 months until 2027-06-30`, `Mondays and Thursdays`, `weekly for 10 visits`.
 */
export function ruleInWords(words: string): string | undefined {
  const written = words.trim();
  if (/^(RRULE:)?[A-Z]+=/i.test(written)) return ruleAsWritten(written);
  const { text, end } = splitEnd(plain(written));
  const parts = readTimes(text) ?? readEvery(text);
  if (!parts) return undefined;
  return ruleOf(new Map([...Object.entries(parts), ...Object.entries(end)]));
}

/** `every 6 weeks on Tuesday`; COUNT and UNTIL are said by whoever shows the end. */
export function wordsOfRule(rule: string): string {
  const parts = rulePartsOf(rule);
  for (const name of ['COUNT', 'UNTIL', 'WKST']) parts.delete(name);
  // Otherwise in the language of the machine.
  const said = toText(`DTSTART:20260105T090000Z\nRRULE:${ruleOf(parts)}`, 'en')
    .replace(/ at \d.*$/, '')
    .replace(/^every 1 /, 'every ');
  // Without a day of its own a rule comes on that of its first visit, which the library takes for one of the rule.
  return parts.has('BYDAY') || parts.get('FREQ') !== 'WEEKLY' ? said : said.replace(/ on \w+$/, '');
}

/** A rule as people type it: in words that mean exactly this rule again, else as it is. */
export function sayRule(rule: string): string {
  const words = wordsOfRule(rule);
  return ruleInWords(words) === rule ? words : rule;
}

function ruleAsWritten(written: string): string | undefined {
  try {
    return ruleOf(rulePartsOf(written));
  } catch {
    return undefined;
  }
}

type Parts = Readonly<Record<string, string>>;

const plain = (words: string): string =>
  words
    .toLowerCase()
    .replace(/[.,!;]+/g, ' ')
    .replace(/\bof (the|each|every) month\b/g, 'of month')
    .replace(/\b(please|repeat(s|ing)?|recurring|comes?)\b(?! )/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** `… until 2027-06-30` and `… for 10 visits`, and what stands before. */
function splitEnd(text: string): { text: string; end: Parts } {
  const until = / (?:until|till|through) (\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (until) {
    const [all, year, month, day] = until;
    return { text: text.slice(0, -all.length), end: { UNTIL: `${year}${month}${day}` } };
  }
  const times = / (?:for )?(\S+) (?:times|visits?|appointments?)$/.exec(text);
  const count = times && numberOf(times[1]);
  return times && count
    ? { text: text.slice(0, -times[0].length), end: { COUNT: String(count) } }
    : { text, end: {} };
}

/** `twice a year`, `4 times a year`, `once a month`: as often as makes even steps of months or weeks. */
function readTimes(text: string): Parts | undefined {
  const alone = alones[text];
  if (alone) return alone;
  const said = /^(once|twice|thrice|(\S+) times?) (?:a|an|per|every|each) (week|month|year)$/.exec(text);
  if (!said) return undefined;
  const [, often = '', count, unit] = said;
  const times = { once: 1, twice: 2, thrice: 3 }[often] ?? numberOf(count);
  if (times === 1)
    return unit === 'week' ? { FREQ: 'WEEKLY' } : unit === 'month' ? { FREQ: 'MONTHLY' } : yearly;
  if (unit !== 'year' || times === undefined || 12 % times !== 0) return undefined;
  return every(12 / times, 'MONTHLY');
}

const yearly = { FREQ: 'YEARLY' };
const alones: Readonly<Record<string, Parts>> = {
  annually: yearly,
  'half-yearly': { FREQ: 'MONTHLY', INTERVAL: '6' },
  semiannually: { FREQ: 'MONTHLY', INTERVAL: '6' },
  'semi-annually': { FREQ: 'MONTHLY', INTERVAL: '6' },
};

const every = (interval: number, freq: string): Parts => ({
  FREQ: freq,
  ...(interval === 1 ? {} : { INTERVAL: String(interval) }),
});

/** `every …`, `monthly …`, `Mondays …`, `the first Monday of the month`. */
function readEvery(text: string): Parts | undefined {
  const [head = '', ...tails] = text.split(/ (?:on|in)(?: the)? /);
  const base = readHead(head.replace(/^on (the )?/, ''));
  if (!base) return undefined;
  return tails.reduce<Parts | undefined>((parts, tail) => parts && readOn(parts, tail), base);
}

const adverbs: Readonly<Record<string, Parts>> = {
  daily: { FREQ: 'DAILY' },
  weekly: { FREQ: 'WEEKLY' },
  biweekly: every(2, 'WEEKLY'),
  'bi-weekly': every(2, 'WEEKLY'),
  fortnightly: every(2, 'WEEKLY'),
  monthly: { FREQ: 'MONTHLY' },
  quarterly: every(3, 'MONTHLY'),
  yearly,
  annually: yearly,
};

const units: Readonly<Record<string, readonly [number, string]>> = {
  day: [1, 'DAILY'],
  week: [1, 'WEEKLY'],
  fortnight: [2, 'WEEKLY'],
  month: [1, 'MONTHLY'],
  quarter: [3, 'MONTHLY'],
  year: [1, 'YEARLY'],
};

function readHead(text: string): Parts | undefined {
  const adverb = adverbs[text];
  if (adverb) return adverb;
  const ofMonth = /^(?:the |every |each )*(\S+ \S+) (?:of|every|each|a) month$/.exec(text);
  if (ofMonth) return readOn({ FREQ: 'MONTHLY' }, ofMonth[1] ?? '');
  const [, interval, rest = text] = /^(?:every|each)(?: (other|\S+))? ((?:.+ and )?\S+)$/.exec(text) ?? [];
  return interval === undefined ? readDays(text.replace(/^(every|each) /, ''), 1) : readStep(interval, rest);
}

/** `every second Tuesday` is every two weeks; of a month there is a first and a last one. */
function readStep(interval: string, rest: string): Parts | undefined {
  const step = interval === 'other' ? 2 : (numberOf(interval) ?? ordinalOf(interval));
  if (interval === 'first' || interval === '1st' || interval === 'last')
    return readOn({ FREQ: 'MONTHLY' }, `${interval} ${rest}`);
  if (step === undefined || step < 1) return readDays(`${interval} ${rest}`, 1);
  return readDays(rest, step);
}

function readDays(text: string, step: number): Parts | undefined {
  const unit = units[text.replace(/s$/, '')];
  if (unit) return every(step * unit[0], unit[1]);
  if (/^(weekday|working day|workday)s?$/.test(text))
    return step === 1 ? { FREQ: 'WEEKLY', BYDAY: 'MO,TU,WE,TH,FR' } : undefined;
  const days = weekdaysIn(text);
  return days === undefined ? undefined : { ...every(step, 'WEEKLY'), BYDAY: days };
}

/** What stands behind `on` or `in`: days of the week, a day of the month, the first Monday, months. */
function readOn(parts: Parts, text: string): Parts | undefined {
  const wanted = text.replace(/ (of|every|each) month$/, '').replace(/^(a|the) /, '');
  const months = monthsIn(wanted);
  if (months) return { ...parts, FREQ: 'YEARLY', BYMONTH: months };
  const days = weekdaysIn(wanted);
  if (days) return parts.FREQ === 'WEEKLY' ? { ...parts, BYDAY: days } : undefined;
  if (!isByMonth(parts)) return undefined;
  const [which = '', what = 'day'] = wanted.split(' ');
  const place = which === 'last' ? -1 : ordinalOf(which);
  if (place === undefined) return undefined;
  if (what === 'day' && place <= 31) return { ...parts, BYMONTHDAY: String(place) };
  const weekday = weekdayIn(what);
  return weekday && place <= 5 ? { ...parts, BYDAY: `${place}${weekday}` } : undefined;
}

const isByMonth = ({ FREQ, BYMONTH }: Parts): boolean =>
  FREQ === 'MONTHLY' || (FREQ === 'YEARLY' && BYMONTH !== undefined);

const letters = Object.keys(weekdayNumbers);
const dayNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** The two letters of `tuesday`, `tuesdays`, `tue` and `tues`. */
function weekdayIn(word: string): string | undefined {
  const name = word.replace(/s$/, '');
  const index = dayNames.findIndex(
    day =>
      name.length >= 3 && (day === name || day.startsWith(word) || (day.startsWith(name) && name.length < 6)),
  );
  return letters[index];
}

const monthNames =
  'january february march april may june july august september october november december'.split(' ');

const weekdaysIn = (text: string) => listed(text, weekdayIn);
const monthsIn = (text: string) =>
  listed(text, word => {
    const index = monthNames.findIndex(month => word.length >= 3 && month.startsWith(word));
    return index < 0 ? undefined : String(index + 1);
  });

function listed(text: string, read: (word: string) => string | undefined): string | undefined {
  const found = text.split(/ and | & | /).map(read);
  return found.every(part => part !== undefined) ? [...new Set(found)].join(',') : undefined;
}

const numbers = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
const ordinals =
  'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'.split(' ');

/** `6` and `six`. */
function numberOf(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  if (/^\d{1,3}$/.test(word)) return Number(word) || undefined;
  const index = numbers.indexOf(word);
  return index > 0 ? index : undefined;
}

/** `2nd` and `second`. */
function ordinalOf(word: string): number | undefined {
  const written = /^(\d{1,2})(?:st|nd|rd|th)$/.exec(word);
  if (written) return Number(written[1]) || undefined;
  const index = ordinals.indexOf(word);
  return index > 0 ? index : undefined;
}
