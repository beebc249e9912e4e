import type { ReadContext } from '../pipeline/context.ts';
import { mayRead } from '../pipeline/roles.ts';
import { wordFilters } from '../registry/word-filters.ts';
import { didYouMean } from '../words/did-you-mean.ts';
import { DeskhandError, type ErrorDetails, notFound } from '../words/errors.ts';
import { fold } from '../words/fold.ts';
import { quoteStart } from '../words/quote.ts';
import { listAlike, listByLabel, nameColumn } from './by-label.ts';
import type { Candidate, FindByName, Fits, RecordSpec } from './record.ts';
import { idsInSight } from './sight.ts';

/** Those of a kind that have what is asked for, by the member that names one of them; undefined where nobody can say. */
export type Having = (member: string) => Promise<readonly string[] | undefined>;

/** The words for a row, where they stand, and of which rows they are said first. */
interface Words {
  wanted: string;
  field: string;
  fits?: Fits | undefined;
  having?: Having | undefined;
}

/**
 * The id of the row that people call so, of those the caller may point to. Throws AMBIGUOUS with the references to choose from,
 * INVALID_STATE when only rows are called so that the member is not about, and NOT_FOUND with what may be meant instead.
 */
export async function idByWords(context: ReadContext, record: RecordSpec, words: Words): Promise<string> {
  const { wanted, field, fits, having } = words;
  const found = await findByName(context, record, wanted, fits);
  if (found.length > 0) {
    const meant = having ? await thoseHaving(context, record, { found, wanted, field }, having) : found;
    return chooseByName(context, record, { found: meant, wanted, field });
  }
  if (fits) await requireFitting(context, record, words);
  throw notFound(record.name, wanted, {
    field,
    got: wanted,
    ...elsewhere(context, record),
    ...(await offer(context, record, wanted)),
  });
}

/** How rows are looked up that no search finds: by whom or what they are about. */
function elsewhere({ registry }: ReadContext, { name, plural }: RecordSpec): ErrorDetails {
  const view = registry.view(plural);
  const filters = view.spec.searchable ? [] : wordFilters(view);
  if (filters.length === 0) return {};
  return {
    hint: `Look it up in the list ${plural} by ${filters.join(', ')}, which take names, then use the reference of the ${name}.`,
  };
}

/** Throws INVALID_STATE, with what there is, when the words name some, and none that the member is about. */
async function requireFitting(
  context: ReadContext,
  record: RecordSpec,
  { wanted: text, field, fits }: Words,
): Promise<void> {
  const others = await findByName(context, record, text, undefined);
  if (others.length === 0) return;
  const purpose = record.filters?.[fits?.filter ?? '']?.summary ?? '';
  throw new DeskhandError(
    'INVALID_STATE',
    `None of the ${record.plural} of ${quoteStart(text, 200)} is what this is for: ${purpose}.`,
    {
      field,
      got: text,
      candidates: asOffered(others),
      hint: 'If one of these is meant all the same, use its reference.',
    },
  );
}

const asOffered = (found: readonly Candidate[]) =>
  found.slice(0, mostTold).map(({ reference, label }) => ({ reference, label }));

/** So many are named to choose from. */
const mostTold = 5;

/** Only among the rows in sight: a name that others have must not push out, nor stand beside, one's own. */
async function findByName(
  context: ReadContext,
  record: RecordSpec,
  wanted: string,
  fits: Fits | undefined,
): Promise<Candidate[]> {
  const find = finderOf(record);
  if (!find) return [];
  const among = await idsInSight(context, record);
  if (among?.length === 0) return [];
  const found = await find(context, wanted, among, fits);
  return among ? found.filter(({ id }) => among.includes(id)) : found;
}

/** How a record says its rows are found by words; else by their name, where a field is that. */
function finderOf(record: RecordSpec): FindByName | undefined {
  const name = nameColumn(record);
  if (record.findByName || name === undefined) return record.findByName;
  return (context, text, among) => listByLabel(context, record, { name, text, among });
}

/** The same for what is called alike. */
function offererOf(record: RecordSpec): FindByName | undefined {
  const name = nameColumn(record);
  if (record.findByName || record.offerByName || name === undefined) return record.offerByName;
  return (context, text, among) => listAlike(context, record, { name, text, among });
}

interface Named {
  found: readonly Candidate[];
  wanted: string;
  field: string;
}

/** Of several of a name those who have what is asked for; all of them where none has. */
async function thoseHaving(
  context: ReadContext,
  record: RecordSpec,
  { found, wanted, field }: Named,
  having: Having,
): Promise<readonly Candidate[]> {
  const isSaid = found.filter(({ label }) => label.toLowerCase() === wanted.toLowerCase()).length === 1;
  if (found.length === 1 || isSaid) return found;
  const ids = await having(field);
  if (!ids) return found;
  // Among all of that name, and not only the first of them; nobody who is only called alike.
  const among = await idsInSight(context, record);
  const all =
    (await record.findByName?.(context, wanted, among ? ids.filter(id => among.includes(id)) : ids)) ?? [];
  const words = fold(wanted).split(/\s+/);
  const known = new Set(found.map(({ id }) => id));
  const meant = all.filter(
    ({ id, label }) => known.has(id) || words.every(word => ` ${fold(label)}`.includes(` ${word}`)),
  );
  return meant.length > 0 ? meant : found;
}

/** What could be meant instead, where there is little to choose from: services, technicians. */
async function offer(context: ReadContext, record: RecordSpec, wanted: string): Promise<ErrorDetails> {
  const offerByName = offererOf(record);
  if (offerByName) return offerAlike(context, record, offerByName, wanted);
  const choices = mayRead(context.actor, context.registry.view(record.plural).spec)
    ? await record.choices?.(context)
    : undefined;
  if (!choices) return {};
  const names = choices.map(({ label }) => label);
  const near = didYouMean(wanted, names);
  return {
    ...(near.length > 0 ? { did_you_mean: near } : {}),
    valid_options: names.slice(0, 20),
    hint: `Use one of the names, or the ${record.name}’s reference or id.`,
  };
}

/** What is called alike, when nothing is called so. */
async function offerAlike(
  context: ReadContext,
  record: RecordSpec,
  offerByName: FindByName,
  wanted: string,
): Promise<ErrorDetails> {
  const among = await idsInSight(context, record);
  if (among?.length === 0) return {};
  const alike = await offerByName(context, wanted, among);
  if (alike.length === 0) return {};
  return {
    candidates: asOffered(alike),
    hint: 'Nothing is called just so. If one of these is meant, use its reference; else say the name as it is written, and a day at most.',
  };
}

async function chooseByName(
  context: ReadContext,
  record: RecordSpec,
  { found, wanted, field }: Named,
): Promise<string> {
  const exact = found.filter(candidate => candidate.label.toLowerCase() === wanted.toLowerCase());
  const [only, ...others] = exact.length > 0 ? exact : found;
  if (!only) throw notFound(record.name, wanted, { field, got: wanted });
  if (others.length === 0) return only.id;
  const offered = [only, ...others].slice(0, mostTold);
  const apart = await record.tellApart?.(
    context,
    offered.map(({ id }) => id),
  );
  throw new DeskhandError('AMBIGUOUS', `${quoteStart(wanted, 200)} could be several ${record.plural}.`, {
    field,
    got: wanted,
    candidates: offered.map(({ id, reference, label }) => {
      const known_by = apart?.get(id);
      return { reference, label, ...(known_by ? { known_by } : {}) };
    }),
    hint: 'Use one of the references.',
  });
}
