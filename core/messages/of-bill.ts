import type { ReadContext } from '../kernel/pipeline/context.ts';
import { findMailOfBill } from './bill-queries.ts';

/** The newest mail that carries a bill, and whether it has a link to pay by; undefined while none was written. */
export async function mailOfBill(context: ReadContext, invoiceId: string) {
  const mail = await findMailOfBill(context, invoiceId);
  return mail && { ...mail, has_link: mail.links.payment_link !== undefined };
}
