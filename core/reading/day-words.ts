import { formatMoney } from '../kernel/words/money.ts';
import { formatPhone } from '../kernel/words/phone.ts';
import { quote } from '../kernel/words/quote.ts';
import { localTime } from '../kernel/words/time.ts';
import { cutToTokens } from '../kernel/words/tokens.ts';
import { type Line, oneEach } from './day-fit.ts';
import type { OverdueInvoice, ReceivedPayment } from './day-money-queries.ts';
import type { CallDue, Due, FactToConfirm, NotSent, OpenLead } from './day-office-queries.ts';
import type { AnsweredVisit, OpenVisit, PlannedVisit } from './day-visit-queries.ts';

// Lines of a briefing: few words, times as the clock on the wall shows them, and whatever somebody wrote marked and short.

/** Somebody's words on one line, at most so many tokens of them. */
const said = (text: string, most_tokens: number): string =>
  quote(cutToTokens(text.replace(/\s+/g, ' ').trim(), most_tokens));

const mostName = 16;
const mostPlace = 22;
const mostText = 24;

/** Technicians, who are the owner's own people, until it gets long. */
export const shortCrew = (names: string): string => cutToTokens(names, 16);

/** `09:00` on the day itself, `Thu 2026-11-19 09:00` on others. */
function timeOn(day: string, instant: string, timeZone: string): string {
  const local = localTime(instant, timeZone).slice(0, 20);
  return local.slice(4, 14) === day ? local.slice(15) : local;
}

/** `09:00 60m T-2001 «Jane Smith», «123 Main Street, Madison»; «Gutter Cleaning»; Theo; pending` */
export function visitLine(visit: PlannedVisit, day: string, timeZone: string): string {
  const place = [visit.line1, visit.city].filter(part => part !== null).join(', ');
  const who = said(visit.customer, mostName) + (place === '' ? '' : `, ${said(place, mostPlace)}`);
  const state = visit.status === 'scheduled' ? visit.confirmation_status : visit.status;
  return [
    `${timeOn(day, visit.scheduled_at, timeZone)} ${visit.duration_minutes}m ${visit.reference} ${who}`,
    visit.services ? said(visit.services.join(', '), mostText) : '',
    visit.technicians ? shortCrew(visit.technicians.join(', ')) : 'nobody assigned',
    silent.has(state) ? '' : words(state),
  ]
    .filter(part => part !== '')
    .join('; ');
}

/** References that stand together on one line. */
const mostTogether = 8;

/**
 * Visits that still need something. Those of the day itself are told already and named together, by what their customer
 * said: `pending: T-2002 T-2004`; others are `Thu 2026-11-19 14:00 T-2008 «Mrs Hart» pending`.
 */
export function openVisitLines(
  visits: readonly OpenVisit[],
  day: string,
  timeZone: string,
  stateOf: (visit: OpenVisit) => string = () => '',
): Line[] {
  const today = new Map<string, string[]>();
  const others: string[] = [];
  for (const visit of visits) {
    const local = localTime(visit.scheduled_at, timeZone).slice(0, 20);
    const state = silent.has(stateOf(visit)) ? '' : words(stateOf(visit));
    if (local.slice(4, 14) === day) today.set(state, [...(today.get(state) ?? []), visit.reference]);
    else others.push([local, visit.reference, said(visit.customer, mostName), state].join(' ').trim());
  }
  const together = [...today].flatMap(([state, references]) =>
    chunks(references, mostTogether).map(some => ({
      text: `${state === '' ? '' : `${state}: `}${some.join(' ')}`,
      things: some.length,
    })),
  );
  return [...together, ...oneEach(others)];
}

/** Visits of the next day that need somebody: `10:00 T-2004 «Jane Smith» nobody assigned, pending`. */
export function settleLine(visit: OpenVisit, timeZone: string): string {
  const clock = localTime(visit.scheduled_at, timeZone).slice(15, 20);
  const state = visit.confirmation_status === 'accepted' ? '' : words(visit.confirmation_status);
  const needs = [visit.is_unassigned ? 'nobody assigned' : '', state].filter(Boolean).join(', ');
  return `${clock} ${visit.reference} ${said(visit.customer, mostName)} ${needs}`.trim();
}

/**
 * What customers said: whoever cannot come then in a line each, `T-2008 «Mrs Hart» Tue 2026-11-24 09:00 asks for Fri 2026-11-27
 * 14:00: «rather in the afternoon»`; those who agreed together, `3 accepted: T-2001 T-2004 T-2009`.
 */
export function answerLines(answers: readonly AnsweredVisit[], timeZone: string): Line[] {
  const accepted = answers.filter(({ confirmation_status }) => confirmation_status === 'accepted');
  const others = answers.filter(({ confirmation_status }) => confirmation_status !== 'accepted');
  const agreed = chunks(accepted, mostTogether).map(some => ({
    text: `${some.length} accepted: ${some.map(({ reference }) => reference).join(' ')}`,
    things: some.length,
  }));
  return [...oneEach(others.map(answer => answerLine(answer, timeZone))), ...agreed];
}

