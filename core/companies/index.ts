import { defineDomain } from '../kernel/define.ts';
import { companyRecord } from './company.ts';

export const companies = defineDomain({
  name: 'company',
  summary: 'Accounts: firms that customers belong to.',
  records: [companyRecord],
});
