import { z } from 'zod';
import { bookingContextOf, bookingContextRow } from '../../core/contacts/booking-context.ts';
import { findCustomers, foundCustomer } from '../../core/contacts/find.ts';
import { defineWorkflow } from '../../core/kernel/define.ts';

/** Who is that? One match comes with what one wants to know before booking (MCP-11, CON-09). */
export const findCustomer = defineWorkflow({
  name: 'find_customer',
  title: 'Find a customer',
  summary:
    'Find customers by name (typos are fine), phone, e-mail, street, town or note. A single match comes with its booking context.',
  input: z.strictObject({ query: z.string().min(1).max(200), limit: z.int().min(1).max(20).optional() }),
  output: z.object({
    // A single match comes as `booking_context` instead.
    customers: z.array(foundCustomer).optional(),
    more: z.boolean().optional(),
    booking_context: bookingContextRow.optional(),
    hint: z.string().optional(),
  }),
  uses: [],
  read_only: true,
  keywords: ['search', 'who is', 'caller', 'look up'],
  async run(context, { query, limit }) {
    const { customers, more } = await findCustomers(context, query, limit ?? 5);
    const [only] = customers;
    if (!only) {
      return { customers, more, hint: 'Nobody found. Try fewer words, or add them with contact.create.' };
    }
    if (customers.length > 1) return { customers, more };
    return { booking_context: await bookingContextOf(context, only.id) };
  },
});
