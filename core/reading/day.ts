import type { Temporal } from 'temporal-polyfill';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { invalid } from '../kernel/words/errors.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { dayBounds, readDay, weekdays } from '../kernel/words/time.ts';
import { soonerLines } from '../waitlist/briefing.ts';
import { fitSections, oneEach, type Section, type Sections } from './day-fit.ts';
import { listDisputed, listOverdueInvoices, listReceived, sumOverdue } from './day-money-queries.ts';
import {
  listCallsDue,
  listDue,
  listFactsToConfirm,
  listLeadsToConfirm,
  listNotSent,
  listOpenLeads,
} from './day-office-queries.ts';
import {
  listAnswers,
  listShouldBeOver,
  listToBePlaced,
  listToSettle,
  listUnassigned,
  listUnconfirmed,
  listVisits,
  type PlannedVisit,
} from './day-visit-queries.ts';
import {
  answerLines,
  callLine,
  decidedLine,
  dueLine,
  factLine,
  leadLine,
  notSentLine,
  openVisitLines,
  overdueLine,
  paymentLine,
  type RequestFacts,
  settleLine,
  shortCrew,
  togetherLines,
  visitLine,
  waitingLine,
} from './day-words.ts';

/**
 * A briefing with everything around it is 1,200 tokens at most.
 */
const most_tokens = 1150;
/** The oldest bills say enough; what they come to in all stands in the summary. */
const mostOverdue = 3;
/** No briefing has room for more lines than this. */
const mostLines = 40;

/** What became of the requests of agents since the last briefing, and what still waits. */
export interface Requests {
  waiting: readonly RequestFacts[];
  decided: readonly RequestFacts[];
  /** Whether there are more than were looked at. */
  more: boolean;
}

export interface Briefing {
  day: string;
  /** How much of everything, in one sentence. */
  summary: string;
  [section: string]: string | string[];
}

/**
 * The day in the business time zone (OPQ-17), today when none is given: visits in travel order, what still needs somebody,
 * who has to be called, who has not paid in time, what waits for the owner and what was decided (MCP-10). However large the
 * day, it is cut to what an agent can read at once; each list then says how many are missing and which call shows them.
 */
