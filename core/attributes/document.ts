import { showAttribute } from '../extraction/show.ts';
import { referenceTerms } from '../kernel/records/references.ts';
import type { SearchDocument } from '../kernel/search/document.ts';
import type { DocumentSource } from './read-queries.ts';

/** The words a fact is found by: as it reads, with typing errors, and by the other names of its key. */
export function attributeDocument(source: DocumentSource): SearchDocument {
  const { id, reference, contact_id, key, value, details, aliases, is_confirmed } = source;
  const title = showAttribute({ key, value, details });
  return {
    id,
    reference,
    about: contact_id,
    title,
    detail: is_confirmed ? '' : 'unconfirmed',
    names: inWords(title),
    terms: referenceTerms(reference).join(' '),
    body: [key, ...aliases].map(inWords).join(' '),
  };
}

const inWords = (text: string): string => text.replaceAll('_', ' ');
