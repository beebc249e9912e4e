import { referenceTerms } from '../kernel/records/references.ts';
import type { SearchDocument } from '../kernel/search/document.ts';
import type { Address } from './address.ts';
import { formatAddress } from './format.ts';

/** The words an address is found by: its own. Whose it is stands beside it in answers. */
export const addressDocument = (
  address: Pick<
    Address,
    | 'id'
    | 'reference'
    | 'contact_id'
    | 'type'
    | 'label'
    | 'line1'
    | 'line2'
    | 'city'
    | 'state'
    | 'postal_code'
    | 'notes'
  >,
): SearchDocument => ({
  id: address.id,
  reference: address.reference,
  title: formatAddress(address),
  detail: address.label ?? address.type,
  contact_id: address.contact_id,
  names: [address.line1, address.line2, address.city, address.state, address.postal_code, address.label]
    .filter(Boolean)
    .join(' '),
  terms: referenceTerms(address.reference).join(' '),
  body: address.notes ?? '',
});
