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
): Promise<SearchDocument[]> => (await listContactSources(context, ids)).map(contactDocument);

/**
 * The words a customer is found by (CON-05, CON-06): name, place and the names in facts with typing errors, telephone and
 * e-mail exactly, and what is known and written of it.
 */
export function contactDocument(source: ContactSource): SearchDocument {
  const emails = source.emails.map(entry => entry.email);
  const facts = source.attributes ?? [];
  return {
    id: source.id,
    reference: source.reference,
    title: source.full_name,
    detail: [source.phone, source.town].filter(Boolean).join(', '),
    names: [
      source.full_name,
      source.nickname,
      source.company,
      ...(source.addresses ?? []),
      ...source.tags,
      ...emails,
      ...facts.flatMap(({ details }) => Object.values(details)).filter(member => typeof member === 'string'),
    ]
      .filter(Boolean)
      .join(' '),
    terms: [
      ...[source.reference, ...(source.merged ?? [])].flatMap(referenceTerms),
      ...source.phones.flatMap(entry => phoneTerms(entry.number)),
      ...emails.flatMap(email => email.split(/[^\p{L}\p{N}]+/u)),
      ...initialsOf(source.full_name),
    ].join(' '),
    body: [
      source.notes,
      source.job_title,
      ...customWords(withoutFigures(source.custom_fields)),
      ...facts.map(({ key, value, details }) => wordsOfFact({ [key]: value, ...details })),
      ...(source.services ?? []),
      ...(source.entries ?? []),
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

/** The words of a customer who was just created: nothing belongs to it yet. */
export const documentOfNew = (contact: Contact): SearchDocument =>
  contactDocument({ ...contact, ...nothingYet });

/** What a customer has besides its own row, when it has nothing. */
export const nothingYet = {
  company: null,
  addresses: null,
  town: null,
  entries: null,
  attributes: null,
  services: null,
  merged: null,
} as const;
