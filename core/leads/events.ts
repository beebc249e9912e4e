import { z } from 'zod';
import { defineEvent } from '../kernel/registry/event.ts';

/** A lead has become a customer, new or known. */
export const leadConverted = defineEvent({
  name: 'lead.converted',
  summary: 'A lead has become a customer.',
  payload: z.strictObject({ lead_id: z.uuid(), contact_id: z.uuid() }),
});
