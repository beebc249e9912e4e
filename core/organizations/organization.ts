import { z } from 'zod';
import { defineView } from '../kernel/registry/define.ts';
import { getOrganization, organizationRow } from './queries.ts';

export const organizationView = defineView({
  type: 'organization',
  domain: 'organization',
  summary: 'The business itself: name, time zone, business hours, settings.',
  keywords: ['business', 'opening hours', 'settings', 'time zone'],
  often: { rank: 3 },
  row: organizationRow,
  params: z.strictObject({}),
  roles: ['owner', 'admin', 'member', 'technician'],
  run: async context => ({ rows: [await getOrganization(context)] }),
});
