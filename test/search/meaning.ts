import { type Customer, type Fact, type Service, services } from './customer.ts';

/**
 * What a question means, spelt exactly: who fits all that is given is a right answer. It is what makes a question fair:
 * the customers it expects are the ones that fit, and no others of the 5,000.
 */
export interface Meaning {
  /** Words of the name, the nickname or the firm. */
  name?: string;
  /** A part of the street line: `Zierdt Rd`, `903 Governors Dr`. */
  street?: string;
  town?: string;
  zip?: string;
  /** The last digits of the telephone number. */
  phone?: string;
  /** A part of the e-mail address. */
  email?: string;
  tag?: string;
  /** Each: words that all stand in one fact, such as `pet dog Biscuit`. */
  facts?: readonly string[];
  /** The key of a fact that counts something, and how many there are at least; `20+` counts as 20. */
  at_least?: readonly [string, number];
  /** A part of a note. */
  note?: string;
  /** All of them on one visit. */
  services?: readonly Service[];
  /** The first and the last local day on which that visit may have been. */
  from?: string;
  to?: string;
}

/** Whether a customer is a right answer to a question. */
export function fits(meaning: Meaning, customer: Customer): boolean {
  const { name, street, town, zip, phone, email, tag, note } = meaning;
  return (
    (street === undefined || includes(customer.line1, street)) &&
    (town === undefined || customer.city === town) &&
    (zip === undefined || customer.postal_code === zip) &&
    (phone === undefined || customer.phone.endsWith(phone)) &&
    (email === undefined || includes(customer.email ?? '', email)) &&
    (name === undefined || hasName(customer, name)) &&
    (tag === undefined || customer.tags.includes(tag)) &&
    (note === undefined || customer.notes.some(text => includes(text, note))) &&
    (meaning.facts ?? []).every(words => customer.facts.some(fact => saysOf(fact, words))) &&
    hasEnough(meaning, customer) &&
    hadVisit(meaning, customer)
  );
}

const hasEnough = ({ at_least }: Meaning, { facts }: Customer) =>
  at_least === undefined ||
  facts.some(({ key, value }) => key === at_least[0] && Number.parseInt(String(value), 10) >= at_least[1]);

function hadVisit({ services: wanted = [], from, to }: Meaning, { visits }: Customer): boolean {
  if (wanted.length === 0 && from === undefined && to === undefined) return true;
  return visits.some(
    visit =>
      wanted.every(service => visit.services.includes(service)) &&
      (from === undefined || visit.on >= from) &&
      (to === undefined || visit.on <= to),
  );
}

const nameOf = ({ full_name, nickname = '', company = '' }: Customer) =>
  `${full_name} ${nickname} ${company}`;

/** A fact in one line: `pet dog name Biscuit`. */
const spell = ({ key, value, details = {} }: Fact) =>
  [key, value, ...Object.entries(details).flat()].join(' ');

const includes = (text: string, part: string) => text.toLowerCase().includes(part.toLowerCase());

const hasAll = (known: ReadonlySet<string>, words: Iterable<string>) => {
  for (const word of words) if (!known.has(word)) return false;
  return true;
};

interface Known<Of> {
  get(of: Of): ReadonlySet<string> | undefined;
  set(of: Of, words: ReadonlySet<string>): unknown;
}

// The same few thousand customers and facts are compared with every question.
const namesKnown = new WeakMap<Customer, ReadonlySet<string>>();
const factsKnown = new WeakMap<Fact, ReadonlySet<string>>();
const meant = new Map<string, ReadonlySet<string>>();
const typed = new Map<string, ReadonlySet<string>>();

const hasName = (customer: Customer, words: string) =>
  hasAll(
    kept(namesKnown, customer, () => wordsOf(nameOf(customer))),
    kept(meant, words, () => wordsOf(words)),
  );
const saysOf = (fact: Fact, words: string) =>
  hasAll(
    kept(factsKnown, fact, () => wordsOf(spell(fact))),
    kept(meant, words, () => wordsOf(words)),
  );

/** The words of something, made out once. */
function kept<Of>(known: Known<Of>, of: Of, words: () => readonly string[]): ReadonlySet<string> {
  const found = known.get(of);
  if (found) return found;
  const made = new Set(words());
  known.set(of, made);
  return made;
}

/** Lower case words of letters, digits and what stands in `property_note`, `20+`, `O'Connell`. */
export const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}_+']+/gu) ?? [];

/** Everything that stands in a customer's card, as words. */
export function cardOf(customer: Customer): Set<string> {
  const { phone, email = '', tags, line1, city, postal_code, notes, facts, visits } = customer;
  return new Set(
    wordsOf(
      [
        nameOf(customer),
        ...[phone, phone.slice(-7), phone.slice(-4), email, ...tags, line1, city, postal_code, ...notes],
        ...facts.map(spell),
        ...visits.flatMap(visit => visit.services.map(service => services[service])),
      ].join(' '),
    ),
  );
}

// What people put around what they mean.
const fillers = new Set(
  'a an and at customer customers did do for from had in is mr mrs of on that the was we who with'.split(' '),
);

/** Whether every telling word stands in a customer's card just as it was typed. */
export function standsAsTyped(asks: string, card: ReadonlySet<string>): boolean {
  const telling = kept(typed, asks, () => wordsOf(asks).filter(word => !fillers.has(word)));
  return telling.size > 0 && hasAll(card, telling);
}
