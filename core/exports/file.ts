import { z } from 'zod';
import { ref } from '../kernel/records/references.ts';
import { defineView } from '../kernel/registry/define.ts';
import { findPart } from './file-queries.ts';

/** One part of the file of an export; empty when the file is not here any more. The page that sends it reads part after part. */
export const fileView = defineView({
  type: 'export_file',
  domain: 'export',
  summary: 'A part of the file of an export, as long as it is kept.',
  keywords: ['download'],
  whose: 'ours',
  human_only: true,
  roles: ['owner'],
  row: z.object({
    name: z.string(),
    /** In base64. */
    bytes: z.string(),
    /** How many there are. */
    parts: z.number(),
    /** Of the whole file. */
    size_bytes: z.number(),
  }),
  params: z.strictObject({
    export_id: ref('export').optional(),
    part: z.int().min(0).max(1_000_000).default(0),
  }),
  async run(context, { params: { export_id, part } }) {
    if (export_id === undefined) return { rows: [] };
    const found = await findPart(context, { export_id, number: part });
    return { rows: found ? [found] : [] };
  },
});