function answerLine(answer: AnsweredVisit, timeZone: string): string {
  const at = (moment: string) => localTime(moment, timeZone).slice(0, 20);
  const { confirmation_status, asked_for_at, customer_words } = answer;
  const wish = asked_for_at === null ? 'another time' : at(asked_for_at);
  const does = confirmation_status === 'declined' ? 'declined' : `asks for ${wish}`;
  const words = customer_words === null ? '' : `: ${said(customer_words, mostText)}`;
  return `${answer.reference} ${said(answer.customer, mostName)} ${at(answer.scheduled_at)} ${does}${words}`;
}

/** References together, a few on a line. */
export const togetherLines = (references: readonly string[]): Line[] =>
  chunks(references, mostTogether).map(some => ({ text: some.join(' '), things: some.length }));

/** `AT-12 «Jane Smith»: «pet: dog»` */
export const factLine = ({ reference, customer, key, value }: FactToConfirm): string =>
  `${reference} ${customer === null ? '' : `${said(customer, mostName)}: `}${said(`${key}: ${value}`, mostText)}`;

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));

/** `L-1003 new, high: «Harold Beck», «Two-story house, 25 screens»; since 2026-11-16` */
export function leadLine(lead: OpenLead, day: string, timeZone: string): string {
  const urgency = lead.urgency === null || lead.urgency === 'normal' ? '' : `, ${lead.urgency}`;
  const who = lead.full_name === null ? '' : `${said(lead.full_name, mostName)}, `;
  const since = localTime(lead.created_at, timeZone).slice(4, 14);
  const age = since < day ? `; since ${since}` : '';
  return `${lead.reference} ${lead.status}${urgency}: ${who}${said(lead.title, mostText)}${age}`;
}

/** `08:30 L-1003 reminder: «Harold Beck»`; `09:00 TASK-3 task of Theo: «Mrs Hart», «Ring her»` */
export function dueLine(due: Due, day: string, timeZone: string): string {
  const who = due.who === null ? '' : said(due.who, mostName);
  const what = due.subject === null ? '' : said(due.subject, mostText);
  const about = [who, what].filter(part => part !== '').join(', ');
  const whose = due.whose === null ? '' : ` of ${cutToTokens(due.whose, mostName)}`;
  return `${timeOn(day, due.due_at, timeZone)} ${due.reference} ${words(due.kind)}${whose}: ${about}`;
}

/** `09:00 TASK-5 «Call Mrs Hart: confirm the visit on Tuesday» (256) 555-0199`, and how often nobody was there. */
export function callLine(call: CallDue, day: string, timeZone: string, country: string): string {
  const number = call.phone === null ? 'no phone number' : formatPhone(call.phone, country);
  const tried = call.attempts === 0 ? '' : `, nobody there ${call.attempts} ×`;
  return `${timeOn(day, call.due_at, timeZone)} ${call.reference} ${said(call.title, mostText)} ${number}${tried}`;
}

/** `M-1004 reminder for «Jane Smith»: It was too late: the visit began …` */
export const notSentLine = ({ reference, kind, customer, error }: NotSent): string =>
  `${reference} ${words(kind)} for ${said(customer, mostName)}: ${cutToTokens(error ?? 'not sent', mostText)}`;

/** `INV-2026-014 «Jane Smith» $662.00 since 2026-12-18` */
export const overdueLine = ({ reference, customer, due_cents, currency, since }: OverdueInvoice): string =>
  `${reference} ${said(customer, mostName)} ${formatMoney(due_cents, currency)} since ${since}`;

/** `PAY-7 «Jane Smith» $90.00 by check for INV-2026-001` */
export const paymentLine = ({
  reference,
  customer,
  amount_cents,
  currency,
  ...of
}: ReceivedPayment): string =>
  `${reference} ${said(customer, mostName)} ${formatMoney(amount_cents, currency)} ${of.method.replaceAll('_', ' ')} for ${of.invoice}`;

/** A request of an agent, as it waits or was decided. */
export interface RequestFacts {
  reference: string;
  action: string;
  status: string;
  rule_reason: string;
  decision: string | null;
  decision_note: string | null;
  decided_by: string | null;
  expires_at: string;
}

/** `R-3 contact.delete until Sat 2026-11-21 10:00: this customer has 1 visit and 0 notes` */
export const waitingLine = (request: RequestFacts, day: string, timeZone: string): string =>
  `${request.reference} ${request.action} until ${timeOn(day, request.expires_at, timeZone)}: ${cutToTokens(request.rule_reason, 40)}`;

/** `R-2 contact.delete denied by Olivia Bright: «call her first»` */
export function decidedLine(request: RequestFacts): string {
  const by = request.decided_by === null ? '' : ` by ${cutToTokens(request.decided_by, mostName)}`;
  const note = request.decision_note === null ? '' : `: ${said(request.decision_note, mostText * 2)}`;
  const end = request.decision === 'deny' ? 'denied' : `allowed${by}, ${outcome(request.status)}`;
  return `${request.reference} ${request.action} ${end}${request.decision === 'deny' ? by : ''}${note}`;
}

const outcome = (status: string): string =>
  status === 'succeeded'
    ? 'done'
    : status === 'stale'
      ? 'but things had changed: ask again'
      : `but ${status}`;

/** What needs no word: the customer has agreed, or was not asked. */
const silent = new Set(['accepted', 'not_sent', '']);

const words = (name: string): string => name.replaceAll('_', ' ');
