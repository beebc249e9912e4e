import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';

/** A step that is taken for a bill. */
export interface NewReminder {
  invoice_id: string;
  step: number;
  remind_on: string;
}

/**
 * Writes down that a step is taken; false when somebody else has taken it, who is waited for. What was left out together with
 * another bill is taken anew.
 */
export async function takeStep(
  context: Context,
  { invoice_id, step, remind_on }: NewReminder,
): Promise<boolean> {
  const taken = await context.tx.run(sql`
    insert into invoice_reminders as r (organization_id, invoice_id, step, remind_on)
    values (
      ${context.organization.id}::uuid, ${invoice_id}::uuid, ${step}::integer, ${remind_on}::date
    )
    on conflict (organization_id, invoice_id, step) do update
    set remind_on = excluded.remind_on, message_id = null, task_id = null
    where exists (
      select 1
      from scheduled_messages as m
      where m.organization_id = r.organization_id and m.id = r.message_id and m.status = 'skipped'
        and m.invoice_id <> r.invoice_id
    )`);
  return taken === 1;
}

/** Says by which message or call the steps of some bills are taken. */
export async function noteReminder(
  context: Context,
  taken: readonly NewReminder[],
  by: { message_id?: string | undefined; task_id?: string | undefined },
): Promise<void> {
  for (const { invoice_id, step } of taken)
    await context.tx.run(sql`
      update invoice_reminders
      set message_id = ${by.message_id ?? null}::uuid, task_id = ${by.task_id ?? null}::uuid
      where organization_id = ${context.organization.id}::uuid
        and invoice_id = ${invoice_id}::uuid
        and step = ${step}::integer`);
}

const stepOf = z.object({ step: z.number() });

/** The step of its bill that a message takes. */
export async function findStepOf(context: ReadContext, messageId: string, invoiceId: string) {
  const [found] = await pickRows(
    context,
    { from: 'invoice_reminders', soft_deletes: false },
    stepOf,
    sql`message_id = ${messageId}::uuid and invoice_id = ${invoiceId}::uuid`,
  );
  return found?.step;
}
