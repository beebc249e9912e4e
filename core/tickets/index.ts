import { defineDomain } from '../kernel/registry/domain.ts';
import { visitsToPlaceWait } from '../reading/due-counts.ts';
import { acceptChange } from './accept-change.ts';
import { addLine } from './add-line.ts';
import { answersWait } from './answer-queries.ts';
import { assignTechnician } from './assign-technician.ts';
import { cancelTicket } from './cancel.ts';
import { clockIn } from './clock-in.ts';
import { clockOut } from './clock-out.ts';
import { closeTicket } from './close.ts';
import { confirmTicket } from './confirm.ts';
import { createTicket } from './create.ts';
import { ticketClosed } from './events.ts';
import { moveVisit } from './move-visit.ts';
import { rebookTicket } from './rebook.ts';
import { recordTicket } from './record-visit.ts';
import { removeLine } from './remove-line.ts';
import { replyLink } from './reply-link.ts';
import { rescheduleTicket } from './reschedule.ts';
import { respondToTicket } from './respond.ts';
import { asksEachVisit, followUpHours, lastCallHours, mostFollowUps, sendsReminders } from './settings.ts';
import { ticketRecord } from './ticket.ts';
import { unassignTechnician } from './unassign-technician.ts';
import { updateLine } from './update-line.ts';

export const tickets = defineDomain({
  name: 'ticket',
  scope: 'calendar',
  area: 'visits',
  summary: 'Visits: booked and performed work, final once closed or cancelled.',
  aliases: {
    ticket_id: ['ticket', 'appointment', 'appointment_id'],
    lines: ['line_items', 'services', 'service'],
    line_id: ['line', 'line_item_id'],
    unit_price_cents: ['price', 'unit_price'],
    scheduled_at: ['start', 'when', 'time', 'date', 'datetime'],
    cancel_reason: ['reason'],
  },
  examples: { ticket: { notes: 'Ladder needed on the second story.' } },
  records: [ticketRecord],
  waits: [answersWait, visitsToPlaceWait],
  actions: [
    createTicket,
    recordTicket,
    addLine,
    updateLine,
    removeLine,
    assignTechnician,
    unassignTechnician,
    rescheduleTicket,
    moveVisit,
    confirmTicket,
    respondToTicket,
    acceptChange,
    clockIn,
    clockOut,
    closeTicket,
    cancelTicket,
    rebookTicket,
  ],
  events: [ticketClosed],
  settings: [followUpHours, lastCallHours, mostFollowUps, sendsReminders, asksEachVisit],
  links: [replyLink],
  constraints: {
    ticket_technicians_no_overlap: {
      code: 'CONFLICT',
      field: 'scheduled_at',
      message: 'A technician of this visit is busy at that time.',
      hint: 'Look at availability for free times.',
    },
    tickets_final: {
      code: 'TICKET_CLOSED',
      message: 'This visit is closed or cancelled; nothing on it can change any more.',
    },
    time_entries_open: {
      code: 'CONFLICT',
      field: 'technician_id',
      message: 'This technician is clocked in elsewhere already.',
      hint: 'Clock out there first.',
    },
  },
});
