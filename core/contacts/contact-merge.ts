import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import { moment, own, ref } from '../kernel/records/field.ts';
import { movedChildren } from '../kernel/records/move.ts';
import { defineRecord } from '../kernel/records/record.ts';

/** A member of the winner that the merge changed. */
const change = z.object({ before: z.unknown(), after: z.unknown() });

/** For so long a merge can be taken back (CON-24). */
export const reversibleDays = 30;

/** What the winner is known and reached by since: links and mails that were sent, and keys, of which some were only confirmed. */
const addedKeys = z.object({
  links: z.array(z.string()),
  jobs: z.array(z.string()),
  keys: z.array(z.string()),
  confirmed: z.array(z.string()),
});

const ours = { filled: true, writable: false } as const;

/** That two customers were one (CON-24): what went over, and what the winner was before, so that it can be taken back. */
export const contactMergeRecord = defineRecord({
  name: 'contact_merge',
  plural: 'contact_merges',
  domain: 'contact',
  noun: 'merge',
  summary: 'Customers that were merged into another one; contact.unmerge takes a merge back for 30 days.',
  keywords: ['duplicate', 'merged', 'same customer', 'twice'],
  reference: { prefix: 'CM', start: 1 },
  fields: {
    contact_id: ref('contact', {
      ...ours,
      list: true,
      filter: true,
      told_with_parent: true,
      as: 'merges',
      summary: 'customers that were merged into this one',
      living: false,
      include: { as: 'kept', summary: 'the customer who stayed', shows: ['reference', 'full_name'] },
      // Who was merged into whom stays as it was, although that one is merged in turn.
      stays_at_merge: () => sql`true`,
      timeline: {
        kind: 'merge',
        at: sql`coalesce(r.undone_at, r.created_at)`,
        what: sql`case when r.undone_at is null then 'merged with another customer' else 'merge taken back' end`,
        text: sql`''`,
      },
    }),
    merged_contact_id: ref('contact', {
      ...ours,
      list: true,
      living: false,
      include: { as: 'merged', summary: 'the customer who went into it', shows: ['reference', 'full_name'] },
      stays_at_merge: () => sql`true`,
    }),
    changed: own(z.record(z.string(), change), 'jsonb', { default: {}, writable: false, internal: true }),
    moved: own(z.array(movedChildren), 'jsonb', { default: [], writable: false, internal: true }),
    keys: own(addedKeys, 'jsonb', {
      ...ours,
      internal: true,
    }),
    undone_at: moment({ writable: false, list: true }),
  },
  lists_created_at: true,
  default_sort: 'created_at',
  label: ({ reference }) => reference,
  is_found: false,
  filters: {
    standing: { summary: 'not taken back', where: sql`undone_at is null` },
    reversible: {
      summary: 'not taken back, and can be',
      where: ({ now }) =>
        sql`undone_at is null and created_at >= ${now.subtract({ hours: 24 * reversibleDays }).toString()}::timestamptz`,
    },
  },
  actions: {},
});
