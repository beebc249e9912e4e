import { referenceTerms } from '../kernel/records/references.ts';
import type { SearchDocument } from '../kernel/search/document.ts';

/** The words a note is found by: its own. Whom it is about stands beside it in answers. */
export const noteDocument = (note: {
  id: string;
  reference: string;
  contact_id: string | null;
  content: string;
}): SearchDocument => ({
  id: note.id,
  reference: note.reference,
  title: note.content.slice(0, 400).replace(/\s+/g, ' ').slice(0, 80),
  contact_id: note.contact_id,
  names: '',
  terms: referenceTerms(note.reference).join(' '),
  body: note.content,
});
