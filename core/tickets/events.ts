import { z } from 'zod';
import { defineEvent } from '../kernel/registry/event.ts';

/** A visit was done and is final. */
export const ticketClosed = defineEvent({
  name: 'ticket.closed',
  summary: 'A visit was done and closed.',
  payload: z.strictObject({ ticket_id: z.uuid(), contact_id: z.uuid() }),
});
