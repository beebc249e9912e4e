import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Database, Tx } from '../kernel/database/db.ts';
import { newId } from '../kernel/database/ids.ts';
import { sql } from '../kernel/database/sql.ts';
import type { BusinessHours } from '../kernel/pipeline/context.ts';
import { documentFrom } from '../kernel/records/row-document.ts';
import { writeDocuments } from '../kernel/search/index-documents.ts';
import { memberRecord } from '../members/member.ts';

export interface NewBusiness {
  slug: string;
  name: string;
  time_zone: string;
  currency?: string;
  country?: string;
  business_hours?: BusinessHours;
  /** Whoever works alone takes the visits as well. */
  owner: { email: string; name: string; is_bookable?: boolean };
}

const weekday: [string, string][] = [['08:00', '17:00']];

/** Monday to Friday, eight to five (OPQ-16). */
export const usualHours: BusinessHours = {
  mon: weekday,
  tue: weekday,
  wed: weekday,
  thu: weekday,
  fri: weekday,
  sat: [],
  sun: [],
};

/**
 * Founds a business with its first person, who is its owner (OPQ-13). The one change that cannot go through the
 * pipeline, because there is no organization yet to act in; everything after it does. Throws on a slug that is taken.
 */
export function foundBusiness(
  db: Database,
  business: NewBusiness,
): Promise<{ organization_id: string; owner_id: string }> {
  const organizationId = newId();
  return db.transaction('read write', async tx => {
    await actAsFounder(tx, organizationId);
    await tx.run(sql`
      select found_organization(
        ${organizationId}::uuid, ${business.slug}, ${business.name}, ${business.time_zone},
        ${business.currency ?? 'USD'}, ${business.country ?? 'US'},
        ${JSON.stringify(business.business_hours ?? usualHours)}::jsonb
      )`);
    const { id } = await tx.one(
      z.object({ id: z.string() }),
      sql`select ensure_user(${randomUUID()}::uuid, ${business.owner.email}) as id`,
    );
    await tx.run(sql`
      insert into members (organization_id, id, email, name, role, is_bookable)
      values (${organizationId}::uuid, ${id}::uuid, lower(${business.owner.email}), ${business.owner.name}, 'owner', ${business.owner.is_bookable ?? false})`);
    const { name, email } = business.owner;
    const document = documentFrom(memberRecord, { id, name, email: email.toLowerCase(), role: 'owner' });
    writeDocuments(
      { tx, organization: { id: organizationId } },
      { kind: 'member', ids: [], documents: [document] },
    );
    return { organization_id: organizationId, owner_id: id };
  });
}

async function actAsFounder(tx: Tx, organizationId: string): Promise<void> {
  const actor = { kind: 'system', name: 'installation', action: 'organization.found' };
  await tx.run(sql`select set_ctx(${organizationId}::uuid, null, ${JSON.stringify(actor)}::jsonb)`);
}

const listed = z.object({ id: z.string(), slug: z.string(), name: z.string() });

/** The businesses of this installation, oldest first. */
export function listBusinesses(db: Database): Promise<z.infer<typeof listed>[]> {
  return db.transaction('read only', async tx => {
    await tx.run(sql`select set_ctx(null, null, '{"kind": "system", "name": "installation"}'::jsonb)`);
    return tx.many(listed, sql`select id, slug, name from list_organizations()`);
  });
}
