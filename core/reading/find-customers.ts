import { z } from 'zod';
import { mailTrouble, type Written } from '../contacts/mail-trouble.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { mostCounted } from '../kernel/search/find-documents.ts';
import { firstPage, nextPage, readPlace, writePlace } from '../kernel/search/pages.ts';
import { fold } from '../kernel/words/fold.ts';
import { formatPhone } from '../kernel/words/phone.ts';
import { quote } from '../kernel/words/quote.ts';
import { localTime } from '../kernel/words/time.ts';
import { listFound, listNamesakes } from './customer-queries.ts';
import { findOnlyInNotes } from './only-in-notes.ts';
import { type AskedVisits, type CustomerQuery, searchCustomers } from './search-customers.ts';
import { listLatestVisits } from './visited-queries.ts';

export const foundCustomer = z.object({
  id: z.string(),
  reference: z.string(),
  full_name: z.string(),
  phone: z.string().nullable(),
  email: z.string().nullable(),
  /** Why mail does not reach them, and what to do instead. */
  mail_trouble: z.string().optional(),
  status: z.string(),
  company: z.string().nullable(),
  addresses: z.array(z.string()),
  last_visit: z.string().nullable(),
  next_visit: z.string().nullable(),
  /** The remark on the customer or the newest note; of those whom only notes speak of, what says so. */
  note: z.string().nullable(),
  /** The latest visit of those that were asked for, and what was done then. */
  visit: z.string().optional(),
});
export type ShownCustomer = z.infer<typeof foundCustomer>;

/** What is asked for, and where an answer before has ended. */
export interface PageOfCustomers {
  asked: CustomerQuery;
  limit: number;
  cursor?: string | undefined;
  /** Those of whom only notes say it, instead of those of whom the fact is known. */
  in_notes?: boolean | undefined;
}

export interface PageFound {
  /** The ids of a page, best first. */
  ids: string[];
  /** How many there are in all; above `mostCounted` there may be more still. */
  count: number;
  next_cursor?: string;
  /** How many more a note speaks of, where a fact was asked for. */
  only_in_notes?: number;
  /** The first of these, each in a few words. */
  noted?: string[];
  visits?: AskedVisits | undefined;
  /** What a note says of them, by id. */
  said?: ReadonlyMap<string, string>;
}

/**
 * Customers by whatever is known of them: a name with typing errors, a telephone number in any spelling, an e-mail
 * address, a street, a town, a word from a note, facts about them, services they had and when (MCP-11, SRC-01…06). Best
 * first, a page at a time. Throws VALIDATION_ERROR for what says nothing, and for a cursor of another search.
 */
export async function findCustomers(context: ReadContext, wanted: PageOfCustomers): Promise<PageFound> {
  const { asked, limit, cursor, in_notes } = wanted;
  const key = ['find_customer', asked, in_notes === true];
  const place = readPlace(context, key, cursor);
  const isSame = { limit, idOf: (id: string) => id };
  const notes = asked.attribute === undefined ? [] : await findOnlyInNotes(context, asked);
  const { ids, count, visits } = in_notes
    ? { ids: notes.map(({ contact_id }) => contact_id), count: notes.length, visits: undefined }
    : await search(context, asked, { most: Math.max(limit, fewEnough), everything: place !== undefined });
  const isPart = !in_notes && count > mostCounted;
  const page = place ? nextPage(ids, place, isSame) : firstPage(ids, { ...isSame, count, isPart });
  return {
    ids: page.rows,
    count,
    ...(page.place ? { next_cursor: writePlace(context, key, page.place) } : {}),
    ...(notes.length > 0 && !in_notes
      ? { only_in_notes: notes.length, noted: await sayNoted(context, place ? [] : notes) }
      : {}),
    ...(visits ? { visits } : {}),
    ...(in_notes
      ? {
          said: new Map(
            notes.map(({ contact_id, reference, content }) => [contact_id, `${reference} ${content}`]),
          ),
        }
      : {}),
  };
}

