import { defineDomain } from '../kernel/registry/domain.ts';
import { memberRecord } from './member.ts';
import { sendSignInLink } from './send-sign-in-link.ts';
import { setWorkingHours } from './set-working-hours.ts';

export const members = defineDomain({
  name: 'member',
  widens: 'people of the business and their roles',
  summary: 'The people of the business and their roles.',
  whose: 'ours',
  aliases: { technician_id: ['technician', 'user_id'], technician_ids: ['technicians'] },
  examples: {
    member: {
      name: 'Theo',
      email: 'theo.panes@brightpanes.example',
      role: 'technician',
      phone: '(256) 555-0172',
    },
  },
  records: [memberRecord],
  actions: [sendSignInLink, setWorkingHours],
  constraints: {
    members_pkey: {
      code: 'CONFLICT',
      field: 'email',
      message: 'This person already belongs to the business.',
    },
    members_organization_id_email_key: {
      code: 'CONFLICT',
      field: 'email',
      message: 'This person already belongs to the business.',
      hint: 'If they were removed, restore them.',
    },
  },
});
