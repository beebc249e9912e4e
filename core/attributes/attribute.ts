import { z } from 'zod';
import { contactRecord } from '../contacts/contact.ts';
import { attributeDetails, attributeKey, attributeValue, extractors } from '../extraction/record.ts';
import { showAttribute } from '../extraction/show.ts';
import { sql } from '../kernel/database/sql.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { searchCandidates } from '../kernel/records/candidates.ts';
import { boolean, choice, moment, own, ref, text } from '../kernel/records/field.ts';
import {
  type Candidate,
  defineRecord,
  filterBy,
  type Numbering,
  type PlainAction,
} from '../kernel/records/record.ts';
import { findRow, getRow, updateRow } from '../kernel/records/record-queries.ts';
import type { RowOf } from '../kernel/records/row-of.ts';
import { attributeDocuments } from '../reading/attribute-document.ts';
import { ofLivingCustomer } from '../reading/of-living-customer.ts';
import { wantedIn } from '../search/words.ts';
import { replaceOthers } from './facts.ts';
import { ensureKey } from './keys.ts';
import { loadFactsOf } from './known-of-customer.ts';
import { keyNamed, knownBy, knownOf, valueIs } from './read-queries.ts';
import { attributeNumbering, attributeSources } from './record.ts';

/** A fact about a customer (NOT-02, GAP-16): its own verbs write it, and nobody else. */
const fields = {
  contact_id: ref('contact', {
    as: 'attributes',
    summary: 'what is known of this customer',
    load: (context: ReadContext, ids: readonly string[]) => loadFactsOf(context, ids),
    noun: 'known fact',
    told_with_parent: true,
    on_delete: 'history',
    // What stands in a note or on a visit is counted as that.
    counted: sql`note_id is null and ticket_id is null`,
    reindex: [],
    in_parent_document: true,
    // What the other one is known for as well, or where one value only is possible.
    stays_at_merge: (winnerId: string) => knownBy(winnerId),
    parent_filters: {
      /** A known fact: `pet`, `elderly`, `pet=dog`, `pet: Biscuit`. */
      attribute: filterBy(z.string().max(200), knownOf),
    },
    filled: true,
    writable: false,
    list: true,
    filter: true,
  }),
  key: text({ filled: true, writable: false, list: true, sort: true }),
  value: own(attributeValue, 'jsonb', { filled: true, writable: false, list: true }),
  details: own(attributeDetails, 'jsonb', { default: {}, writable: false, list: true }),
  source: choice(attributeSources, { default: 'manual', writable: false, list: true }),
  note_id: ref('note', { writable: false, filter: true }),
  ticket_id: ref('ticket', { writable: false }),
  lead_id: ref('lead', { writable: false }),
  extracted_by: choice(extractors, { writable: false, list: true }),
  said_by: choice(['owner'], { writable: false, list: true }),
  confirmed_by: ref('member', { writable: false, list: true }),
  confirmed_at: moment({ writable: false }),
  is_confirmed: boolean({ filled: true, writable: false, list: true, filter: true }),
  is_rejected: boolean({ default: false, writable: false }),
  // Of a note that came with an import: it goes when that is taken back.
  import_batch_id: ref('import', { writable: false, on_delete: 'cascade' }),
};

export type Attribute = RowOf<typeof fields, { delete: PlainAction }, Numbering>;

/** A fact about a customer, set by hand or extracted from what was written (NOT-01…03). */
export const attributeRecord = defineRecord({
  name: 'attribute',
  plural: 'attributes',
  noun: 'fact',
  summary: 'Facts about customers, one each (pet: dog), with source and whether somebody has confirmed them.',
  keywords: ['fact', 'pet', 'dog', 'elderly', 'screens', 'gate code', 'extraction', 'unconfirmed'],
  often: { rank: 2, members: ['contact_id', 'key', 'value', 'is_confirmed'] },
  reference: attributeNumbering,
  fields,
  default_sort: 'created_at',
  label: showAttribute,
  params: {
    /** A key or one of its aliases. */
    key: filterBy(attributeKey, (context, key) => sql`key = ${keyNamed(context, key)}`),
    value: filterBy(z.string().max(300), (_context, value) => valueIs(sql`value`, value)),
  },
  filters: {
    unconfirmed: {
      summary: 'extracted, and nobody has confirmed it yet',
      // Of a customer who is gone nobody confirms anything; it comes back with them.
      where: sql`confirmed_at is null and ${ofLivingCustomer}`,
    },
  },
  actions: {
    delete: {
      summary: 'Drop a wrong fact; no extraction brings it again. Can be restored.',
      permission: { level: 'soft_limit' },
    },
  },
  async afterDelete(context, id) {
    await updateRow(context, attributeRecord, id, { is_rejected: true });
  },
  async afterRestore(context, id) {
    await updateRow(context, attributeRecord, id, { is_rejected: false });
    await makeRoom(context, id);
  },
  documents: attributeDocuments,
  // "Biscuit", where nobody remembers AT-1001.
  findByName: (context, text, among): Promise<Candidate[]> =>
    searchCandidates(context, attributeRecord, wantedIn(text), among),
});

/** A value that is brought back is the one a single-valued key has. */
async function makeRoom(context: Context, id: string): Promise<void> {
  const row = await getRow(context, attributeRecord, id);
  await findRow(context, contactRecord, row.contact_id, { lock: true, deleted: true });
  await replaceOthers(context, await ensureKey(context, row.key), row);
}
