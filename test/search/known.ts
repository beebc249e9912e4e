import type { Customer, Fact, Service, Visit } from './customer.ts';
import { knownHuntsville } from './known-huntsville.ts';
import { knownNorth } from './known-north.ts';
import { knownOrganizations } from './known-organizations.ts';
import { knownRiver } from './known-river.ts';

/** A known customer as it is written down; what stands in it is explained at `Customer`. */
export interface Card {
  /** `Margaret Whitfield`: what follows the last space is the last name, unless `last` says otherwise. */
  name: string;
  last?: string;
  nickname?: string;
  company?: string;
  kind?: 'organization';
  /** `12 Caldwell Ln, Hampton Cove 35763` */
  at: string;
  phone: string;
  email?: string;
  tags?: readonly string[];
  notes?: readonly string[];
  facts?: readonly (
    | readonly [string, string | number]
    | readonly [string, string | number, Readonly<Record<string, string | number>>]
  )[];
  /** By day; an hour of work each time. */
  visits?: Readonly<Record<string, readonly Service[]>>;
}

/** The customers the questions are about, by the key the questions name them with. */
export const known: readonly Customer[] = Object.entries({
  ...knownHuntsville,
  ...knownRiver,
  ...knownNorth,
  ...knownOrganizations,
}).map(([key, card]) => customerOf(key, card));

function customerOf(key: string, card: Card): Customer {
  const place = /^(?<line1>.+), (?<city>[^,]+) (?<zip>\d{5})$/.exec(card.at)?.groups;
  if (!place) throw new Error(`${key} lives nowhere: ${card.at}`);
  const { nickname, company, email } = card;
  return {
    key,
    kind: card.kind ?? 'person',
    ...(card.kind ? {} : namesOf(card)),
    full_name: card.name,
    ...(nickname === undefined ? {} : { nickname }),
    ...(company === undefined ? {} : { company }),
    phone: card.phone.replace(/\D/g, ''),
    ...(email === undefined ? {} : { email }),
    tags: card.tags ?? [],
    line1: place.line1 ?? '',
    city: place.city ?? '',
    postal_code: place.zip ?? '',
    notes: card.notes ?? [],
    facts: (card.facts ?? []).map(
      ([fact, value, details]): Fact => ({ key: fact, value, ...(details ? { details } : {}) }),
    ),
    visits: Object.entries(card.visits ?? {}).map(([on, done]): Visit => ({ on, hour: 9, services: done })),
  };
}

function namesOf({ name, last }: Card) {
  const last_name = last ?? name.slice(name.lastIndexOf(' ') + 1);
  return { first_name: name.slice(0, -last_name.length - 1), last_name };
}
