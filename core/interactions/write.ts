import type { Temporal } from 'temporal-polyfill';
import { newId } from '../kernel/database/ids.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { insertRow } from '../kernel/records/record-queries.ts';
import { addBusinessTime } from '../scheduling/business-hours.ts';
import { interactionRecord } from './interaction.ts';
import type { Direction, Interaction, InteractionType } from './record.ts';

/** The moment so many business hours from now, by the opening times and the time zone of the business (OPQ-16). */
export function inBusinessHours(context: ReadContext, hours: number): Temporal.Instant {
  const { business_hours, time_zone } = context.organization;
  return addBusinessTime(context.now, Math.round(hours * 60), business_hours, time_zone);
}

/** What the software writes down by the way, now: how a lead came in. */
export interface FirstInteraction {
  type: InteractionType;
  direction: Direction;
  lead_id: string;
  contact_id: string | null;
  owner_user_id: string;
  subject: string;
  body: string | null;
  is_auto_generated: boolean;
  /** In how many business hours somebody has to answer; undefined: nobody has to. */
  follow_up_in_hours: number | undefined;
}

/** Writes it down; unlike interactions that people add, it says nothing about how far the work on a lead is. */
export async function writeInteraction(context: Context, first: FirstInteraction): Promise<Interaction> {
  const { follow_up_in_hours, ...facts } = first;
  const due = follow_up_in_hours === undefined ? undefined : inBusinessHours(context, follow_up_in_hours);
  return insertRow(context, interactionRecord, {
    id: newId(),
    ...facts,
    occurred_at: context.now.toString(),
    actor_user_id: context.actor.kind === 'user' ? context.actor.id : null,
    ...(due ? { follow_up_at: due.toString(), follow_up_status: 'pending' } : {}),
  });
}
