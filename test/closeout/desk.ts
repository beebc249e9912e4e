import { Temporal } from 'temporal-polyfill';
import { beforeEach, expect } from 'vitest';
import { z } from 'zod';
import { closeoutAnswer } from '../../core/closeout/record.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { fingerprint, fingerprintBesideAttempts } from '../contracts/fingerprint.ts';
import type { BrightPanes } from '../support/bright-panes.ts';
import { storyTime } from '../support/office.ts';
import { type Refusal, refusal } from '../support/refusal.ts';

type Data = Record<string, unknown>;
/** Where a close-out is, as its page shows it. */
export type Shown = z.output<typeof closeoutAnswer>;

/** What is confirmed on the way to the review, where a test does not say otherwise. */
interface Way {
  who?: Caller;
  work?: Data;
  notes?: string;
  next?: Data;
}

const counted = z.object({
  status: z.string(),
  notes: z.number(),
  facts: z.number(),
  messages: z.number(),
  visits: z.number(),
});

/** Visits of Theo's that are closed out: each test books its own, a day after the one before. */
export function useCloseOuts(panes: () => BrightPanes) {
  let days = 0;
  let customers = 0;
  beforeEach(() => panes().setClock(storyTime));

  const unchanged = async (look: typeof fingerprint, attempt: () => Promise<Refusal>) => {
    const { owner } = panes().database;
    const before = await look(owner);
    const refused = await attempt();
    expect(await look(owner)).toEqual(before);
    return refused;
  };
  const desk = {
    /** The day of the visit that was booked last. */
    day: '',
    /** Books an hour of Jane's gutters ($150, fixed) unless `more` says otherwise; answers the reference. */
    async visit(more: Data = {}): Promise<string> {
      desk.day = Temporal.PlainDate.from('2026-11-18').add({ days: ++days }).toString();
      const { reference } = await panes().book(`${desk.day}T09:00`, {
        lines: ['S-1'],
        technician_ids: ['Theo'],
        ...more,
      });
      return String(reference);
    },
    /** A new customer of whom nothing is known; answers the reference. */
    async customer(more: Data = {}): Promise<string> {
      const name = `Customer ${++customers}`;
      const email = `customer-${customers}@example.com`;
      const { reference } = await panes().done(panes().dana, 'contact.create', {
        full_name: name,
        email,
        ...more,
      });
      return String(reference);
    },
    /** Does a step, as Theo unless somebody else is named; answers where the close-out is then. */
    step: async (
      name: string,
      ticket_id: string,
      data: Data = {},
      who: Caller = panes().theo,
    ): Promise<Shown> =>
      closeoutAnswer.parse(await panes().done(who, `closeout.${name}`, { ticket_id, ...data })),
    /** The refusal of a step. */
    refused: (name: string, ticket_id: string, data: Data = {}, who: Caller = panes().theo) =>
      refusal(panes().act(who, `closeout.${name}`, { ticket_id, ...data })),
    /** Confirms everything before the review; answers what the review shows. */
    async toReview(ticket: string, { who, work = {}, notes = '', next }: Way = {}): Promise<Shown> {
      await desk.step('confirm_work', ticket, { duration_minutes: 75, ...work }, who);
      await desk.step('set_notes', ticket, { notes }, who);
      return desk.step('set_next_service', ticket, next ?? { next_service: 'no' }, who);
    },
    /** Where the close-out is, as its page shows it. */
    async shown(ticket_id: string, who: Caller = panes().theo): Promise<Shown> {
      const [row] = await panes().read(who, 'closeout', { params: { ticket_id } });
      return closeoutAnswer.parse(row);
    },
    /** What a visit has left: its notes, the facts that came of it, its messages, and all visits of its customer. */
    async effects(reference: string) {
      const { rows } = await panes().database.owner.query(
        `
        select t.status,
          (select count(*)::int from notes where ticket_id = t.id) as notes,
          (select count(*)::int from attributes where ticket_id = t.id and deleted_at is null) as facts,
          (select count(*)::int from scheduled_messages where ticket_id = t.id) as messages,
          (select count(*)::int from tickets where contact_id = t.contact_id) as visits
        from tickets as t
        where t.organization_id = $1 and t.reference = $2`,
        [panes().bright.id, reference],
      );
      return counted.parse(rows[0]);
    },
    /** Tries something that is refused, and expects that no row of any table is another one afterwards. */
    leavesNothing: (attempt: () => Promise<Refusal>) => unchanged(fingerprint, attempt),
    /** The same of an agent that tries what is for people: that it tried is written down, and nothing else. */
    leavesOnlyTheAttempt: (attempt: () => Promise<Refusal>) => unchanged(fingerprintBesideAttempts, attempt),
  };
  return desk;
}