export async function describeDay(
  context: ReadContext,
  { date, to }: { date?: string | undefined; to?: string | undefined },
  requests: Requests,
): Promise<{ briefing: Briefing; day: string; counts: Record<string, number> }> {
  const { time_zone } = context.organization;
  const today = context.now.toZonedDateTimeISO(time_zone).toPlainDate();
  const wanted = date === undefined ? today : readDay(date, 'date');
  const day = wanted.toString();
  const last = lastDay(wanted, to);
  const until = last.toString();
  const period = { from: boundsOf(wanted, time_zone).from, to: boundsOf(last, time_zone).to };
  const nextDay = boundsOf(last.add({ days: 1 }), time_zone);
  const now = context.now.toString();
  const [
    visits,
    unassigned,
    unconfirmed,
    toSettle,
    answers,
    toPlace,
    over,
    leads,
    due,
    calls,
    notSent,
    overdue,
    overdueSums,
    paid,
    disputes,
    leadsToConfirm,
    facts,
    sooner,
  ] = await Promise.all([
    listVisits(context, period, mostLines),
    listUnassigned(context, period, mostLines),
    listUnconfirmed(context, period, mostLines),
    listToSettle(context, nextDay, mostLines),
    listAnswers(context, context.now.subtract({ hours: 24 }).toString(), mostLines),
    listToBePlaced(context, period.from, mostLines),
    listShouldBeOver(context, now < period.to ? now : period.to, mostLines),
    listOpenLeads(context, period.to, mostLines),
    listDue(context, period.to, mostLines),
    listCallsDue(context, period.to, mostLines),
    listNotSent(context, now < period.to ? now : period.to, mostLines),
    listOverdueInvoices(context, day, mostOverdue),
    sumOverdue(context, day),
    listReceived(
      context,
      { from: boundsOf(wanted.subtract({ days: 1 }), time_zone).from, to: period.to },
      mostLines,
    ),
    listDisputed(context, mostLines),
    listLeadsToConfirm(context, mostLines),
    listFactsToConfirm(context, mostLines),
    soonerLines(context, wanted),
  ]);
  const { waiting, decided } = requests;
  const counts = {
    visits: totalOf(visits),
    unassigned: totalOf(unassigned),
    unconfirmed: totalOf(unconfirmed),
    to_settle_next_day: totalOf(toSettle),
    answers: totalOf(answers),
    to_be_placed: totalOf(toPlace),
    should_be_over: totalOf(over),
    open_leads: totalOf(leads),
    due: totalOf(due),
    calls: totalOf(calls),
    not_sent: totalOf(notSent),
    overdue_invoices: totalOf(overdue),
    payments: totalOf(paid),
    disputes: totalOf(disputes),
    leads_to_confirm: totalOf(leadsToConfirm),
    attributes_to_confirm: totalOf(facts),
    could_come_sooner: sooner.length,
    waiting: waiting.length,
    decided: decided.length,
  };
  const sections: Sections = {
    visits: {
      lines: oneEach(visits.map(visit => visitLine(visit, day, time_zone))),
      total: counts.visits,
      all: `crm_query calendar, where ${day === until ? `date ${day}` : `from ${day} to ${until}`}`,
      weight: 9,
    },
    by_technician: routes(day === until ? visits : [], counts.visits),
    unassigned: {
      lines: openVisitLines(unassigned, day, time_zone),
      total: counts.unassigned,
      all: 'crm_query tickets, filter unassigned',
      weight: 1,
    },
    unconfirmed: {
      lines: openVisitLines(unconfirmed, day, time_zone, visit => visit.confirmation_status),
      total: counts.unconfirmed,
      all: 'crm_query tickets, filter unconfirmed',
      weight: 1,
    },
    to_settle_next_day: {
      lines: oneEach(toSettle.map(visit => settleLine(visit, time_zone))),
      total: counts.to_settle_next_day,
      all: `crm_query calendar, where date ${last.add({ days: 1 })}`,
      weight: 1,
    },
    answers: {
      lines: answerLines(answers, time_zone),
      total: counts.answers,
      all: 'crm_query tickets, filter answered',
      weight: 2,
    },
    to_be_placed: {
      lines: openVisitLines(toPlace, day, time_zone, visit => visit.to_place_why ?? ''),
      total: counts.to_be_placed,
      all: 'crm_query tickets, filter to_be_placed',
      weight: 1,
    },
    should_be_over: {
      lines: openVisitLines(over, day, time_zone),
      total: counts.should_be_over,
      all: 'crm_query tickets, filter should_be_over',
      weight: 1,
    },
    due: {
      lines: oneEach(due.map(entry => dueLine(entry, day, time_zone))),
      total: counts.due,
      all: `crm_query follow_ups, where until ${until}`,
      weight: 2,
    },
    calls: {
      lines: oneEach(calls.map(call => callLine(call, day, time_zone, context.organization.country))),
      total: counts.calls,
      all: 'crm_query tasks, filter calls',
      weight: 2,
    },
    not_sent: {
      lines: oneEach(notSent.map(notSentLine)),
      total: counts.not_sent,
      all: 'crm_query scheduled_messages, filter skipped or failed',
      weight: 1,
    },
    leads: {
      lines: oneEach(leads.map(lead => leadLine(lead, day, time_zone))),
      total: counts.open_leads,
      all: 'crm_query leads, filter pending',
      weight: 2,
    },
    leads_to_confirm: {
      lines: togetherLines(leadsToConfirm.map(({ reference }) => reference)),
      total: counts.leads_to_confirm,
      all: 'crm_query leads, where extraction_status unconfirmed',
      weight: 1,
    },
    attributes_to_confirm: {
      lines: oneEach(facts.map(factLine)),
      total: counts.attributes_to_confirm,
      all: 'crm_query attributes, where is_confirmed false',
      weight: 1,
    },
    overdue: {
      lines: oneEach(overdue.map(overdueLine)),
      total: counts.overdue_invoices,
      all: 'crm_query invoices, filter overdue',
      weight: 1,
    },
    paid: {
      lines: oneEach(paid.map(paymentLine)),
      total: counts.payments,
      all: 'crm_query payments',
      weight: 1,
    },
    disputes: {
      lines: oneEach(disputes.map(paymentLine)),
      total: counts.disputes,
      all: 'crm_query payments, sort -received_at',
      weight: 1,
    },
    could_come_sooner: {
      lines: oneEach(sooner.slice(0, mostLines)),
      total: counts.could_come_sooner,
      all: 'crm_query gaps',
      weight: 1,
    },
    waiting: {
      lines: oneEach(waiting.slice(0, mostLines).map(request => waitingLine(request, day, time_zone))),
      total: counts.waiting,
      all: 'crm_query authorization_requests, filter pending',
      weight: 2,
    },
    decided: {
      lines: oneEach(decided.slice(0, mostLines).map(decidedLine)),
      total: counts.decided,
      all: 'crm_query authorization_requests, filter decided',
      weight: 2,
    },
  };
  const head = {
    day: [wanted, ...(day === until ? [] : [last])].map(date => sayDay(date)).join(' to '),
    summary: summarize(counts, requests.more, {
      overdue_invoices: overdueSums
        .map(({ due_cents, currency }) => formatMoney(due_cents, currency))
        .join(' and '),
    }),
  };
  const describe = (lines: Record<string, string[]>): Briefing => ({ ...head, ...lines });
  return { briefing: describe(fitSections(sections, most_tokens, describe)), day, counts };
}

