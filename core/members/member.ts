import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { historyInclude } from '../audit/history.ts';
import { sql } from '../kernel/database/sql.ts';
import { roles } from '../kernel/pipeline/context.ts';
import { defineRecord } from '../kernel/records/record.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { readPhone } from '../kernel/words/phone.ts';
import { emailAddress, line, rowFacts } from '../kernel/words/text-schemas.ts';
import { memberDocument } from './document.ts';
import { countOtherOwners, ensureUser, listByName, listChoices } from './queries.ts';

export const memberRow = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(roles),
  is_bookable: z.boolean(),
  phone: z.string().nullable(),
  locale: z.string(),
  deleted_at: z.string().nullable(),
  ...rowFacts,
});
export type Member = z.infer<typeof memberRow>;

const forPeople = { level: 'requires_authorization' } as const;

/** A person of the business: who signs in, what they may do, whether visits can be booked on them (TEN-07, TEN-15). */
export const memberRecord = defineRecord({
  name: 'member',
  plural: 'members',
  table: 'members',
  summary: 'The people of the business with their roles; technicians are those with is_bookable.',
  keywords: ['user', 'technician', 'team', 'staff', 'employee', 'crew'],
  columns: {
    id: 'uuid',
    email: 'text',
    name: 'text',
    role: 'text',
    is_bookable: 'boolean',
    phone: 'text',
    locale: 'text',
    deleted_at: 'timestamptz',
    version: 'bigint',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
  },
  row: memberRow,
  label: row => String(row.name),
  writable: z.strictObject({
    email: emailAddress,
    name: line,
    role: z.enum(roles),
    is_bookable: z.boolean().optional(),
    phone: z.string().min(3).max(40).optional(),
    locale: z.string().max(35).optional(),
  }),
  clearable: ['phone'],
  default_fields: ['id', 'name', 'role', 'is_bookable', 'phone'],
  sorts: ['name', 'created_at'],
  params: z.strictObject({ role: z.enum(roles).optional(), is_bookable: z.boolean().optional() }),
  where: params => [
    ...(params.role ? [sql`role = ${params.role}`] : []),
    ...(params.is_bookable === undefined ? [] : [sql`is_bookable = ${params.is_bookable}`]),
  ],
  includes: { audit_trail: historyInclude('member') },
  readers: roles,
  actions: {
    create: {
      summary: 'Add a person to the business with a role.',
      permission: forPeople,
      human_only: true,
      roles: ['owner', 'admin'],
      keywords: ['invite'],
    },
    update: {
      summary: 'Change the name, role or bookability of a person.',
      permission: forPeople,
      human_only: true,
      roles: ['owner', 'admin'],
      keywords: ['promote', 'set role'],
    },
    delete: {
      summary: 'Take away a person’s access; can be restored.',
      permission: forPeople,
      human_only: true,
      roles: ['owner', 'admin'],
    },
  },
  async toColumns(context, input, before) {
    requireOwnerForOwners(context.actor.role, input.role, before?.role);
    const phone =
      typeof input.phone === 'string'
        ? { phone: readPhone(input.phone, context.organization.country, 'phone') }
        : {};
    if (!before) {
      return {
        ...input,
        ...phone,
        // Not a time-ordered id: somebody with an account elsewhere keeps its id, whose time would tell on them.
        id: await ensureUser(context, randomUUID(), String(input.email)),
        is_bookable: input.is_bookable ?? input.role === 'technician',
      };
    }
    if (input.email !== undefined && input.email !== before.email) {
      throw new DeskhandError('INVALID_STATE', 'A sign-in address cannot be changed.', {
        field: 'email',
        hint: 'Add the person again under the new address and remove the old one.',
      });
    }
    if (before.role === 'owner' && input.role !== undefined && input.role !== 'owner') {
      await requireAnotherOwner(context, String(before.id));
    }
    return { ...input, ...phone };
  },
  async afterDelete(context, id, { role }) {
    requireOwnerForOwners(context.actor.role, undefined, role);
    await requireAnotherOwner(context, id);
  },
  async afterRestore(context, _id, { role }) {
    requireOwnerForOwners(context.actor.role, role, undefined);
  },
  findByName: listByName,
  choices: listChoices,
  documentOf: row => memberDocument(memberRow.parse(row)),
});

function requireOwnerForOwners(acting: string | undefined, wanted: unknown, before: unknown): void {
  if (acting !== 'admin' || (wanted !== 'owner' && before !== 'owner')) return;
  throw new DeskhandError('FORBIDDEN', 'Only an owner can make or change an owner.');
}

async function requireAnotherOwner(
  context: Parameters<typeof countOtherOwners>[0],
  id: string,
): Promise<void> {
  if ((await countOtherOwners(context, id)) > 0) return;
  throw new DeskhandError('INVALID_STATE', 'A business needs at least one owner.', {
    hint: 'Make somebody else an owner first.',
  });
}
