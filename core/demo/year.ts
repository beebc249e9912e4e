import { Temporal } from 'temporal-polyfill';
import { chanceFrom, pick } from './chance.ts';
import { calls, firstNames, lastNames } from './names.ts';
import { isShop, nameAt, type Person, peopleAtLast, personOf } from './person.ts';

// What happened at Bright Panes in the last fourteen months, made up and the same each time for the same day. Nothing here
// touches a database: `history.ts` carries it out by the ordinary actions.

interface Line {
  service: 'windows' | 'outside' | 'screens' | 'gutters';
  quantity?: number;
  unit_price_cents?: number;
}

/** One thing that happened, at a local time of the business. */
export type Happening = { at: Temporal.PlainDateTime } & (
  | { what: 'customer'; person: Person }
  | {
      what: 'visit';
      /** The number of its customer. */
      person: number;
      /** When it began and who went: no two are alike. */
      visit: string;
      technician: number;
      minutes: number;
      lines: readonly Line[];
    }
  | { what: 'bill'; visit: string }
  | {
      what: 'payment';
      visit: string;
      method: 'card' | 'check' | 'cash' | 'bank_transfer';
      note: string | undefined;
    }
  | { what: 'refund'; visit: string; cents: number }
  | { what: 'call'; person: number; subject: string; body: string }
  | { what: 'inquiry'; name: string; phone: string; words: string; lost: boolean }
);

/** A week of the business: its Monday, and what happened, in order. */
export interface Week {
  monday: Temporal.PlainDate;
  happened: Happening[];
}

export interface Asked {
  /** Everything before this day has happened. */
  today: Temporal.PlainDate;
  /** How many weeks are told; sixty, a little less than fourteen months, when left out. */
  weeks?: number;
}

const allWeeks = 60;
const peopleAtFirst = 70;
/** When the two who go begin, and how long at most a visit takes, so that nobody is at two houses. */
const starts = ['08:30', '11:00', '14:00'] as const;
const longest_minutes = 115;

/** Whether a visit of the history begins at this time of day. */
export const isStart = (time: Temporal.PlainTime): boolean =>
  starts.some(start => time.equals(Temporal.PlainTime.from(start)));

/** Nobody has their windows cleaned more often than that, unless something was left. */
const restWeeks = 3;

/** How busy a month is: windows in spring and before the holidays. */
const busy = [0.72, 0.75, 0.9, 1.1, 1.15, 1.1, 1, 0.95, 1, 1.1, 1.12, 0.9];

/** What happened, week by week. */
export function tellYear({ today, weeks: count = allWeeks }: Asked): Week[] {
  const chance = chanceFrom(20_251_118);
  const thisMonday = today.subtract({ days: today.dayOfWeek - 1 });
  const first = thisMonday.subtract({ weeks: count });
  const weeks = Array.from({ length: count + 1 }, (_, week) => ({
    monday: first.add({ weeks: week }),
    happened: [] as Happening[],
  }));
  const place = (happening: Happening): void => {
    const day = happening.at.toPlainDate();
    if (Temporal.PlainDate.compare(day, today) >= 0) return;
    weeks[Math.floor(first.until(day, { largestUnit: 'days' }).days / 7)]?.happened.push(happening);
  };
  const story: Story = { chance, place, regulars: [] };
  for (const [week, { monday }] of weeks.entries()) tellWeek(story, { week, count, monday });
  return weeks.map(({ monday, happened }) => ({
    monday,
    happened: happened.sort((a, b) => Temporal.PlainDateTime.compare(a.at, b.at)),
  }));
}

interface Story {
  chance: () => number;
  /** Writes down what happened before today. */
  place(happening: Happening): void;
  regulars: Regular[];
}

/** When somebody is to be visited the next time. */
interface Regular {
  person: Person;
  every: number;
  due: number;
  /** The week of the last visit. */
  last: number;
}

