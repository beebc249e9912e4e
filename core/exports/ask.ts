import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import { lockInBusiness } from '../kernel/database/lock.ts';
import { logEntry } from '../kernel/pipeline/audit-entry.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { insertRow } from '../kernel/records/record-queries.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { exportKind } from './kinds.ts';
import { exportRecord, exportStates, type listFormats } from './record.ts';
import { listWaiting } from './record-queries.ts';

/** So many files are written for one business at once. */
const mostAtOnce = 5;

/** What is to be taken out, and what the history says of it. */
export type Wanted = { title: string; about: { type: string; id: string } } & (
  | { kind: 'everything' }
  | { kind: 'lists'; lists: readonly string[]; format: (typeof listFormats)[number] }
  | { kind: 'customer'; contact_id: string }
);

/** What an export that was asked for answers. */
export const askedExport = z.object({
  id: z.string(),
  reference: z.string(),
  status: z.enum(exportStates),
});

/**
 * Asks for a file that a job writes, which the owner fetches on the page /exports for seven days; the history says so. Throws
 * CONFLICT while the same is being written already, or too much at once.
 */
export async function askForFile(
  context: Context,
  { title, about, ...of }: Wanted,
): Promise<z.infer<typeof askedExport>> {
  const lists = of.kind === 'lists' ? [...of.lists] : [];
  const format = of.kind === 'lists' ? of.format : null;
  const contact_id = of.kind === 'customer' ? of.contact_id : null;
  // Whoever asks at the same moment sees what this one has asked for.
  await lockInBusiness(context, 'export');
  const waiting = await listWaiting(context);
  const same = waiting.find(
    row =>
      row.kind === of.kind &&
      row.contact_id === contact_id &&
      row.format === format &&
      row.lists.join() === lists.join(),
  );
  if (same || waiting.length >= mostAtOnce) {
    const what = same ? `${same.reference} is` : `${waiting.length} exports are`;
    throw new DeskhandError('CONFLICT', `${what} being written already.`, {
      hint: 'Fetch it on the page /exports when it is ready.',
    });
  }
  const facts = { of: of.kind === 'customer' ? undefined : title.toLowerCase(), format: format ?? undefined };
  await logEntry(context, { ...about, verb: 'exported' }, facts);
  const { id, reference, status } = await insertRow(context, exportRecord, {
    id: newId(),
    title,
    kind: of.kind,
    lists,
    format,
    contact_id,
    asked_by: context.actor.name,
  });
  await context.enqueue({ kind: exportKind, payload: { export_id: id }, dedupe_key: id });
  return { id, reference, status };
}
