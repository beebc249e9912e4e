import { defineDomain } from '../kernel/registry/define.ts';
import { companyRecord } from './company.ts';

export const companies = defineDomain({
  name: 'company',
  summary: 'Accounts: firms that customers belong to.',
  records: [companyRecord],
});
