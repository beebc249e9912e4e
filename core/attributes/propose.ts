import { contactRecord } from '../contacts/contact.ts';
import type { Extractor, ProposedAttribute } from '../extraction/record.ts';
import { showAttribute } from '../extraction/show.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { findRow } from '../kernel/records/record-queries.ts';
import { notFound } from '../kernel/words/errors.ts';
import { quote } from '../kernel/words/quote.ts';
import type { Attribute } from './attribute.ts';
import { type Kept, keepFact, withoutSecrets } from './facts.ts';
import type { CatalogKey } from './key-queries.ts';
import { ensureKey, fitValue } from './keys.ts';
import { isRejected } from './queries.ts';
import type { AttributeSource } from './record.ts';

/** Of whom facts are told, and where they stand. */
export interface ProposalTarget {
  contact_id: string;
  source: AttributeSource;
  note_id?: string;
  ticket_id?: string;
  lead_id?: string;
  /** Of a note that came with an import. */
  import_batch_id?: string | null;
  /** Confirmed at once by the acting person: from a close-out, or handed in by a person (CFL-30). */
  is_confirmed?: boolean;
}

export interface Proposed {
  /** The facts that stand now, new ones and those that were known before. */
  attributes: Attribute[];
  /** What was left out, with the reason in words. */
  left_out: string[];
}

/**
 * Writes down what was understood of a note, an inquiry or a close-out, unconfirmed unless the target says otherwise
 * (CFL-30). What somebody deleted as wrong does not come back, and of a key with one value the first one counts.
 * `by` is left out for what a person hands in. Throws NOT_FOUND for a customer who is not there.
 */
export async function proposeAttributes(
  context: Context,
  target: ProposalTarget,
  understood: { by?: Extractor | undefined; fields: { attributes: readonly ProposedAttribute[] } },
): Promise<Proposed> {
  const contact = await findRow(context, contactRecord, target.contact_id, { lock: true });
  if (!contact) throw notFound('contact', target.contact_id, { field: 'contact_id' });
  const facts = await withKeys(context, target, understood.fields.attributes);
  const proposed: Proposed = { attributes: [], left_out: [] };
  const single = new Set<string>();
  for (const { key, fact } of facts) {
    const value = fitValue(key, fact.value);
    const problem = await problemOf(context, {
      key,
      single,
      fact: { ...fact, value: value ?? fact.value },
      target,
      fitting: value,
    });
    if (problem !== undefined) {
      proposed.left_out.push(problem);
      continue;
    }
    if (key.is_single) single.add(key.key);
    const kept = await write(context, {
      key,
      target,
      by: understood.by,
      fact: { ...fact, value: value ?? fact.value },
    });
    if (!proposed.attributes.some(row => row.id === kept.row.id)) proposed.attributes.push(kept.row);
  }
  return proposed;
}

interface Keyed {
  key: CatalogKey;
  fact: ProposedAttribute;
}

/** All keys before the first fact, so that two calls never wait for each other. */
async function withKeys(
  context: Context,
  target: ProposalTarget,
  attributes: readonly ProposedAttribute[],
): Promise<Keyed[]> {
  const action = `attribute.${target.source}`;
  const keyed: Keyed[] = [];
  for (const attribute of attributes) {
    const key = await ensureKey(context, attribute.key);
    keyed.push({ key, fact: { ...(await withoutSecrets(context, action, attribute)), key: key.key } });
  }
  return keyed;
}

async function problemOf(
  context: Context,
  {
    key,
    single,
    fact,
    target,
    fitting,
  }: {
    key: CatalogKey;
    single: ReadonlySet<string>;
    fact: ProposedAttribute;
    target: ProposalTarget;
    fitting: unknown;
  },
): Promise<string | undefined> {
  const said = quote(showAttribute(fact));
  if (fitting === undefined) return `${said} is no ${key.value_type ?? 'value'}`;
  if (key.is_single && single.has(key.key)) return `${said} is a second value`;
  if (target.is_confirmed) return undefined;
  const wrong = await isRejected(context, { ...fact, contact_id: target.contact_id });
  return wrong ? `${said} was deleted as wrong before` : undefined;
}

const write = (
  context: Context,
  {
    key,
    target,
    by,
    fact,
  }: { key: CatalogKey; target: ProposalTarget; by: Extractor | undefined; fact: ProposedAttribute },
): Promise<Kept> =>
  keepFact(context, key, {
    ...fact,
    contact_id: target.contact_id,
    source: target.source,
    note_id: target.note_id ?? null,
    ticket_id: target.ticket_id ?? null,
    lead_id: target.lead_id ?? null,
    import_batch_id: target.import_batch_id ?? null,
    extracted_by: by ?? null,
    is_confirmed: target.is_confirmed === true,
  });
