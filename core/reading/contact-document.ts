import type { Contact } from '../contacts/record.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { referenceTerms } from '../kernel/records/references.ts';
import { customWords } from '../kernel/records/row-document.ts';
import type { SearchDocument } from '../kernel/search/document.ts';
import { fold } from '../kernel/words/fold.ts';
import { phoneTerms } from '../kernel/words/phone.ts';
import { type ContactSource, listContactSources } from './document-queries.ts';

/** The search documents of some living customers. */
export const contactDocuments = async (
  context: ReadContext,
  ids: readonly string[],
): Promise<SearchDocument[]> =>
  (await listContactSources(context, ids)).map(source => contactDocument(source, source));

/** What a customer is found by besides its own row; nothing belongs to a new one yet. */
type Along = Pick<
  ContactSource,
  'company' | 'addresses' | 'town' | 'entries' | 'attributes' | 'services' | 'merged'
>;

/**
 * The words a customer is found by (CON-05, CON-06): name, place and the names in facts with typing errors, telephone and
 * e-mail exactly, and what is known and written of it.
 */
export function contactDocument(
  row: Omit<ContactSource, keyof Along>,
  along: Partial<Along> = {},
): SearchDocument {
  const emails = row.emails.map(entry => entry.email);
  const facts = along.attributes ?? [];
  return {
    id: row.id,
    reference: row.reference,
    title: row.full_name,
    detail: [row.phone, along.town].filter(Boolean).join(', '),
    names: [
      row.full_name,
      row.nickname,
      along.company,
      ...(along.addresses ?? []),
      ...row.tags,
      ...emails,
      ...facts.flatMap(({ details }) => Object.values(details)).filter(member => typeof member === 'string'),
    ]
      .filter(Boolean)
      .join(' '),
    terms: [
      ...[row.reference, ...(along.merged ?? [])].flatMap(referenceTerms),
      ...row.phones.flatMap(entry => phoneTerms(entry.number)),
      ...emails.flatMap(email => email.split(/[^\p{L}\p{N}]+/u)),
      ...initialsOf(row.full_name),
    ].join(' '),
    body: [
      row.notes,
      row.job_title,
      ...customWords(withoutFigures(row.custom_fields)),
      ...facts.map(({ key, value, details }) => wordsOfFact({ [key]: value, ...details })),
      ...(along.services ?? []),
      ...(along.entries ?? []),
    ]
      .filter(Boolean)
      .join('\n'),
  };
}

/** What a booking program counted: nearly everybody has it, so that its words would find nearly everybody (decision 085). */
const figures = new Set([
  'creation_source',
  'first_visit',
  'last_visit',
  'transaction_count',
  'lifetime_spend_cents',
  'instant_profile',
]);

const withoutFigures = (fields: Contact['custom_fields']) =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => !figures.has(key)));

/** `k` and `n` for Kenji Nakamura, and `jt` for James Thomas: people write names like that. */
function initialsOf(name: string): string[] {
  const letters = fold(name).match(/(?<!\p{L})\p{L}/gu) ?? [];
  const initials = letters.slice(0, 4);
  return initials.length < 2
    ? []
    : [...initials, ...(initials.length > 2 ? [initials.slice(0, 2).join('')] : [])];
}

/** `{property_screen_count: "20+"}` as one says it: `property screen count 20+`. */
const wordsOfFact = (members: Readonly<Record<string, unknown>>): string =>
  Object.entries(members)
    .map(([key, value]) => `${key.replaceAll('_', ' ')} ${String(value).replaceAll('_', ' ')}`)
    .join(' ');

/** Of a customer's notes, oldest first, what its document holds; each note has a document of its own besides. */
export const newestEntries = (notes: readonly string[]): string[] =>
  notes
    .slice(-40)
    .reverse()
    .map(note => [...note].slice(0, 2000).join(''));
