import type { MessageKind } from './record.ts';
import type { Values } from './variables.ts';

/** What is said to a customer whom no mail reaches: why they are called, and the words. */
export interface Script {
  /** Behind `Call Jane Smith: `. */
  about: string;
  say: string;
}

/** The words for the telephone, by kind of message; nobody is called to be welcomed or thanked for a payment. */
const scripts: Readonly<Partial<Record<MessageKind, (values: Values) => Script>>> = {
  confirmation: values => ({
    about: `confirm the visit on ${when(values)}`,
    say: `We have you down for ${visit(values)}${values.repeats ? ` It comes again ${values.repeats}.` : ''} Does that suit you?`,
  }),
  confirmation_follow_up: values => ({
    about: `ask whether ${when(values)} suits them`,
    say: `We have not heard from you yet: we have you down for ${visit(values)} Does that suit you?`,
  }),
  reminder: values => ({
    about: `remind them of ${when(values)}`,
    say: `I am calling about your appointment on ${visit(values)} Is everything ready for us?`,
  }),
  moved: values => ({
    about: `tell them the visit is now on ${when(values)}`,
    say: `Your appointment on ${before(values)} is moved. It is now ${visit(values)} Does that suit you?`,
  }),
  cancellation: values => ({
    about: `tell them we do not come on ${when(values)}`,
    say: `Your appointment on ${when(values)} is cancelled. Would you like another time?`,
  }),
  change_accepted: values => ({
    about: `tell them we come on ${when(values)}, as they asked`,
    say: `As you asked, we now come on ${visit(values)}`,
  }),
  change_offer: values => ({
    about: `offer other times for ${when(values)}`,
    say: `The time you asked for is taken. These are free: ${listOf(values.free_times)}. Which one suits you?`,
  }),
  waitlist_offer: values => ({
    about: `offer ${when(values)}, which has become free`,
    say: `You wanted us to come sooner. A time has become free: on ${visit(values)} Would you like it${instead(values)}?${values.answer_by ? `\nIt stands until ${values.answer_by}, and whoever says yes first has it.` : ''}`,
  }),
  waitlist_taken: values => ({
    about: `tell them ${when(values)} is taken`,
    say: `Somebody else was faster: ${when(values)} is taken. You stay on our list.`,
  }),
  outreach: values => ({
    about: 'ask whether they would like us to come again',
    say: `It has been ${values.months ?? 'a while'} since our last visit${values.services ? ` (${values.services})` : ''}. Would you like to book the next one?`,
  }),
  invoice: values => ({
    about: `invoice ${values.invoice_number ?? ''}`.trim(),
    say: `Your invoice ${values.invoice_number ?? ''} comes to ${values.invoice_total ?? 'an amount I can tell you'}${values.amount_due ? `; ${values.amount_due} is still due` : ''}${values.due_date ? ` by ${values.due_date}` : ''}. How would you like to get it?`,
  }),
  overdue: values => ({
    about: `bill ${values.invoice_number ?? ''}, which is overdue`.replace('  ', ' '),
    say: `I am calling about invoice ${values.invoice_number ?? ''}: ${values.amount_due ?? 'an amount'} is not paid yet.${values.other_bills ? ` Not paid yet, either: ${values.other_bills}.` : ''} Is something not right with it?`,
  }),
  statement: values => ({
    about: 'their statement',
    say: `Your statement for ${values.statement_period ?? 'the time you asked for'} is ready${values.statement_balance ? `: ${values.statement_balance} is to be paid` : ''}. How would you like to get it?`,
  }),
  quote: () => ({ about: 'your quote', say: 'Your quote is ready. How would you like to get it?' }),
};

/** The words to say; own words of a message are read out as they are. Undefined for what nobody is called about. */
export function scriptOf(
  kind: MessageKind,
  values: Values,
  own: { subject: string; body: string } | undefined,
): Script | undefined {
  const script = own ? { about: own.subject, say: own.body } : scripts[kind]?.(values);
  if (!script) return undefined;
  const hello = own ? '' : `Hello, this is ${values.business_name ?? 'your service company'}. `;
  const more = values.custom_message && !own ? `\n${values.custom_message}` : '';
  return { about: script.about, say: `${hello}${script.say}${more}` };
}

const when = ({ appointment_date: date, appointment_time: time }: Values): string =>
  [date, time].filter(Boolean).join(' at ') || 'the time agreed';

const before = ({ previous_date: date, previous_time: time }: Values): string =>
  [date, time].filter(Boolean).join(' at ') || 'another day';

/** What an earlier time would be instead of. */
const instead = (values: Values): string => (values.previous_date ? ` instead of ${before(values)}` : '');

/** `Tuesday, December 1 at 9:00 AM, at 123 Main Street: Gutter Cleaning, $150.00 (estimated).` */
function visit(values: Values): string {
  const { address, services, price } = values;
  const what = [services, price].filter(Boolean).join(', ');
  return `${when(values)}${address ? `, at ${address}` : ''}${what === '' ? '' : `: ${what}`}.`;
}

const listOf = (lines: string | undefined): string => (lines ?? '').split('\n').filter(Boolean).join('; ');
