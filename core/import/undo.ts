import { z } from 'zod';
import { contactRecord } from '../contacts/contact.ts';
import type { Contact } from '../contacts/record.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { listChildIds, listParentIds } from '../kernel/records/child-queries.ts';
import { listTouchedSince } from '../kernel/records/put-back.ts';
import type { RowIn } from '../kernel/records/record.ts';
import { getRow, listByIds, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { deleteAlong, relationTo } from '../kernel/records/relations.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { quote } from '../kernel/words/quote.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import { importRecord } from './import.ts';
import { takeBackOthers } from './undo-others.ts';

type Import = RowIn<typeof importRecord>;

/**
 * Takes a whole import back: everything that says it came with it (customers, addresses, notes, companies nobody else works
 * for) is deleted, and can be restored one by one.
 */
export const undoImport = defineAction({
  domain: 'import',
  name: 'undo',
  summary: 'Take back a whole import; refused once what it brought is in use, unless as far as possible.',
  input: z.strictObject({
    import_id: ref('import'),
    as_far_as_possible: z
      .boolean()
      .optional()
      .meta({ description: 'keep whom somebody has done anything about since, and name them' }),
  }),
  output: z.object({
    import: z.string(),
    contacts_removed: z.number(),
    /** Companies, services, visits, inquiries and notes that went. */
    others_removed: z.number(),
    /** Whom somebody has done anything about since, at most a hundred. */
    stays: z.array(z.string()).optional(),
  }),
  permission: { level: 'soft_limit' },
  effect: 'delete',
  locks: 'import_id',
  undo: 'none',
  why_not_undone: 'who was removed comes back one by one with contact.restore',
  past: 'undid',
  participle: 'undone',
  example: { import_id: 'I-1' },
  many: true,
  keywords: ['roll back', 'revert'],
  async run(context, { import_id, as_far_as_possible: partly = false }) {
    const batch = await getRow(context, importRecord, import_id, { lock: true });
    if (batch.undone_at !== null && !partly) throw undoneBefore(batch);
    const others = await takeBackOthers(context, batch, partly);
    // Nobody books a visit for them until this transaction ends.
    const brought = relationTo(context, contactRecord, importRecord);
    const customers = await listChildIds(context, brought, [import_id], { lock: true });
    const visited = await listParentIds(context, relationTo(context, ticketRecord, contactRecord), customers);
    const used = await listByIds(context, contactRecord, visited);
    if (used.length > 0 && !partly) {
      throw new DeskhandError('INVALID_STATE', 'Customers of this import have visits by now.', {
        contacts: used.slice(0, 100).map(contact => `${contact.reference} ${contact.full_name}`),
        hint: 'Say as_far_as_possible: true to keep those and remove the others.',
      });
    }
    if (batch.undone_at !== null) throw undoneBefore(batch);
    await updateRow(context, importRecord, import_id, { undone_at: context.now.toString() });
    const ids = partly ? [...new Set([...visited, ...(await touchedSince(context, batch, customers))])] : [];
    const gone = await deleteAlong(context, importRecord, import_id, { record: contactRecord.name, ids });
    const kept = await listByIds(context, contactRecord, ids);
    const stays = [...others.stays, ...kept.map(called)].slice(0, 100);
    return {
      import: batch.reference,
      contacts_removed: gone.get('contact')?.length ?? 0,
      others_removed: others.removed,
      ...(stays.length > 0 ? { stays } : {}),
    };
  },
});

const undoneBefore = ({ reference }: Import) =>
  new DeskhandError('INVALID_STATE', `${reference} was undone before.`);

const called = ({ reference, full_name }: Contact): string => `${reference} ${quote(full_name)}`;

/** Whom of an import somebody has done anything about since. */
const touchedSince = (
  context: ReadContext,
  { created_at, source, columns }: Import,
  ids: readonly string[],
) =>
  listTouchedSince(context, {
    name: contactRecord.name,
    ids,
    after: created_at,
    maker: source === 'square' && columns.length === 0 ? 'import.square' : 'import.csv',
  });
