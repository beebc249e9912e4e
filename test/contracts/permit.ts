import { z } from 'zod';
import { sql } from '../../core/kernel/database/sql.ts';
import {
  choice,
  currency,
  customFields,
  date,
  longText,
  money,
  ref,
  text,
} from '../../core/kernel/records/field.ts';
import { defineRecord } from '../../core/kernel/records/record.ts';
import { getRow, updateRow } from '../../core/kernel/records/record-queries.ts';
import { ref as refInput } from '../../core/kernel/records/references.ts';
import { defineAutomation } from '../../core/kernel/registry/automation.ts';
import { defineAction } from '../../core/kernel/registry/define.ts';
import { defineDomain } from '../../core/kernel/registry/domain.ts';
import { defineEvent } from '../../core/kernel/registry/event.ts';
import type { PageSpec } from '../../core/kernel/registry/page.ts';
import { defineSetting, settingOf } from '../../core/kernel/registry/settings.ts';
import { defineTimer } from '../../core/kernel/registry/timer.ts';

// A whole domain that exists in tests only: parking permits, numbered by the year, each of a customer. What it takes to
// add a record is what stands here, and every adapter must know it without a further line.

/** The table, as a migration would make it. */
export const permitTable = `
  create table permits (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    reference text not null,
    contact_id uuid not null,
    street text not null,
    status text not null default 'wanted' check (status in ('wanted', 'granted')),
    fee_cents bigint,
    currency text not null,
    valid_until date,
    remarks text,
    custom_fields jsonb not null default '{}'::jsonb,
    deleted_at timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (organization_id, id),
    unique (organization_id, reference),
    foreign key (organization_id, contact_id) references contacts (organization_id, id)
  );
  create index permits_contact on permits (organization_id, contact_id);
  alter table permits enable row level security;
  create policy organization_isolation on permits to deskhand_app
    using (organization_id = current_organization());
  grant select, insert, update on permits to deskhand_app;
  create trigger touch before update on permits for each row execute function touch_row();
  create trigger redact before insert or update on permits for each row execute function redact_columns('remarks');
  create trigger audit after insert or update or delete on permits
    for each row execute function audit_row('permit')`;

export const permitRecord = defineRecord({
  name: 'permit',
  plural: 'permits',
  noun: 'parking permit',
  summary: 'Permits to park in front of a customer’s house.',
  keywords: ['parking'],
  reference: { prefix: 'PK', start: 1, is_yearly: true },
  fields: {
    contact_id: ref('contact', {
      as: 'permits',
      on_delete: 'history',
      required: true,
      list: true,
      filter: true,
      timeline: {
        kind: 'permit',
        at: sql`r.created_at`,
        what: sql`'permit ' || r.status`,
        text: sql`r.street`,
      },
    }),
    street: text({ required: true, list: true, sort: true, label: true, search: 'names' }),
    status: choice(['wanted', 'granted'], { default: 'wanted', writable: false, list: true, filter: true }),
    fee_cents: money({ list: true }),
    currency: currency(),
    valid_until: date({ list: true, filter: 'range' }),
    remarks: longText({ search: 'body' }),
    custom_fields: customFields(),
  },
  actions: {
    create: { summary: 'Ask the town for a permit.', permission: { level: 'unrestricted' } },
    update: { summary: 'Correct a permit.', permission: { level: 'unrestricted' } },
    delete: { summary: 'Throw a permit away.', permission: { level: 'soft_limit' } },
  },
});

export const permitGranted = defineEvent({
  name: 'permit.granted',
  summary: 'The town has granted a permit.',
  payload: z.strictObject({ permit_id: z.uuid() }),
});

const permitDays = defineSetting({
  name: 'permit_days',
  label: 'Days of a permit',
  summary: 'How many days a permit is good for once it is granted.',
  value: z.int().min(1).max(365),
  usual: 90,
  open_to: 'agents',
});

const grant = defineAction({
  domain: 'permit',
  name: 'grant',
  summary: 'Write down that the town has granted a permit.',
  input: z.strictObject({ permit_id: refInput('permit') }),
  output: permitRecord.row,
  permission: { level: 'unrestricted' },
  effect: 'update',
  example: { permit_id: 'PK-2026-001' },
  emits: [permitGranted.name],
  async run(context, { permit_id }) {
    await getRow(context, permitRecord, permit_id, { lock: true });
    const day = context.now.toZonedDateTimeISO(context.organization.time_zone).toPlainDate();
    const valid_until = day.add({ days: settingOf(context, permitDays) }).toString();
    await context.emit(permitGranted, { permit_id });
    return updateRow(context, permitRecord, permit_id, { status: 'granted', valid_until });
  },
});

const noteGrant = defineAutomation({
  name: 'permit.remark_grant',
  summary: 'When a permit is granted, its remarks say so.',
  on: permitGranted,
  async run(context, { payload: { permit_id } }) {
    await updateRow(context, permitRecord, permit_id, { remarks: 'Granted by the town.' });
    return { permit_id };
  },
});

const lookAtPermits = defineTimer({
  name: 'permit.look',
  summary: 'Permits are looked at every morning.',
  at: { hour: 6, minute: 15 },
  run: () => Promise.resolve({}),
});

export const permitPage: PageSpec = {
  path: '/records/permits',
  label: 'Permits',
  summary: 'Where the van may stand.',
  keywords: ['parking'],
  view: 'permits',
};

export const permits = defineDomain({
  name: 'permit',
  summary: 'Where the van may stand.',
  records: [permitRecord],
  actions: [grant],
  events: [permitGranted],
  automations: [noteGrant],
  timers: [lookAtPermits],
  settings: [permitDays],
  aliases: { permit_id: ['parking_permit'] },
  examples: { permit: { contact_id: 'Jane Smith', street: 'Maple Street' } },
});
