import { defineDomain } from '../kernel/registry/domain.ts';
import { addressRecord } from './address.ts';

export const addresses = defineDomain({
  name: 'address',
  area: 'customers',
  summary: 'Where customers are served.',
  aliases: { address_id: ['address'] },
  examples: {
    address: {
      contact_id: 'Jane Smith',
      line1: '123 Main Street',
      city: 'Madison',
      state: 'AL',
      postal_code: '35758',
    },
  },
  records: [addressRecord],
  constraints: {
    addresses_organization_id_contact_id_fkey: missing('contact'),
    addresses_organization_id_company_id_fkey: missing('company'),
  },
});

function missing(what: string) {
  return { code: 'NOT_FOUND' as const, field: `${what}_id`, message: `There is no such ${what} here.` };
}
