import { z } from 'zod';
import type { JobHandler } from '../kernel/registry/define.ts';
import { dayWords } from './words.ts';

export const noticeKind = 'deletion_notice';

const owner = z.object({ id: z.string(), email: z.string() });
const organization = z.object({ name: z.string(), time_zone: z.string() });
const deletion = z.object({ asked_by: z.string(), delete_at: z.string() });

/** Writes to every owner that the business is to be deleted, by whom that was asked, when, and where it is taken back. */
export const tellOwners: JobHandler<'mail'> = {
  kind: noticeKind,
  summary: 'tells all owners that the business is to be deleted',
  connectors: ['mail'],
  async run({ id, organization_id }, { read, connectors, base_url }) {
    const [asked] = z.array(deletion).parse(await read(organization_id, 'business_deletion', {}));
    if (!asked) return { skipped: 'the deletion was taken back' };
    const [business] = z.array(organization).parse(await read(organization_id, 'organization', {}));
    const query = { params: { role: 'owner' }, fields: ['email'], limit: 20 };
    const owners = z.array(owner).parse(await read(organization_id, 'members', query));
    const { name = 'Deskhand', time_zone = 'UTC' } = business ?? {};
    const day = dayWords(asked.delete_at, time_zone);
    for (const { id: member, email } of owners) {
      await connectors.mail.send({
        id: `${id}-${member}`,
        from_name: name,
        to: email,
        subject: `${name} is deleted on ${day}`,
        text: `${asked.asked_by} has asked that ${name} be deleted from Deskhand.\n\nOn ${day} everything goes for good: customers, visits, invoices, messages and the whole history.\n\nYou can keep it, or take everything along in one file first, after signing in:\n\n${base_url}/exports/delete\n`,
      });
    }
    return { owners: owners.length };
  },
};
