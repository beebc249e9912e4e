import { z } from 'zod';
import { isUuid } from '../kernel/database/ids.ts';
import { sql } from '../kernel/database/sql.ts';
import { defineDomain, defineView } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { day, dayBounds, readDay } from '../kernel/words/time.ts';
import { logEntry } from './log.ts';
import { auditRow, listAudit } from './queries.ts';

const auditLog = defineView({
  type: 'audit_log',
  domain: 'audit',
  summary: 'Who changed what, when, through which action and why; newest first.',
  keywords: ['history', 'changes', 'who', 'why'],
  row: auditRow,
  params: z.strictObject({
    entity_type: z.string().max(60).optional(),
    entity_id: z.string().max(60).optional(),
    subject_type: z.string().max(60).optional(),
    subject_id: z.string().max(60).optional(),
    action: z.string().max(60).optional(),
    domain_action: z.string().max(60).optional(),
    actor_kind: z.enum(['user', 'agent', 'system', 'customer', 'webhook']).optional(),
    actor_name: z.string().max(200).optional(),
    request_id: z.string().max(60).optional(),
    from: day.optional(),
    to: day.optional(),
  }),
  default_fields: [
    'subject_type',
    'subject_id',
    'entity_type',
    'action',
    'domain_action',
    'changes',
    'actor_kind',
    'actor_name',
    'reasoning',
    'created_at',
  ],
  async run(context, { params, limit, cursor }) {
    const { time_zone } = context.organization;
    if (cursor !== undefined && !isUuid(cursor))
      throw invalid('cursor', 'This cursor does not belong to this list.');
    for (const field of ['entity_id', 'subject_id'] as const) {
      const id = params[field];
      if (id !== undefined && !isUuid(id)) throw invalid(field, `${field} is an id here.`, { got: id });
    }
    const from =
      params.from === undefined ? undefined : dayBounds(readDay(params.from, 'from'), time_zone).from;
    const to = params.to === undefined ? undefined : dayBounds(readDay(params.to, 'to'), time_zone).to;
    const rows = await listAudit(context, {
      conditions: [
        ...(params.entity_type ? [sql`entity_type = ${params.entity_type}`] : []),
        ...(params.entity_id ? [sql`entity_id = ${params.entity_id}::uuid`] : []),
        ...(params.subject_type ? [sql`subject_type = ${params.subject_type}`] : []),
        ...(params.subject_id ? [sql`subject_id = ${params.subject_id}::uuid`] : []),
        ...(params.action ? [sql`action = ${params.action}`] : []),
        ...(params.domain_action ? [sql`domain_action = ${params.domain_action}`] : []),
        ...(params.actor_kind ? [sql`actor_kind = ${params.actor_kind}`] : []),
        ...(params.actor_name ? [sql`actor_name = ${params.actor_name}`] : []),
        ...(params.request_id ? [sql`request_id = ${params.request_id}`] : []),
        ...(from ? [sql`id >= uuid7_floor(${from.toString()}::timestamptz)`] : []),
        ...(to ? [sql`id < uuid7_floor(${to.toString()}::timestamptz)`] : []),
      ],
      limit: limit + 1,
      ...(cursor === undefined ? {} : { before: cursor }),
    });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return { rows: page, ...(rows.length > limit && last ? { next_cursor: last.id } : {}) };
  },
});

export const audit = defineDomain({
  name: 'audit',
  summary: 'The history of every record, written by the database itself.',
  actions: [logEntry],
  views: [auditLog],
});
