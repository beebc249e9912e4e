import { z } from 'zod';
import { defineView } from '../kernel/registry/define.ts';
import { columnsBeside, listBeside, recordListed } from './beside.ts';

const atOnce = 1000;

/** The rows of a list as its file has them, many at a time; the job that writes lists reads page after page of it. */
export const listRowsView = defineView({
  type: 'export_rows',
  domain: 'export',
  summary: 'The rows of a list, many at a time, for the job that writes its file.',
  keywords: ['csv'],
  whose: 'theirs',
  human_only: true,
  roles: ['owner'],
  row: z.object({
    columns: z.array(z.string()),
    rows: z.array(z.unknown()),
    /** Where the next ones begin; null when there are none. */
    next: z.string().nullable(),
  }),
  params: z.strictObject({
    type: z.string().max(60).default('contacts'),
    after: z.string().max(2000).optional(),
  }),
  async run(context, { params: { type, after } }) {
    const record = recordListed(context, type);
    const { spec } = context.registry.view(type);
    const columns = Object.keys(spec.row.shape);
    const page = await spec.run(context, {
      params: {},
      limit: atOnce,
      include: [],
      fields: columns,
      ...(after === undefined ? {} : { cursor: after }),
    });
    const own = page.rows.map(row => record.parsed.parse(row));
    const beside = await listBeside(
      context,
      record,
      own.map(({ id }) => id),
    );
    const rows = own.map(row => ({ ...row, ...beside.get(row.id) }));
    return {
      rows: [{ columns: [...columns, ...columnsBeside(type)], rows, next: page.next_cursor ?? null }],
    };
  },
});
