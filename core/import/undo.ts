import { z } from 'zod';
import { contactRecord } from '../contacts/contact.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { reindexAllChildren } from '../kernel/records/relations.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { importRecord } from './import.ts';
import { deleteBatch, listUsedContacts, lockContacts, markUndone } from './queries.ts';

/** Takes a whole import back: its customers, addresses, notes and companies are deleted, and can be restored one by one. */
export const undoImport = defineAction({
  domain: 'import',
  name: 'undo',
  summary: 'Take back a whole import; refused once its customers have visits.',
  input: z.strictObject({ import_id: ref('import') }),
  output: z.object({ import: z.string(), contacts_removed: z.number() }),
  permission: { level: 'soft_limit' },
  effect: 'delete',
  undo: 'none',
  past: 'undid',
  participle: 'undone',
  example: { import_id: 'I-1' },
  many: true,
  keywords: ['roll back', 'revert'],
  async run(context, { import_id }) {
    const batch = await getRow(context, importRecord, import_id, { lock: true });
    await lockContacts(context, import_id);
    const used = await listUsedContacts(context, import_id);
    if (used.length > 0) {
      throw new DeskhandError('INVALID_STATE', 'Customers of this import have visits by now.', {
        contacts: used.map(contact => `${contact.reference} ${contact.full_name}`),
        hint: 'Delete the unwanted customers one by one instead.',
      });
    }
    if (!(await markUndone(context, import_id))) {
      throw new DeskhandError('INVALID_STATE', `${batch.reference} was undone before.`);
    }
    const gone = await deleteBatch(context, import_id);
    for (const [kind, ids] of gone) for (const id of ids) context.reindex(kind, id);
    await reindexAllChildren(context, contactRecord, gone.get('contact') ?? []);
    context.reindex('import', import_id);
    return { import: batch.reference, contacts_removed: gone.get('contact')?.length ?? 0 };
  },
});
