import { defineDomain } from '../kernel/registry/domain.ts';
import { companyRecord } from './company.ts';

export const companies = defineDomain({
  name: 'company',
  area: 'customers',
  summary: 'Accounts: firms that customers belong to.',
  aliases: { company_id: ['company'] },
  examples: { company: { name: 'Bright Offices', main_phone: '(256) 555-0170' } },
  records: [companyRecord],
});
