import { defineDomain } from '../kernel/define.ts';
import { noteRecord } from './note.ts';

export const notes = defineDomain({
  name: 'note',
  summary: 'What was said and seen, dated.',
  records: [noteRecord],
  constraints: {
    notes_organization_id_contact_id_fkey: {
      code: 'NOT_FOUND',
      field: 'contact_id',
      message: 'There is no such contact here.',
    },
    notes_organization_id_ticket_id_fkey: {
      code: 'NOT_FOUND',
      field: 'ticket_id',
      message: 'There is no such ticket here.',
    },
  },
});
