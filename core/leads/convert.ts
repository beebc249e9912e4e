import { z } from 'zod';
import { addressRecord } from '../addresses/address.ts';
import { proposeAttributes } from '../attributes/propose.ts';
import { contactRecord } from '../contacts/contact.ts';
import type { Contact } from '../contacts/record.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { updateRecord } from '../kernel/records/record-actions.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { quote } from '../kernel/words/quote.ts';
import { handOverTasksOfLead } from '../tasks/follow.ts';
import { createInput } from '../tickets/create.ts';
import { sayWhoGoes, settledAnswer } from '../tickets/taken.ts';
import { ensureAddress, ensureCompany, ensureContact, knownPlace, offeredBy } from './customer.ts';
import { endedByConverting, tellUnconfirmed } from './ending.ts';
import { leadConverted } from './events.ts';
import { leadRecord, lockOpenLead } from './lead.ts';
import type { Lead } from './record.ts';

const found = z.object({ id: z.string(), reference: z.string() });
const booked = z.object({ appointment: z.looseObject({}) });

/**
 * Makes a customer of an open lead (LED-06, LED-20, CFL-56), all of it or nothing: the customer, who may be known
 * already, the company and the address if they were named, what is known of the property, and everything that was said.
 * The lead is locked first, so that of two at once the second finds it converted.
 */
export const convertLead = defineAction({
  domain: 'lead',
  name: 'convert',
  summary:
    'Make a customer of a lead, with company, address, notes and what is known; known customers are found.',
  input: z.strictObject({
    lead_id: ref('lead'),
    contact_id: ref('contact').optional(),
    new_customer: z
      .literal(true)
      .optional()
      .meta({ description: 'somebody new, though others are reached alike' }),
    appointment: createInput.omit({ contact_id: true }).optional().meta({ description: 'books their visit' }),
  }),
  also: {
    appointment: {
      example: {
        scheduled_at: '2027-02-01T09:00',
        lines: [{ service_id: 'Gutter Cleaning' }],
        technician_ids: ['Theo'],
      },
      uses: ['ticket.create'],
      async run(context, { input, answer }) {
        const { id: contact_id } = found.parse(answer.contact);
        const { appointment } = booked.parse(input);
        const { customer_told, ...ticket } = await context.call('ticket.create', {
          ...appointment,
          contact_id,
        });
        return { ticket, ...sayWhoGoes({ ...ticket, customer_told }) };
      },
    },
  },
  output: z.object({
    lead: leadRecord.row.pick({
      id: true,
      reference: true,
      title: true,
      status: true,
      converted_at: true,
      extraction_status: true,
    }),
    contact: contactRecord.row.pick({ id: true, reference: true, full_name: true, phone: true, email: true }),
    contact_created: z.boolean(),
    company: found.extend({ name: z.string() }).nullable(),
    address: addressRecord.row
      .pick({
        id: true,
        reference: true,
        line1: true,
        line2: true,
        city: true,
        state: true,
        postal_code: true,
      })
      .nullable(),
    /** What the lead said of a customer who is known already: nobody is written to or visited there yet. */
    unconfirmed: z.array(z.object({ reference: z.string(), key: z.string(), value: z.string() })),
    attributes: z.array(z.string()),
    /** Call-backs and reminder that end with the inquiry: `the call-back IN-1001 of Mon 2026-11-23 09:00 -06:00`. */
    ends_now: z.array(z.string()),
    /** The visit that was booked along. */
    ticket: z.looseObject({}).optional(),
    ...settledAnswer,
  }),
  permission: { level: 'unrestricted' },
  effect: 'create',
  often: { rank: 1 },
  undo: 'none',
  example: { lead_id: 'L-1001' },
  emits: [leadConverted.name],
  keywords: ['won', 'new customer', 'becomes a customer', 'win'],
  async run(context, { lead_id, contact_id, new_customer }) {
    if (contact_id !== undefined && new_customer) {
      throw invalid('new_customer', 'A known customer is no new one.', { hint: 'Give one of the two.' });
    }
    const lead = await lockOpenLead(context, lead_id);
    const given = { given: contact_id, isNew: new_customer === true };
    const { contact, isNew } = await ensureContact(context, lead, given);
    const company = await ensureCompany(context, lead, { contact, isNew });
    const address = isNew
      ? await ensureAddress(context, lead, contact.id)
      : await knownPlace(context, lead, contact.id);
    // Notes and interactions follow the lead to its customer.
    const converted = await updateRecord(context, leadRecord, lead.id, {
      contact_id: contact.id,
      ...(company ? { company_id: company.id } : {}),
      status: 'converted',
      converted_at: context.now.toString(),
    });
    await handOverTasksOfLead(context, lead.id, contact.id);
    await context.emit(leadConverted, { lead_id: lead.id, contact_id: contact.id });
    const unconfirmed = isNew ? [] : await keepOffered(context, lead, contact);
    const attributes = await keepDetails(context, lead, contact.id);
    const customer = await getRow(context, contactRecord, contact.id);
    tellUnconfirmed(context, lead, customer.reference);
    return {
      lead: converted,
      contact: customer,
      contact_created: isNew,
      company: company ?? null,
      address: address ?? null,
      unconfirmed,
      attributes,
      ends_now: await endedByConverting(context, lead),
    };
  },
});

/** Writes down what a stranger said of somebody who is known, and says so: it is not theirs until a person confirms it. */
async function keepOffered(context: Context, lead: Lead, contact: Contact) {
  const offered = await offeredBy(context, lead, contact);
  if (offered.length === 0) return [];
  const { attributes, left_out } = await proposeAttributes(
    context,
    { contact_id: contact.id, source: 'lead', lead_id: lead.id },
    { by: lead.extracted_by ?? undefined, fields: { attributes: offered } },
  );
  for (const fact of left_out) context.warn(`Left out: ${fact}.`);
  if (attributes.length === 0) return [];
  const said = attributes.map(({ key, value }) => `${key} ${quote(String(value))}`).join(', ');
  context.warn(
    `Added as unconfirmed, because ${contact.reference} is known already: ${said}. Nothing goes there until a person confirms it.`,
  );
  return attributes.map(({ reference, key, value }) => ({ reference, key, value: String(value) }));
}

/** What is known of the property becomes facts about the customer, as sure as they were on the lead. */
async function keepDetails(context: Context, lead: Lead, contact_id: string): Promise<string[]> {
  if (lead.property_details.length === 0) return [];
  const { attributes, left_out } = await proposeAttributes(
    context,
    { contact_id, source: 'lead', lead_id: lead.id, is_confirmed: lead.extraction_status === 'confirmed' },
    { by: lead.extracted_by ?? undefined, fields: { attributes: lead.property_details } },
  );
  for (const fact of left_out) context.warn(`Left out: ${fact}.`);
  return attributes.map(({ reference }) => reference);
}
