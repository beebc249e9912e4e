import { z } from 'zod';
import { getRow, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { saysSomething } from '../kernel/words/says-something.ts';
import { freeText } from '../kernel/words/text-schemas.ts';
import { day, readDay, todayOf } from '../kernel/words/time.ts';
import { subscribesAgain } from './consent.ts';
import { contactRecord } from './contact.ts';
import { insertConsent } from './queries.ts';

const places = ['phone', 'email', 'in_person', 'web_form', 'paper', 'other'] as const;

/**
 * Writes down that a customer agreed to the e-mails we write of our own accord, with its source (AUD-11): what nobody can
 * say where it comes from is no consent. By an agent, for who unsubscribed before, it waits for the owner each time.
 */
export const recordConsent = defineAction({
  domain: 'contact',
  name: 'record_consent',
  summary:
    'Record that a customer agreed to e-mails we write of our own accord: where, when and how they said so.',
  input: z.strictObject({
    contact_id: ref('contact'),
    where: z.enum(places),
    said_on: day.meta({ description: 'the day they said so' }),
    how: freeText.meta({ description: 'what they said or ticked, in a sentence' }),
  }),
  output: contactRecord.row.pick({
    id: true,
    reference: true,
    full_name: true,
    status: true,
    email_opt_in: true,
  }),
  permission: { level: 'unrestricted', rules: [subscribesAgain()] },
  effect: 'update',
  widens: 'whom the business may write to',
  object: 'consent of a customer',
  past: 'recorded',
  says: 'the consent of {it}[: {how}][, {where}][ on {said_on}]',
  example: {
    contact_id: 'Jane Smith',
    where: 'phone',
    said_on: '2026-11-17',
    how: 'Asked to hear from us in spring.',
  },
  keywords: ['opt in', 'subscribe', 'newsletter', 'marketing', 'agreed', 'permission', 'sign up'],
  async run(context, { contact_id, where, said_on, how }) {
    const today = todayOf(context);
    const said = readDay(said_on, 'said_on');
    if (said.toString() > today.toString()) {
      throw invalid('said_on', 'This day is still to come.', { got: said_on });
    }
    if (!saysSomething(how)) {
      throw invalid('how', 'Say in words what the customer said or ticked.', {
        got: how.slice(0, 80),
        hint: 'Such as “Said on the phone that she wants the spring offer”.',
      });
    }
    const { status } = await getRow(context, contactRecord, contact_id, { lock: true });
    await insertConsent(context, contact_id, { where, said_on, how });
    return updateRow(context, contactRecord, contact_id, {
      email_opt_in: true,
      ...(status === 'unsubscribed' ? { status: 'active' } : {}),
    });
  },
});
