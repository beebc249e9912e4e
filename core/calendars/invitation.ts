import type { FeedVisit } from '../reading/feed-visits.ts';
import { statusOf } from './visit-event.ts';
import { type Calendar, type Participant, writeCalendar } from './write.ts';

/** A file beside the text of a mail. */
export interface InvitationFile {
  filename: string;
  content_type: string;
  content: string;
}

export interface Invited {
  visit: FeedVisit;
  /** The name of the business, and where answers to its mails go; null when it has not said. */
  business: { name: string; reply_to: string | null };
  to: Participant;
  /**
   * Whether the address is known to be the customer's own. To any other one goes what an agent cannot fill: no name, no place,
   * no services (decision 016).
   */
  is_theirs: boolean;
}

/**
 * What a mail about a visit brings for the calendar of its customer, from the visit as it is now: a first time, a new time or
 * place, or that it is cancelled. All of them are the same entry, so that it is moved and taken out by itself. Gmail, Outlook
 * and Apple do that for invitations alone (REQUEST and CANCEL, RFC 5546), which need somebody who invites: a business that
 * has not said where answers go sends a plain entry (PUBLISH).
 */
export function writeInvitation({ visit, business, to, is_theirs }: Invited): InvitationFile {
  const status = statusOf(visit);
  const method = methodOf(status, business.reply_to);
  const people =
    business.reply_to === null
      ? {}
      : {
          organizer: { name: business.name, email: business.reply_to },
          attendee: is_theirs ? to : { email: to.email },
        };
  const content = writeCalendar({
    method,
    events: [
      {
        uid: visit.uid,
        sequence: visit.sequence,
        changed_at: visit.changed_at,
        starts_at: visit.scheduled_at,
        ends_at: visit.ends_at,
        summary: `Appointment with ${business.name}`,
        location: is_theirs ? (visit.address ?? undefined) : undefined,
        description: is_theirs ? visit.services?.join('\n') : undefined,
        // Whatever is unsettled with us, the customer has an appointment.
        status: status === 'CANCELLED' ? status : 'CONFIRMED',
        ...people,
      },
    ],
  });
  return {
    filename: 'appointment.ics',
    content_type: `text/calendar; charset=utf-8; method=${method}`,
    content,
  };
}

function methodOf(status: string, replyTo: string | null): NonNullable<Calendar['method']> {
  if (replyTo === null) return 'PUBLISH';
  return status === 'CANCELLED' ? 'CANCEL' : 'REQUEST';
}
