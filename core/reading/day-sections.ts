import type { ReadContext } from '../kernel/pipeline/context.ts';
import { oneEach, type Section, type Sections } from './day-fit.ts';
import { type DayCounts, type DayRows, mostLines } from './day-rows.ts';
import type { DaySpan } from './day-span.ts';
import type { PlannedVisit } from './day-visit-queries.ts';
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

/** What became of the requests of agents since the last briefing, and what still waits. */
export interface Requests {
  waiting: readonly RequestFacts[];
  decided: readonly RequestFacts[];
  /** Whether there are more than were looked at. */
  more: boolean;
}

/** What the sections are made of. */
interface Told {
  span: DaySpan;
  rows: DayRows;
  counts: DayCounts & { waiting: number; decided: number };
  requests: Requests;
}

/** Each list in lines, with how many there are and which call shows all of them. */
export function daySections(context: ReadContext, { span, rows, counts, requests }: Told): Sections {
  const { last, day, until, time_zone } = span;
  const {
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
    paid,
    disputes,
    leadsToConfirm,
    facts,
    sooner,
  } = rows;
  const { waiting, decided } = requests;
  return {
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
}

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
