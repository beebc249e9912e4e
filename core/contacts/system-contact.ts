import type { Context } from '../kernel/pipeline/context.ts';
import { createRecord } from '../kernel/records/record-actions.ts';
import { contactRecord } from './contact.ts';
import { findSystemContact } from './queries.ts';

/** Who stands for the business itself where somebody has to be named (CON-16): made once. The caller holds the business. */
export async function systemContact(context: Context): Promise<string> {
  const known = await findSystemContact(context);
  if (known !== undefined) return known;
  const { id } = await createRecord(context, contactRecord, {
    kind: 'organization',
    full_name: 'System Contact',
    email: 'system@internal.local',
    source: 'system',
    tags: ['system', 'internal'],
    is_system: true,
  });
  return id;
}
