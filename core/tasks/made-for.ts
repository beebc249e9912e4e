import { newId } from '../kernel/database/ids.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { insertRow, updateRow } from '../kernel/records/record-queries.ts';
import { openFrom } from './call.ts';
import { endOf } from './end-of.ts';
import { findMadeFor } from './queries.ts';
import type { Task, taskPurposes } from './record.ts';
import { taskRecord } from './task.ts';

/** What a task of ours is about: one of each purpose is open for a bill at a time. */
export interface MadeFor {
  made_for: (typeof taskPurposes)[number];
  invoice_id: string;
}

type Wanted = Pick<Task, 'title' | 'note' | 'contact_id' | 'company_id' | 'assignee_id'> &
  Partial<Pick<Task, 'due_at'>>;

/**
 * Keeps the one open task of a purpose in line with what is so: made or told anew when something is wanted, done when nothing
 * is any more. It is due when `wanted` says, else the next morning. The caller has the bill locked, so that of two at once the second finds the first one's.
 */
export async function keepTask(context: Context, about: MadeFor, wanted: Wanted | undefined): Promise<void> {
  const open = await findMadeFor(context, about);
  if (!wanted) {
    if (open) await updateRow(context, taskRecord, open.id, { status: 'done', ...endOf(context) });
    return;
  }
  const title = wanted.title.slice(0, 200);
  const { note, due_at: by } = wanted;
  if (open?.title === title && open.note === note) return;
  if (open) {
    await updateRow(context, taskRecord, open.id, {
      title,
      note,
      ...(by === undefined ? {} : { due_at: by }),
    });
    return;
  }
  // The next morning: it is not late the moment it is made, and is due at the same time whenever a request for it is allowed.
  const { time_zone } = context.organization;
  const due = context.now.toZonedDateTimeISO(time_zone).startOfDay().add({ days: 1 }).epochMilliseconds;
  const due_at = by ?? new Date(openFrom(context.organization, due) ?? due).toISOString();
  const task = { id: newId(), ...about, ...wanted, title, due_at };
  await insertRow(context, taskRecord, { ...task, source: 'workflow' });
}