function tellWeek(story: Story, at: { week: number; count: number; monday: Temporal.PlainDate }): void {
  const { chance, place } = story;
  const { week, count, monday } = at;
  const until = (done: number) => peopleAtFirst + Math.floor(((peopleAtLast - peopleAtFirst) * done) / count);
  const from = week === 0 ? 0 : until(week - 1);
  for (let number = from; number < until(week); number += 1) {
    const person = personOf(number);
    place({ at: monday.toPlainDateTime('08:05'), what: 'customer', person });
    // Some come once and never again.
    const every = isShop(number) ? 3 : (pick([5, 8, 12, 13, 26, 52, 200], chance) ?? 26);
    const due = week === 0 ? Math.floor(chance() * 9) : week;
    story.regulars.push({ person, every, due, last: -restWeeks });
  }
  const wanted = Math.min(
    30,
    Math.round(26.5 * (0.9 + (0.2 * week) / count) * (busy[monday.month - 1] ?? 1)),
  );
  const next = story.regulars
    .filter(({ due, last }) => week - last >= restWeeks || due === last + 1)
    .sort((a, b) => a.due - b.due || a.person.number - b.person.number)
    .slice(0, wanted);
  next.forEach((regular, index) => {
    // Round the week first, so that a quiet week is a quiet one on all of its days.
    const day = monday.add({ days: index % 5 });
    const technician = Math.floor(index / 5) % 2;
    const start = starts[Math.floor(index / 10)] ?? starts[0];
    // Now and then something was left, and somebody comes back the week after.
    regular.due = week + (chance() < 0.012 ? 1 : regular.every + Math.floor(chance() * 3));
    regular.last = week;
    tellVisit(story, regular, { at: day.toPlainDateTime(start), technician });
  });
  for (let call = 0; call < 2; call += 1) tellCall(story, monday);
  tellInquiry(story, week, monday);
}

function tellVisit(
  { chance, place }: Story,
  { person }: Regular,
  { at, technician }: { at: Temporal.PlainDateTime; technician: number },
): void {
  const shop = isShop(person.number);
  const visit = `${at.toString()} ${technician}`;
  const lines = linesOf(at.month, shop, chance);
  const minutes = Math.min(longest_minutes, (shop ? 40 : 75) + Math.floor(chance() * 9) * 5);
  place({ at, what: 'visit', person: person.number, visit, technician, minutes, lines });
  place({ at: at.toPlainDate().toPlainDateTime('16:40'), what: 'bill', visit });
  const days = daysUntilPaid(chance());
  if (days === undefined) return;
  const paidAt = at
    .toPlainDate()
    .add({ days })
    .toPlainDateTime(days === 0 ? '16:50' : '10:20');
  const method = shop
    ? 'bank_transfer'
    : (pick(['card', 'check', 'check', 'cash', 'card'] as const, chance) ?? 'card');
  const note = method === 'check' ? `Check ${1000 + Math.floor(chance() * 900)}` : undefined;
  place({ at: paidAt, what: 'payment', visit, method, note });
  if (chance() < 0.004)
    place({ at: paidAt.add({ days: 2 }).with({ hour: 9, minute: 30 }), what: 'refund', visit, cents: 2_500 });
}

/** Most pay within a week, some late, a few not at all. */
function daysUntilPaid(luck: number): number | undefined {
  if (luck < 0.3) return 0;
  if (luck < 0.65) return 1 + Math.floor((luck - 0.3) * 18);
  if (luck < 0.93) return 8 + Math.floor((luck - 0.65) * 70);
  return luck < 0.992 ? 30 + Math.floor((luck - 0.93) * 300) : undefined;
}

function linesOf(month: number, shop: boolean, chance: () => number): Line[] {
  if (shop) return [{ service: 'outside', unit_price_cents: 4_500 + Math.floor(chance() * 9) * 500 }];
  const isGutterTime = month >= 10 || month === 3 || month === 4;
  const lines: Line[] =
    chance() < 0.6
      ? [{ service: 'windows', unit_price_cents: 24_900 + Math.floor(chance() * 20) * 1_000 }]
      : [{ service: 'outside', unit_price_cents: 14_900 + Math.floor(chance() * 10) * 1_000 }];
  if (chance() < 0.3) lines.push({ service: 'screens', quantity: 8 + Math.floor(chance() * 14) });
  if (chance() < (isGutterTime ? 0.4 : 0.06)) lines.push({ service: 'gutters' });
  return lines;
}

function tellCall({ chance, place, regulars }: Story, monday: Temporal.PlainDate): void {
  const [subject, body] = pick(calls, chance) ?? calls[0];
  const { person } = pick(regulars, chance) ?? {};
  if (!person) return;
  const at = monday
    .add({ days: Math.floor(chance() * 5) })
    .toPlainDateTime({ hour: 9 + Math.floor(chance() * 7), minute: 15 });
  place({ at, what: 'call', person: person.number, subject, body });
}

function tellInquiry({ chance, place }: Story, week: number, monday: Temporal.PlainDate): void {
  const name = `${nameAt(firstNames, week * 7 + 3)} ${nameAt(lastNames, week * 11 + 60)}-${nameAt(lastNames, week * 5 + 2)}`;
  const words = `${name} called: two-story house, about ${12 + Math.floor(chance() * 20)} windows, wants a price for inside and outside.`;
  const phone = `(662) 555-01${String(week % 100).padStart(2, '0')}`;
  place({
    at: monday.add({ days: 1 }).toPlainDateTime('13:10'),
    what: 'inquiry',
    name,
    phone,
    words,
    lost: week < 57,
  });
}
