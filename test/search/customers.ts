import { Temporal } from 'temporal-polyfill';
import { between, pick, type Random, randomFor } from '../support/random.ts';
import { type Customer, type Service, today, type Visit } from './customer.ts';
import { known } from './known.ts';
import { cardOf, fits, standsAsTyped } from './meaning.ts';
import { questions } from './questions.ts';
import { remarks } from './remarks.ts';
import { exchanges, firms, firstNames, lastNames, mailHosts, type Town, tags, towns } from './vocabulary.ts';

/** Customers of the business in all. */
export const count = 5_000;

/**
 * The 5,000 customers of a window cleaning business around Huntsville, Alabama, always the same: the known ones the
 * questions are about; four for each of them that are easily mistaken for them; and whoever else lives there. One who
 * would also be a right answer to a question is drawn again, so that every question has the answer it expects.
 */
export function makeCustomers(): Customer[] {
  const customers = [...known];
  const phones = new Set(known.map(({ phone }) => phone));
  const add = (seed: number, draw: (random: Random) => Customer) => {
    const random = randomFor(seed);
    for (let attempt = 0; attempt < 1_000; attempt++) {
      // What is known of somebody can be the answer itself: then it is not told of others.
      const customer = attempt < 20 ? draw(random) : stranger(random, customers.length);
      if (phones.has(customer.phone) || isAnAnswer(customer)) continue;
      phones.add(customer.phone);
      customers.push(customer);
      return;
    }
    throw new Error(`customer ${seed} cannot be told from a known one`);
  };
  for (const [index, one] of known.entries()) {
    for (const [way, mistake] of mistakes.entries()) {
      add(1_000_000 + index * mistakes.length + way, random =>
        mistake(stranger(random, customers.length), one, random),
      );
    }
  }
  while (customers.length < count) {
    add(customers.length, random => {
      const drawn = stranger(random, customers.length);
      return random() < 0.06 ? relativeOf(pick(random, customers.slice(known.length)), drawn) : drawn;
    });
  }
  return customers;
}

function isAnAnswer(customer: Customer): boolean {
  const card = cardOf(customer);
  return questions.some(({ asks, means }) => fits(means, customer) || standsAsTyped(asks, card));
}

/** Ways in which somebody resembles a known customer without being meant. */
const mistakes: readonly ((stranger: Customer, known: Customer, random: Random) => Customer)[] = [
  // Of the same name, elsewhere.
  (one, { last_name }) => (last_name === undefined ? one : withName(one, one.first_name ?? '', last_name)),
  // On the same street, or with the same first name in the same town.
  (one, { line1, city, postal_code }, random) => ({
    ...one,
    line1: line1.replace(/^\d+/, String(between(random, 2, 9_800))),
    city,
    postal_code,
  }),
  (one, { first_name, city, postal_code }, random) => {
    const there = towns.filter(town => town.city === city);
    const line1 = there.length > 0 ? streetIn(random, pick(random, there)) : one.line1;
    const moved = { ...one, line1, city, postal_code };
    return first_name === undefined ? moved : withName(moved, first_name, one.last_name ?? '');
  },
  // Of whom the same is known and for whom the same was done, elsewhere and half a year before or after.
  (one, { notes, facts, visits }, random) => ({
    ...one,
    notes,
    facts,
    visits: visits.map(visit => ({ ...visit, on: daysFrom(visit.on, -between(random, 120, 240)) })),
  }),
];

function withName(one: Customer, first_name: string, last_name: string): Customer {
  return { ...one, first_name, last_name, full_name: `${first_name} ${last_name}` };
}

/** Somebody of the same household: the last name and the address of another customer. */
const relativeOf = ({ last_name, line1, city, postal_code, kind }: Customer, one: Customer): Customer =>
  kind === 'organization' || last_name === undefined || one.kind === 'organization'
    ? one
    : { ...withName(one, one.first_name ?? '', last_name), line1, city, postal_code };

