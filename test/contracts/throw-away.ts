import { z } from 'zod';
import { sql } from '../../core/kernel/database/sql.ts';
import { moment, text } from '../../core/kernel/records/field.ts';
import { defineRecord } from '../../core/kernel/records/record.ts';
import { getRow, updateRow } from '../../core/kernel/records/record-queries.ts';
import { ref } from '../../core/kernel/records/references.ts';
import { type Action, defineAction, defineView, defineWorkflow } from '../../core/kernel/registry/define.ts';
import { defineDomain } from '../../core/kernel/registry/domain.ts';
import { line } from '../../core/kernel/words/text-schemas.ts';

// A whole domain that exists in tests only: ladders. What it takes to add one is what stands here, and nothing else.

/** The table, as a migration would make it. */
export const ladderTable = `
  create table ladders (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    reference text not null,
    name text not null,
    polished_at timestamptz,
    deleted_at timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (organization_id, id),
    unique (organization_id, reference)
  );
  alter table ladders enable row level security;
  create policy organization_isolation on ladders to deskhand_app
    using (organization_id = current_organization());
  grant select, insert, update on ladders to deskhand_app;
  create trigger touch before update on ladders for each row execute function touch_row();
  create trigger audit after insert or update or delete on ladders
    for each row execute function audit_row('ladder')`;

export const ladderRecord = defineRecord({
  name: 'ladder',
  plural: 'ladders',
  summary: 'Ladders on the vans.',
  reference: { prefix: 'LAD', start: 1 },
  fields: {
    name: text({ required: true, list: true, sort: true, label: true }),
    polished_at: moment({ writable: false, list: true }),
  },
  is_found: false,
  actions: {
    create: { summary: 'Buy a ladder.', permission: { level: 'unrestricted' } },
    delete: { summary: 'Throw a ladder away.', permission: { level: 'soft_limit' } },
  },
});

type Permission = Action['permission'];

const polish = (name: string, permission: Permission) =>
  defineAction({
    domain: 'ladder',
    name,
    summary: 'Polish a ladder.',
    input: z.strictObject({ ladder_id: ref('ladder') }),
    output: ladderRecord.row,
    permission,
    effect: 'update',
    async run(context, { ladder_id }) {
      await getRow(context, ladderRecord, ladder_id, { lock: true });
      return updateRow(context, ladderRecord, ladder_id, { polished_at: context.now.toString() });
    },
  });

/** What a spelling mistake or a forgotten line makes of a permission at run time, when no compiler looks. */
const misspelt: Permission = JSON.parse('{ "level": "unrestrcted" }');
const missing: Permission = JSON.parse('{}');

const ladderCount = defineView({
  type: 'ladder_count',
  domain: 'ladder',
  summary: 'How many ladders there are.',
  row: z.object({ ladders: z.number() }),
  params: z.strictObject({}),
  run: async context => ({
    rows: [
      await context.tx.one(
        z.object({ ladders: z.number() }),
        sql`
        select count(*) as ladders
        from ladders
        where organization_id = ${context.organization.id}::uuid
          and deleted_at is null`,
      ),
    ],
  }),
});

export const ladders = defineDomain({
  name: 'ladder',
  summary: 'What one climbs on.',
  records: [ladderRecord],
  actions: [
    polish('polish', { level: 'unrestricted' }),
    polish('polish_misspelt', misspelt),
    polish('polish_unlevelled', missing),
  ],
  views: [ladderCount],
});

export const buyPolished = defineWorkflow({
  name: 'buy_polished_ladder',
  title: 'Buy a polished ladder',
  summary: 'Buy a ladder and polish it.',
  input: z.strictObject({ name: line, misspelt: z.boolean().optional() }),
  output: z.object({ ladder: z.string() }),
  uses: ['ladder.create', 'ladder.polish', 'ladder.polish_misspelt'],
  async run(context, { name, misspelt: badly }) {
    const ladder = await context.call('ladder.create', { name });
    await context.call(badly ? 'ladder.polish_misspelt' : 'ladder.polish', { ladder_id: ladder.id });
    return { ladder: String(ladder.reference) };
  },
});
