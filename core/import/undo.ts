import { z } from 'zod';
import { contactRecord } from '../contacts/contact.ts';
import { listChildIds, listParentIds } from '../kernel/records/child-queries.ts';
import { getRow, listByIds, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { deleteAlong, relationTo } from '../kernel/records/relations.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import { importRecord } from './import.ts';

/**
 * Takes a whole import back: everything that says it came with it (customers, addresses, notes, companies nobody else works
 * for) is deleted, and can be restored one by one.
 */
export const undoImport = defineAction({
  domain: 'import',
  name: 'undo',
  summary: 'Take back a whole import; refused once its customers have visits.',
  input: z.strictObject({ import_id: ref('import') }),
  output: z.object({ import: z.string(), contacts_removed: z.number() }),
  permission: { level: 'soft_limit' },
  effect: 'delete',
  undo: 'none',
  why_not_undone: 'who was removed comes back one by one with contact.restore',
  past: 'undid',
  participle: 'undone',
  example: { import_id: 'I-1' },
  many: true,
  keywords: ['roll back', 'revert'],
  async run(context, { import_id }) {
    const batch = await getRow(context, importRecord, import_id, { lock: true });
    // Nobody books a visit for them until this transaction ends.
    const brought = relationTo(context, contactRecord, importRecord);
    const customers = await listChildIds(context, brought, [import_id], { lock: true });
    const visited = await listParentIds(context, relationTo(context, ticketRecord, contactRecord), customers);
    const used = await listByIds(context, contactRecord, visited);
    if (used.length > 0) {
      throw new DeskhandError('INVALID_STATE', 'Customers of this import have visits by now.', {
        contacts: used.slice(0, 100).map(contact => `${contact.reference} ${contact.full_name}`),
        hint: 'Delete the unwanted customers one by one instead.',
      });
    }
    if (batch.undone_at !== null) {
      throw new DeskhandError('INVALID_STATE', `${batch.reference} was undone before.`);
    }
    await updateRow(context, importRecord, import_id, { undone_at: context.now.toString() });
    const gone = await deleteAlong(context, importRecord, import_id);
    return { import: batch.reference, contacts_removed: gone.get('contact')?.length ?? 0 };
  },
});
