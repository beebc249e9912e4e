import { z } from 'zod';
import { defineWorkflow } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { bookingContextOf, bookingContextRow } from '../reading/booking-context.ts';
import { findCustomers, foundCustomer } from '../reading/find-customers.ts';

/** Who is that? One match comes with what one wants to know before booking (MCP-11, CON-09). */
export const findCustomer = defineWorkflow({
  name: 'find_customer',
  title: 'Find a customer',
  summary:
    'Find customers by name (typos are fine), phone, e-mail, address, note, facts, services had and when. A single match comes with its booking context.',
  input: z.strictObject({
    query: z.string().min(1).max(200).optional(),
    attribute: z.string().min(1).max(100).optional().meta({ description: 'elderly, pet, pet=dog' }),
    service: z.string().min(1).max(100).optional(),
    period: z
      .string()
      .min(1)
      .max(60)
      .optional()
      .meta({ description: 'of a visit: last spring, since April' }),
    limit: z.int().min(1).max(20).optional(),
  }),
  output: z.object({
    // A single match comes as `booking_context` instead.
    customers: z.array(foundCustomer).optional(),
    more: z.boolean().optional(),
    booking_context: bookingContextRow.optional(),
    /** The visit that was asked for, of a single match. */
    visit: z.string().optional(),
    /** Which visits were asked for. */
    understood: z.string().optional(),
    hint: z.string().optional(),
  }),
  uses: [],
  read_only: true,
  example: { query: 'Jane Smith' },
  keywords: ['search', 'who is', 'caller', 'look up', 'customer', 'client', 'elderly', 'last spring'],
  async run(context, { limit, ...asked }) {
    if (Object.values(asked).every(value => value === undefined)) {
      throw invalid('query', 'Say whom to look for.', { hint: 'Give query, attribute, service or period.' });
    }
    const { customers, more, ...meant } = await findCustomers(context, asked, limit ?? 5);
    const [only] = customers;
    if (!only) {
      const hint = meant.understood
        ? `Nobody found among those with ${meant.understood}. Try another period or fewer words.`
        : 'Nobody found. Try fewer words, or add them with contact.create.';
      return { customers, more, ...meant, hint };
    }
    if (customers.length > 1) return { customers, more, ...meant };
    return {
      booking_context: await bookingContextOf(context, only.id),
      ...(only.visit === undefined ? {} : { visit: only.visit }),
      ...meant,
    };
  },
});
