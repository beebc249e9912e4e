import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { endFeedsOf } from '../calendars/leave.ts';
import { endWithMember } from '../connections/end-with.ts';
import { roles } from '../kernel/pipeline/context.ts';
import { boolean, choice, email, own, phone, text } from '../kernel/records/field.ts';
import { defineRecord } from '../kernel/records/record.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { leaveBusiness } from '../sign-in/leave.ts';
import { countOtherOwners, ensureUser, listByName, listChoices } from './queries.ts';
import { workingHours } from './working-hours.ts';

const forPeople = { level: 'requires_authorization' } as const;

/** A person of the business: who signs in, what they may do, whether visits can be booked on them (TEN-07, TEN-15). */
export const memberRecord = defineRecord({
  name: 'member',
  plural: 'members',
  summary: 'The people of the business with their roles; technicians are those with is_bookable.',
  keywords: ['user', 'technician', 'team', 'staff', 'employee', 'crew'],
  often: { rank: 3, members: ['role'] },
  fields: {
    email: email({ required: true, search: ['names', 'terms'], whose: 'ours' }),
    name: text({ required: true, list: true, sort: true, label: true, search: 'names', whose: 'ours' }),
    role: choice(roles, { required: true, list: true, filter: true, search: ['detail', 'terms'] }),
    is_bookable: boolean({ default: false, list: true, filter: true }),
    phone: phone({ list: true, search: ['detail', 'terms'] }),
    working_hours: own(workingHours, 'jsonb', { writable: false, title: 'Working hours', whose: 'ours' }),
    locale: text({ default: 'en', whose: 'ours', input: z.string().max(35) }),
  },
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
    if (!before) {
      return {
        ...input,
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
      await requireAnotherOwner(context, before.id);
    }
    return input;
  },
  async afterDelete(context, id, { role }) {
    requireOwnerForOwners(context.actor.role, undefined, role);
    await requireAnotherOwner(context, id);
    await leaveBusiness(context, id);
    await endWithMember(context, id);
    await endFeedsOf(context, id);
  },
  async afterRestore(context, _id, { role }) {
    requireOwnerForOwners(context.actor.role, role, undefined);
  },
  findByName: listByName,
  choices: listChoices,
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
