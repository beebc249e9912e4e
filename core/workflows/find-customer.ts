import { z } from 'zod';
import type { WorkflowContext } from '../kernel/pipeline/context.ts';
import { mayRead } from '../kernel/pipeline/roles.ts';
import { listByIds } from '../kernel/records/record-queries.ts';
import { defineWorkflow } from '../kernel/registry/define.ts';
import { totalOf, totalSchema } from '../kernel/search/pages.ts';
import { invalid } from '../kernel/words/errors.ts';
import { quote } from '../kernel/words/quote.ts';
import { leadRecord } from '../leads/lead.ts';
import { bookingContextOf, bookingContextRow } from '../reading/booking-context.ts';
import {
  findCustomers,
  foundCustomer,
  latestVisits,
  type PageFound,
  showCustomers,
} from '../reading/find-customers.ts';
import { moreInNotes } from '../reading/only-in-notes.ts';
import type { CustomerQuery } from '../reading/search-customers.ts';

/** Who is that? One match comes with what one wants to know before booking (MCP-11, CON-09). */
export const findCustomer = defineWorkflow({
  name: 'find_customer',
  title: 'Find a customer',
  summary:
    'Find customers by name (typos are fine), phone, e-mail, address, note, facts, services had and when. A single match comes with its booking context.',
  input: z.strictObject({
    query: z.string().min(1).max(200).optional(),
    attribute: z.string().min(1).max(100).optional().meta({ description: 'elderly, pet, pet=dog' }),
    in_notes: z.boolean().optional().meta({ description: 'those of whom only notes mention the attribute' }),
    service: z.string().min(1).max(100).optional(),
    period: z
      .string()
      .min(1)
      .max(60)
      .optional()
      .meta({ description: 'of a visit: last spring, since April' }),
    limit: z.int().min(1).max(20).optional(),
    cursor: z.string().min(1).max(2000).optional().meta({ description: 'next_cursor of the answer before' }),
  }),
  output: z.object({
    // A single match comes as `booking_context` instead.
    customers: z.array(foundCustomer).optional(),
    more: z.boolean().optional(),
    /** How many there are in all, exactly up to 200. */
    total: totalSchema.optional(),
    next_cursor: z.string().optional(),
    /** Of so many more a note speaks, and no fact. */
    only_in_notes: totalSchema.optional(),
    /** The newest of these: `C-1042 «Jane Smith»`. What the notes say comes with in_notes. */
    also_in_notes: z.array(z.string()).optional(),
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
  async run(context, { limit = 5, cursor, in_notes, ...asked }) {
    if (Object.values(asked).every(value => value === undefined)) {
      throw invalid('query', 'Say whom to look for.', { hint: 'Give query, attribute, service or period.' });
    }
    if (in_notes && asked.attribute === undefined) {
      throw invalid('in_notes', 'in_notes goes with an attribute.', {
        hint: 'Give attribute, such as pet=dog; words in notes are found by query alone.',
      });
    }
    const found = await findCustomers(context, { asked, limit, cursor, in_notes });
    const facts = factsOf(found);
    const [only, ...others] = found.ids;
    if (only === undefined)
      return {
        customers: [],
        more: false,
        ...facts,
        hint: (await hintOfInquiries(context, asked)) ?? hintOf(found, { ...asked, in_notes }),
      };
    // What stands in a note is shown as it is; who it is of comes with the next call.
    // The only one of a short page is not the only one there is.
    if (others.length > 0 || found.count > 1 || cursor !== undefined || in_notes) {
      const customers = await showCustomers(context, found);
      return { customers, more: found.next_cursor !== undefined, ...facts, ...hintOfNotes(found) };
    }
    const [booking_context, visits] = await Promise.all([
      bookingContextOf(context, only),
      latestVisits(context, found.ids, found.visits),
    ]);
    const visit = visits.get(only);
    return { booking_context, ...(visit === undefined ? {} : { visit }), ...facts, ...hintOfNotes(found) };
  },
});

const mostInquiries = 3;

/** Who asked for a job and is no customer yet is not to be written down a second time. */
async function hintOfInquiries(
  context: WorkflowContext,
  { query, ...narrower }: CustomerQuery,
): Promise<string | undefined> {
  if (query === undefined || Object.values(narrower).some(value => value !== undefined)) return undefined;
  if (!mayRead(context.actor, context.registry.view(leadRecord.plural).spec)) return undefined;
  const alike = (await leadRecord.findByName?.(context, query)) ?? [];
  const rows = await listByIds(
    context,
    leadRecord,
    alike.map(({ id }) => id),
  );
  const open = rows.filter(({ status }) => status !== 'converted').slice(0, mostInquiries);
  if (open.length === 0) return undefined;
  const said = open.map(row => `${row.reference} ${quote(leadRecord.label(row))} (${row.status})`).join(', ');
  return `No customer is called so, but who asked for a job: ${said}. lead.convert makes a customer of one; crm_query leads tells more.`;
}

/** How complete the answer is, and what was understood. */
const factsOf = ({ count, next_cursor, only_in_notes, noted = [], visits }: PageFound) => ({
  ...(count > 0 ? { total: totalOf(count) } : {}),
  ...(next_cursor === undefined ? {} : { next_cursor }),
  ...(only_in_notes === undefined ? {} : { only_in_notes: totalOf(only_in_notes) }),
  ...(noted.length > 0 ? { also_in_notes: noted } : {}),
  ...(visits ? { understood: visits.label } : {}),
});

const hintOfNotes = ({ only_in_notes }: PageFound) =>
  only_in_notes === undefined ? {} : { hint: `${moreInNotes(only_in_notes)}: in_notes: true lists them.` };

interface AskedFact {
  attribute?: string | undefined;
  in_notes?: boolean | undefined;
}

function hintOf({ only_in_notes, visits }: PageFound, { attribute, in_notes }: AskedFact): string {
  if (only_in_notes !== undefined)
    return `Nobody has it as a fact. ${moreInNotes(only_in_notes)}: in_notes: true lists them.`;
  if (visits) return `Nobody found among those with ${visits.label}. Try another period or fewer words.`;
  if (attribute === undefined) return 'Nobody found. Try fewer words, or add them with contact.create.';
  return in_notes
    ? `Notes mention ${quote(attribute)} of nobody else. Leave out in_notes for those of whom it is known.`
    : `Nobody found who is known to have ${quote(attribute)}, and no note mentions it. crm_query attributes lists what is known, and of whom.`;
}
