// What the record of customers needs; it may not import the record of invoices, which points to it.
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { listOfContact } from './queries.ts';

/** How many bills a customer has, whatever became of them (CFL-52). */
export const countInvoicesOf = async (context: ReadContext, contactId: string): Promise<number> =>
  (await listOfContact(context, contactId)).length;

/** Makes the search documents of a customer's bills again: they are found by the customer's name. */
export async function reindexInvoicesOf(context: Context, contactId: string): Promise<void> {
  for (const { id } of await listOfContact(context, contactId)) context.reindex('invoice', id);
}
