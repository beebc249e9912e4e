import type { ReadContext } from '../kernel/pipeline/context.ts';
import { listBillsOf } from './customer-queries.ts';
import type { Invoice } from './invoice.ts';
import { findOfTicket } from './queries.ts';

/** The bills of a customer that have not ended, those to be paid first, of these the newest. */
export const billsOf = (context: ReadContext, contactId: string, limit: number): Promise<Invoice[]> =>
  listBillsOf(context, contactId, limit);

/** The id of the one bill of a visit that has not ended (CFL-39); undefined while it is not billed. */
export const billOfVisit = async (context: ReadContext, ticketId: string): Promise<string | undefined> =>
  (await findOfTicket(context, ticketId))?.id;
