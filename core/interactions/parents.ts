import type { Context } from '../kernel/pipeline/context.ts';
import type { RecordSpec } from '../kernel/records/record.ts';
import { findRow } from '../kernel/records/record-queries.ts';
import { invalid, notFound } from '../kernel/words/errors.ts';
import { leadRecord } from '../leads/lead.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import type { Interaction } from './record.ts';

/**
 * Whom it is with (INT-04): a customer, or a lead and with it the lead's customer if there is one already; the customer
 * of a visit when it is about one. Answers the customer, unless nothing of that is said. Throws VALIDATION_ERROR when
 * what is said does not fit together, NOT_FOUND.
 */
export async function readParents(
  context: Context,
  input: Partial<Interaction>,
  before: Interaction | undefined,
): Promise<Pick<Interaction, 'contact_id'> | undefined> {
  if (before && !('contact_id' in input || 'lead_id' in input || 'ticket_id' in input)) return undefined;
  const ofLead = await customerOf(context, { record: leadRecord, field: 'lead_id', input, before });
  const ofVisit = await customerOf(context, { record: ticketRecord, field: 'ticket_id', input, before });
  const given = input.contact_id ?? undefined;
  if (ofVisit && ofVisit !== (given ?? ofLead ?? ofVisit)) throw mismatch('ticket_id', 'visit');
  if (ofLead !== undefined && given !== undefined && given !== (ofVisit ?? ofLead))
    throw mismatch('lead_id', 'lead');
  const contact_id = ofVisit ?? (ofLead === undefined ? (given ?? before?.contact_id ?? null) : ofLead);
  if (contact_id !== null || ofLead !== undefined) return { contact_id };
  throw invalid('contact_id', 'An interaction is with somebody.', { hint: 'Give contact_id or lead_id.' });
}

const mismatch = (field: string, what: string) =>
  invalid(field, `This ${what} is not this customer’s.`, {
    hint: `Leave contact_id out: it goes to the customer of the ${what}.`,
  });

/** The customer of the lead or visit an interaction is about; null when the lead has none yet, undefined without one. */
async function customerOf(
  context: Context,
  {
    record,
    field,
    input,
    before,
  }: {
    record: RecordSpec<{ contact_id: string | null }>;
    field: 'lead_id' | 'ticket_id';
    input: Partial<Interaction>;
    before: Interaction | undefined;
  },
): Promise<string | null | undefined> {
  const isGiven = field in input;
  const id = isGiven ? input[field] : before?.[field];
  if (id === null || id === undefined) return undefined;
  const row = await findRow(context, record, id, { deleted: !isGiven });
  if (!row) throw notFound(record.name, id, { field });
  return row.contact_id;
}
