import { defineDomain } from '../kernel/registry/domain.ts';
import { createNote } from './create.ts';
import { extractNote } from './extract.ts';
import { extractNoteLater } from './extraction-job.ts';
import { noteRecord } from './note.ts';
import { readImportedLater, readImportedNotes } from './read-imported.ts';

export const notes = defineDomain({
  name: 'note',
  area: 'customers',
  summary: 'What was said and seen, dated.',
  examples: { note: { content: 'Dog named Biscuit, keep the gate closed.' } },
  aliases: { content: ['note'] },
  records: [noteRecord],
  actions: [createNote, extractNote, readImportedNotes],
  jobs: [extractNoteLater, readImportedLater],
});