/** `Wed 2026-11-18` */
const sayDay = (date: Temporal.PlainDate): string => `${weekdays[date.dayOfWeek - 1] ?? ''} ${date}`;

/** More days than these are read in the lists. */
const mostDays = 31;

/** The last day of a briefing over several. Throws VALIDATION_ERROR for one before the first, or too far away. */
function lastDay(first: Temporal.PlainDate, to: string | undefined): Temporal.PlainDate {
  const last = to === undefined ? first : readDay(to, 'to');
  const { days } = first.until(last, { largestUnit: 'days' });
  if (days >= 0 && days < mostDays) return last;
  throw invalid('to', `A briefing is over 1 to ${mostDays} days.`, {
    got: to,
    hint: 'Give the first day as date, and the last one as to.',
  });
}

function boundsOf(date: ReturnType<typeof readDay>, timeZone: string) {
  const { from, to } = dayBounds(date, timeZone);
  return { from: from.toString(), to: to.toString() };
}

const totalOf = (rows: readonly { total: number }[]): number => rows[0]?.total ?? 0;

/** What counts come to is said behind them: `2 overdue invoices ($724.00)`. */
function summarize(
  counts: Record<string, number>,
  more: boolean,
  sums: Readonly<Record<string, string>>,
): string {
  const parts = Object.entries(counts)
    .filter(([name, count]) => count > 0 || name === 'visits')
    .map(
      ([name, count]) =>
        `${count}${more && name === 'decided' ? ' or more' : ''} ${named(name, count)}${sums[name] ? ` (${sums[name]})` : ''}`,
    );
  return parts.join(', ');
}

/** `open leads`, but one `open lead`; `1 attribute to confirm`. */
const named = (name: string, count: number): string => {
  const words = name.replaceAll('_', ' ');
  return count === 1 ? words.replace(/s( to confirm)?$/, '$1') : words;
};

/**
 * The travel order of each technician: `Theo: T-2001 T-2004`. Worth its tokens only when several are on their way, and true
 * only when the whole day was read.
 */
function routes(visits: readonly PlannedVisit[], total: number): Section {
  const stops = new Map<string, string[]>();
  for (const { technicians, reference } of visits) {
    for (const name of technicians ?? []) stops.set(name, [...(stops.get(name) ?? []), reference]);
  }
  const isWorthIt = stops.size > 1 && total === visits.length;
  const lines = [...stops].map(([name, references]) => `${shortCrew(name)}: ${references.join(' ')}`);
  return {
    lines: oneEach(isWorthIt ? lines : []),
    total: isWorthIt ? lines.length : 0,
    all: 'crm_query calendar',
    weight: 1,
    // Each visit says who goes there.
    isExtra: true,
  };
}
