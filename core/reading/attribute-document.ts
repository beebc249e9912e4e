import { showAttribute } from '../extraction/show.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { referenceTerms } from '../kernel/records/references.ts';
import type { SearchDocument } from '../kernel/search/document.ts';
import { type AttributeSource, listAttributeSources } from './document-queries.ts';

/** The search documents of some living facts of living customers. */
export const attributeDocuments = async (
  context: ReadContext,
  ids: readonly string[],
): Promise<SearchDocument[]> => (await listAttributeSources(context, ids)).map(attributeDocument);

/** The words a fact is found by: as it reads, with typing errors, and by the other names of its key. */
function attributeDocument(source: AttributeSource): SearchDocument {
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