function stranger(random: Random, number: number): Customer {
  const town = pickTown(random);
  const place = { line1: streetIn(random, town), city: town.city, postal_code: pick(random, town.zips) };
  const said = remarksOf(random);
  const shared = {
    key: String(number),
    phone: phoneNumber(random),
    tags: random() < 0.2 ? [pick(random, tags)] : [],
    ...place,
    ...said,
    visits: visitsOf(random),
  };
  if (random() < 0.04) {
    const full_name = `${pick(random, lastNames)} ${pick(random, kindsOfFirm)}`;
    return { ...shared, kind: 'organization', full_name };
  }
  const [first_name, last_name] = [pick(random, firstNames, 1.4), pick(random, lastNames, 1.6)];
  return {
    ...shared,
    kind: 'person',
    first_name,
    last_name,
    full_name: `${first_name} ${last_name}`,
    ...(random() < 0.05 ? { company: pick(random, firms) } : {}),
    ...(random() < 0.75 ? { email: emailOf(random, first_name, last_name) } : {}),
  };
}

const kindsOfFirm = [
  'Dental',
  'Realty',
  'Bakery',
  'Law Office',
  'Church',
  'Preschool',
  'Property Management',
  'Salon',
];

function pickTown(random: Random): Town {
  let left = random() * towns.reduce((sum, { share }) => sum + share, 0);
  for (const town of towns) {
    left -= town.share;
    if (left < 0) return town;
  }
  return pick(random, towns);
}

const streetIn = (random: Random, town: Town) => `${between(random, 2, 9_800)} ${pick(random, town.streets)}`;

const phoneNumber = (random: Random) =>
  pick(random, ['256', '256', '938']) +
  pick(random, exchanges) +
  String(between(random, 0, 9_999)).padStart(4, '0');

function emailOf(random: Random, first: string, last: string): string {
  const number = random() < 0.5 ? between(random, 2, 99) : '';
  const name = pick(random, [
    `${first}.${last}`,
    `${first.slice(0, 1)}${last}`,
    `${first}${last.slice(0, 1)}`,
  ]);
  return `${name}${number}@${pick(random, mailHosts)}`.toLowerCase();
}

/** Nothing, one or two notes of one to three remarks, and what is known by them; the same thing is said once. */
function remarksOf(random: Random): Pick<Customer, 'notes' | 'facts'> {
  const said = new Map<string, ReturnType<(typeof remarks)[number]>>();
  for (let left = random() < 0.2 ? 0 : between(random, 1, 4); left > 0; left--) {
    const remark = pick(random, remarks, 1.3)(random);
    said.set(remark.facts[0]?.key ?? '', remark);
  }
  const all = [...said.values()];
  const texts = all.map(({ text }) => text);
  const cut = texts.length > 2 && random() < 0.5 ? 1 : texts.length;
  return {
    notes: [texts.slice(0, cut), texts.slice(cut)].flatMap(part => (part.length > 0 ? [part.join(' ')] : [])),
    facts: all.flatMap(({ facts }) => facts),
  };
}

const often = [
  ...[
    'windows',
    'windows',
    'windows',
    'gutters',
    'gutters',
    'screens',
    'pressure',
    'tracks',
    'skylights',
    'hard_water',
  ],
  'solar',
] as const satisfies readonly Service[];

/** Up to three visits within the last two years and the next two weeks. */
function visitsOf(random: Random): Visit[] {
  const days = new Map<string, Visit>();
  for (let left = random() < 0.25 ? 0 : between(random, 1, 3); left > 0; left--) {
    const on = daysFrom(today, between(random, -715, 14));
    const done = new Set([pick(random, often), ...(random() < 0.25 ? [pick(random, often)] : [])]);
    days.set(on, { on, hour: between(random, 8, 16), services: [...done] });
  }
  return [...days.values()];
}

/** A day so many days before or after; on a weekend the Monday behind it. */
function daysFrom(day: string, days: number): string {
  const there = Temporal.PlainDate.from(day).add({ days });
  return there.add({ days: there.dayOfWeek > 5 ? 8 - there.dayOfWeek : 0 }).toString();
}
