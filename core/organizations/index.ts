import { defineDomain } from '../kernel/registry/define.ts';
import { organizationView, updateSettings } from './organization.ts';

export const organizations = defineDomain({
  name: 'organization',
  summary: 'The business itself.',
  whose: 'ours',
  actions: [updateSettings],
  views: [organizationView],
});
