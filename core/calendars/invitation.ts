import { z } from 'zod';
import type { Attachment } from '../kernel/outside/mail.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { replyTo } from '../organizations/letterhead.ts';
import { getFeedVisit } from '../reading/feed-visits.ts';
import { uidOf } from './visit-event.ts';
import { writeCalendar } from './write.ts';

const participant = z.object({ name: z.string().optional(), email: z.string() });

/**
 * What a mail about a visit says to the calendar of its customer. It is queued like this and not as a file: people see in a
 * preview what leaves, and two runs of one call queue the same.
 */
export const invitation = z.object({
  method: z.enum(['REQUEST', 'CANCEL', 'PUBLISH']),
  /** The visit, or the first of those it took the place of: what its entry is known by. */
  ticket_id: z.string(),
  sequence: z.number(),
  status: z.enum(['CONFIRMED', 'CANCELLED']),
  starts_at: z.string(),
  ends_at: z.string(),
  summary: z.string(),
  location: z.string().optional(),
  description: z.string().optional(),
  organizer: participant.optional(),
  attendee: participant.optional(),
});
export type Invitation = z.infer<typeof invitation>;

export interface Invited {
  ticket_id: string;
  /** The address the mail goes to. */
  to: string;
  /**
   * Whether that is known to be the customer's own. To any other one goes what an agent cannot fill: no name, no place, no
   * services (decision 016).
   */
  is_theirs: boolean;
}

/**
 * A visit as it is now, for the calendar of its customer: a first time, a new time or place, or that it is cancelled. All of
 * them are the same entry, so that it is moved and taken out by itself. Gmail, Outlook and Apple do that for invitations
 * alone (REQUEST and CANCEL, RFC 5546), which need somebody who invites: a business that has not said where answers go
 * sends a plain entry (PUBLISH).
 */
export async function inviteTo(context: ReadContext, invited: Invited): Promise<Invitation> {
  const { ticket_id, to, is_theirs } = invited;
  const visit = await getFeedVisit(context, ticket_id);
  const { name } = context.organization;
  const email = settingOf(context, replyTo);
  const isOff = visit.status === 'cancelled';
  const people = {
    organizer: { name, email },
    attendee: is_theirs ? { name: visit.customer, email: to } : { email: to },
  };
  return {
    method: email === '' ? 'PUBLISH' : isOff ? 'CANCEL' : 'REQUEST',
    ticket_id: visit.first_id,
    sequence: visit.sequence,
    status: isOff ? 'CANCELLED' : 'CONFIRMED',
    starts_at: visit.scheduled_at,
    ends_at: visit.ends_at,
    summary: `Appointment with ${name}`,
    ...(is_theirs && visit.address !== null ? { location: visit.address } : {}),
    ...(is_theirs && visit.services !== null ? { description: visit.services.join('\n') } : {}),
    ...(email === '' ? {} : people),
  };
}

/** An invitation as the file of a mail; `stamped_at` is when that mail was written, the same for every attempt. */
export function writeInvitation({ method, ticket_id, ...event }: Invitation, stamped_at: string): Attachment {
  return {
    filename: 'appointment.ics',
    content_type: `text/calendar; charset=utf-8; method=${method}`,
    content: writeCalendar({ method, events: [{ ...event, uid: uidOf(ticket_id), changed_at: stamped_at }] }),
    encoding: 'utf8',
  };
}
