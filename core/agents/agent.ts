import { z } from 'zod';
import { historyInclude } from '../audit/history.ts';
import { defineRecord } from '../kernel/records/record.ts';
import { line, rowFacts } from '../kernel/words/text-schemas.ts';
import { listByName, revokeKeysOf } from './queries.ts';

export const agentRow = z.object({
  id: z.string(),
  name: z.string(),
  paused_at: z.string().nullable(),
  deleted_at: z.string().nullable(),
  ...rowFacts,
});

const humanOnly = {
  permission: { level: 'requires_authorization' },
  human_only: true,
  roles: ['owner', 'admin'],
} as const;

/** A model that works for the business under its own name (TEN-30). Only people make, rename or remove agents. */
export const agentRecord = defineRecord({
  name: 'agent',
  plural: 'agents',
  table: 'agents',
  summary: 'The agents that work for this business, and whether they are paused.',
  keywords: ['model', 'assistant', 'office manager'],
  columns: {
    id: 'uuid',
    name: 'text',
    paused_at: 'timestamptz',
    deleted_at: 'timestamptz',
    version: 'bigint',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
  },
  row: agentRow,
  label: row => String(row.name),
  writable: z.strictObject({ name: line }),
  default_fields: ['id', 'name', 'paused_at'],
  sorts: ['name', 'created_at'],
  params: z.strictObject({}),
  where: () => [],
  includes: { audit_trail: historyInclude('agent') },
  actions: {
    create: { summary: 'Add an agent.', ...humanOnly },
    update: { summary: 'Rename an agent.', ...humanOnly },
    delete: { summary: 'Remove an agent and revoke its keys.', ...humanOnly },
  },
  afterDelete: revokeKeysOf,
  findByName: listByName,
  documentOf(row) {
    const { id, name, paused_at } = agentRow.parse(row);
    return {
      id,
      title: name,
      detail: paused_at === null ? 'agent' : 'agent, paused',
      names: name,
      terms: '',
      body: '',
    };
  },
});
