import { addressesOf, type ContactAddress } from '../addresses/addresses-of.ts';
import { contactRecord } from '../contacts/contact.ts';
import type { Contact } from '../contacts/record.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { listByIds } from '../kernel/records/record-queries.ts';
import { DeskhandError, notFound } from '../kernel/words/errors.ts';
import { isAssigned } from './queries.ts';
import type { Ticket } from './ticket.ts';

// What a visit, and who books or works on one, have to be.

/** Closed and cancelled visits are final (GAP-02). */
export function requireOpen(ticket: Ticket): void {
  if (ticket.status === 'closed') {
    throw new DeskhandError(
      'TICKET_CLOSED',
      `${ticket.reference} is closed; nothing on it can change any more.`,
      {
        hint: 'To charge another amount, invoice.create makes a bill of your own lines; or write a note with note.create, or book a new visit.',
      },
    );
  }
  if (ticket.status === 'cancelled') {
    throw new DeskhandError('INVALID_STATE', `${ticket.reference} is cancelled, which is final.`, {
      hint: 'Book it once more with ticket.rebook, or another visit with ticket.create.',
    });
  }
}

/** An address of this customer. Throws NOT_FOUND for everybody else's. */
export async function requirePlace(
  context: ReadContext,
  contactId: string,
  id: string,
): Promise<ContactAddress> {
  const place = (await addressesOf(context, [contactId])).find(candidate => candidate.id === id);
  if (place) return place;
  throw notFound('address of this customer', id, { field: 'address_id' });
}

/** The customer of a booking, kept from being deleted until it is done. Throws NOT_FOUND. */
export async function requireCustomer(context: ReadContext, id: string): Promise<Contact> {
  const [customer] = await listByIds(context, contactRecord, [id], { lock: 'share' });
  if (!customer) throw notFound('contact', id, { field: 'contact_id' });
  return customer;
}

/** Throws unless the acting technician is on the visit; everybody else may. */
export async function requireOwnVisit(context: ReadContext, ticketId: string): Promise<void> {
  const { role, id } = context.actor;
  if (role !== 'technician' || id === null) return;
  if (!(await isAssigned(context, ticketId, id))) throw notFound('ticket', ticketId, { field: 'ticket_id' });
}
