import type { ReadContext } from '../kernel/pipeline/context.ts';
import { soonerLines } from '../waitlist/briefing.ts';
import { listDisputed, listOverdueInvoices, listReceived, sumOverdue } from './day-money-queries.ts';
import {
  listCallsDue,
  listDue,
  listFactsToConfirm,
  listLeadsToConfirm,
  listNotSent,
  listOpenLeads,
} from './day-office-queries.ts';
import { boundsOf, type DaySpan } from './day-span.ts';
import {
  listAnswers,
  listShouldBeOver,
  listToBePlaced,
  listToSettle,
  listUnassigned,
  listUnconfirmed,
  listVisits,
} from './day-visit-queries.ts';

/** The oldest bills say enough; what they come to in all stands in the summary. */
const mostOverdue = 3;
/** No briefing has room for more lines than this. */
export const mostLines = 40;

/** What was found, list by list. */
export type DayRows = Awaited<ReturnType<typeof readDayRows>>;
export type DayCounts = ReturnType<typeof countRows>;

/** All that a briefing tells of, asked for together: the first of each list, which knows how many there are. */
export async function readDayRows(context: ReadContext, span: DaySpan) {
  const { first, last, day, time_zone } = span;
  const period = { from: boundsOf(first, time_zone).from, to: boundsOf(last, time_zone).to };
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
      { from: boundsOf(first.subtract({ days: 1 }), time_zone).from, to: period.to },
      mostLines,
    ),
    listDisputed(context, mostLines),
    listLeadsToConfirm(context, mostLines),
    listFactsToConfirm(context, mostLines),
    soonerLines(context, first),
  ]);
  return {
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
  };
}

/** How much there is of everything. */
export function countRows(rows: DayRows) {
  return {
    visits: totalOf(rows.visits),
    unassigned: totalOf(rows.unassigned),
    unconfirmed: totalOf(rows.unconfirmed),
    to_settle_next_day: totalOf(rows.toSettle),
    answers: totalOf(rows.answers),
    to_be_placed: totalOf(rows.toPlace),
    should_be_over: totalOf(rows.over),
    open_leads: totalOf(rows.leads),
    due: totalOf(rows.due),
    calls: totalOf(rows.calls),
    not_sent: totalOf(rows.notSent),
    overdue_invoices: totalOf(rows.overdue),
    payments: totalOf(rows.paid),
    disputes: totalOf(rows.disputes),
    leads_to_confirm: totalOf(rows.leadsToConfirm),
    attributes_to_confirm: totalOf(rows.facts),
    could_come_sooner: rows.sooner.length,
  };
}

const totalOf = (rows: readonly { total: number }[]): number => rows[0]?.total ?? 0;
