import { defineDomain } from '../kernel/registry/define.ts';
import { createNote } from './create.ts';
import { extractNote } from './extract.ts';
import { extractNoteLater } from './extraction-job.ts';
import { noteRecord } from './note.ts';

export const notes = defineDomain({
  name: 'note',
  summary: 'What was said and seen, dated.',
  examples: { note: { content: 'Dog named Biscuit, keep the gate closed.' } },
  records: [noteRecord],
  actions: [createNote, extractNote],
  jobs: [extractNoteLater],
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
    notes_organization_id_lead_id_fkey: {
      code: 'NOT_FOUND',
      field: 'lead_id',
      message: 'There is no such lead here.',
    },
  },
});