/** So many of those whom only notes speak of stand beside those of whom it is known. */
const mostNoted = 40;

/** `C-1042 «Jane Smith»`, of those whom only notes speak of. */
async function sayNoted(context: ReadContext, notes: readonly { contact_id: string }[]): Promise<string[]> {
  const ids = notes.slice(0, mostNoted).map(({ contact_id }) => contact_id);
  return (await listFound(context, ids)).map(
    ({ reference, full_name }) => `${reference} ${quote(full_name)}`,
  );
}

async function search(
  context: ReadContext,
  asked: CustomerQuery,
  wish: { most: number; everything: boolean },
) {
  const { hits, count, visits } = await searchCustomers(context, asked, wish);
  const ids = hits.map(hit => hit.record_id);
  const isWhole = asked.query !== undefined && count <= fewEnough;
  return { ids: isWhole ? await namesakesFirst(context, ids, asked.query ?? '') : ids, count, visits };
}

/** So many are put in the order in which an office thinks of them. */
const fewEnough = 60;

/**
 * Who is called exactly so before whose name only begins so, and of these who has a visit to come, then who had one: "Jane"
 * is Jane before Janet, and the Jane of today before one of years ago.
 */
async function namesakesFirst(
  context: ReadContext,
  ids: readonly string[],
  query: string,
): Promise<string[]> {
  if (ids.length < 2) return [...ids];
  const words = fold(query).split(/\s+/).filter(Boolean);
  const rankOf = ({ full_name, has_next, has_last }: Awaited<ReturnType<typeof listNamesakes>>[number]) => {
    const parts = new Set(fold(full_name).split(/[\s,]+/));
    if (!words.every(word => parts.has(word))) return 3;
    return has_next ? 0 : has_last ? 1 : 2;
  };
  const ranks = new Map((await listNamesakes(context, ids)).map(row => [row.id, rankOf(row)]));
  return [...ids].sort((a, b) => (ranks.get(a) ?? 3) - (ranks.get(b) ?? 3));
}

/** Customers of a page as an answer shows them. */
export async function showCustomers(
  context: ReadContext,
  { ids, visits, said }: Pick<PageFound, 'ids' | 'visits' | 'said'>,
): Promise<ShownCustomer[]> {
  const { time_zone, country } = context.organization;
  const [rows, latest] = await Promise.all([listFound(context, ids), latestVisits(context, ids, visits)]);
  const visit = (row: { reference: string; scheduled_at: string } | null) =>
    row && `${row.reference} ${localTime(row.scheduled_at, time_zone)}`;
  return rows.map(({ email_status, email_status_at, ...row }) => ({
    ...row,
    ...troubleOf(context, { ...row, email_status, email_status_at }),
    phone: row.phone === null ? null : formatPhone(row.phone, country),
    addresses: row.addresses ?? [],
    last_visit: visit(row.last_visit),
    next_visit: visit(row.next_visit),
    note: said?.get(row.id) ?? row.note,
    ...(latest.has(row.id) ? { visit: latest.get(row.id) } : {}),
  }));
}

/** Said of the few whom mail does not reach, and of nobody else. */
export function troubleOf(context: ReadContext, contact: Written): { mail_trouble?: string } {
  const mail_trouble = mailTrouble(context, contact);
  return mail_trouble === undefined ? {} : { mail_trouble };
}

/** The latest visit of those that were asked for, in words, by the customer. */
export async function latestVisits(
  context: ReadContext,
  ids: readonly string[],
  visits: AskedVisits | undefined,
): Promise<Map<string, string>> {
  if (!visits || visits.isMissing) return new Map();
  const { time_zone } = context.organization;
  const found = await listLatestVisits(context, visits, ids);
  return new Map(
    found.map(({ contact_id, reference, scheduled_at, services }) => [
      contact_id,
      [`${reference} ${localTime(scheduled_at, time_zone)}`, ...(services ?? [])].join(', '),
    ]),
  );
}
