import { z } from 'zod';
import { isUuid } from '../kernel/database/ids.ts';
import { identifier, sql } from '../kernel/database/sql.ts';
import { defineLog } from '../kernel/records/log-view.ts';
import { filterBy } from '../kernel/records/record.ts';
import { defineDomain } from '../kernel/registry/domain.ts';
import { invalid } from '../kernel/words/errors.ts';
import { day, dayBounds, readDay } from '../kernel/words/time.ts';
import { doneView } from './done.ts';
import { logEntry } from './log.ts';
import { auditRow } from './queries.ts';
import { undo } from './undo.ts';

const word = z.string().max(60);

const actorKind = z.enum(['user', 'agent', 'system', 'customer', 'webhook']);

const idOf = (name: string) =>
  filterBy(word, (_context, id) => {
    if (!isUuid(id)) throw invalid(name, `${name} is an id here.`, { got: id });
    return sql`${identifier(name)} = ${id}::uuid`;
  });

const auditLog = defineLog({
  type: 'audit_log',
  from_replica: true,
  domain: 'audit',
  summary: 'Who changed what, when, through which action and why; newest first.',
  keywords: ['history', 'changes', 'who', 'why'],
  from: 'audit_log',
  row: auditRow,
  exactly: {
    entity_type: word,
    subject_type: word,
    action: word,
    domain_action: word,
    actor_kind: actorKind,
    actor_name: z.string().max(200),
    request_id: word,
  },
  named: {
    entity_id: idOf('entity_id'),
    subject_id: idOf('subject_id'),
    not_by: filterBy(actorKind, (_context, kind) => sql`actor_kind <> ${kind}`),
    // Ids are time-ordered.
    from: filterBy(day, ({ organization }, text) => {
      const { from } = dayBounds(readDay(text, 'from'), organization.time_zone);
      return sql`id >= uuid7_floor(${from.toString()}::timestamptz)`;
    }),
    to: filterBy(day, ({ organization }, text) => {
      const { to } = dayBounds(readDay(text, 'to'), organization.time_zone);
      return sql`id < uuid7_floor(${to.toString()}::timestamptz)`;
    }),
  },
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
});

export const audit = defineDomain({
  name: 'audit',
  summary: 'The history of every record, written by the database itself.',
  actions: [undo, logEntry],
  views: [auditLog, doneView],
});
