import type { Invoice } from '../invoices/invoice.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { firstOwner } from '../members/first-owner.ts';
import { keepTask, type MadeFor } from '../tasks/made-for.ts';

interface Words {
  title: string;
  note: string;
  /** UTC */
  due_at?: string;
}

/** One task of a purpose for a bill while it is open, for the owner; done once there is nothing to say any more. */
export const tellOwner = async (
  context: Context,
  { id, contact_id, company_id }: Invoice,
  made_for: MadeFor['made_for'],
  words: Words | undefined,
): Promise<void> =>
  keepTask(
    context,
    { made_for, invoice_id: id },
    words && { ...words, contact_id, company_id, assignee_id: await firstOwner(context) },
  );
