import { z } from 'zod';
import { readRequests, requestsOf } from '../briefings/requests.ts';
import { defineWorkflow } from '../kernel/registry/define.ts';
import { day } from '../kernel/words/time.ts';
import { describeDay } from '../reading/day.ts';

const lines = z.array(z.string()).optional();

/** The morning in one call (MCP-10): people can have it too. What it told is written down for the next one. */
export const dailyBriefing = defineWorkflow({
  name: 'daily_briefing',
  title: 'Brief on the day',
  deed: {
    verb: 'brief',
    past: 'briefed',
    object: 'the office on the day',
    about: 'briefing',
    says: 'the office on {day}',
  },
  summary:
    'Today in short: visits in travel order, unassigned, unconfirmed, answers of customers, calls due, open leads, overdue invoices, money in, what waits for the owner and was decided.',
  input: z.strictObject({
    date: day.optional(),
    to: day.optional().meta({ description: 'the last day, where it is about several' }),
  }),
  output: z.object({
    day: z.string(),
    summary: z.string(),
    visits: lines,
    by_technician: lines,
    unassigned: lines,
    unconfirmed: lines,
    /** Of the day after: nobody goes there, or the customer has not agreed. */
    to_settle_next_day: lines,
    /** What customers said to visits to come: who asks for another time, who declined, who accepted within a day. */
    answers: lines,
    /** Visits of a series, of any day to come, that nobody could be sent to at their time. */
    to_be_placed: lines,
    /** Visits whose time has passed and that nobody has closed. */
    should_be_over: lines,
    due: lines,
    /** Calls to make to customers whom no mail reaches; each task has the words to say. */
    calls: lines,
    /** Messages that did not go out since yesterday, and why. */
    not_sent: lines,
    leads: lines,
    leads_to_confirm: lines,
    attributes_to_confirm: lines,
    /** The three oldest; the summary says what all come to. */
    overdue: lines,
    /** What came in since the beginning of yesterday. */
    paid: lines,
    /** Payments their customers dispute. */
    disputes: lines,
    /** Free times of the week that somebody on the waitlist fits into; `waitlist.offer` offers one. */
    could_come_sooner: lines,
    waiting: lines,
    decided: lines,
  }),
  uses: ['briefing.record'],
  notes_only_itself: true,
  is_marked: true,
  example: { date: '2026-11-18' },
  keywords: ['morning', 'today', 'what is on', 'overview', 'start of the day'],
  prepare: readRequests,
  async run(context, { date, to }) {
    const requests = requestsOf(context.prepared);
    const { briefing, day, counts } = await describeDay(context, { date, to }, requests);
    await context.call('briefing.record', { day, counts, ...requests.mark });
    return briefing;
  },
});
