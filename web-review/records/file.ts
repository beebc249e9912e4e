import { Readable } from 'node:stream';
import { z } from 'zod';
import { columnsBeside } from '../../core/exports/beside.ts';
import { csvLines } from '../../core/kernel/records/csv.ts';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { formFields, submit, typedTexts } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { type Answer, mayDo, type PageRequest, readList } from '../site.ts';
import { type Asked, addressOf, readAsked, requireKnown } from './filters.ts';
import { kindOf } from './kind.ts';

/** The button under a list: all of it as a file, filtered as it is shown. */
export function exportForm(request: PageRequest, record: RecordSpec, asked: Asked): Markup | false {
  if (!mayDo(request, 'export.list')) return false;
  const [path = '', query = ''] = addressOf(record, { ...asked, cursor: '' }).split('?');
  return html`<form method="post" action="${path}/file${query !== '' && `?${query}`}" class="buttons">${formFields(request)}<button class="plain quiet" name="format" value="csv">Export as CSV</button> <button class="plain quiet" name="format" value="json">as JSON</button></form>`;
}

/** A list as a file, every row and every member of it, read page by page while it is sent (IMX-02). */
export async function sendList(request: PageRequest): Promise<Answer> {
  const record = kindOf(request);
  requireKnown(request, record);
  const format = typedTexts(request).format === 'json' ? 'json' : 'csv';
  await submit(request, 'export.list', { type: record.plural, format });
  const rows = rowsOf(request, record, readAsked(request, record));
  const day = request.site.clock().toZonedDateTimeISO(request.identity.organization.time_zone).toPlainDate();
  const name = `${record.plural.replaceAll('_', '-')}-${day}.${format}`;
  if (format === 'json')
    return { stream: Readable.from(jsonOf(rows)), name, content_type: 'application/json; charset=utf-8' };
  const columns = columnsOf(request, record);
  return {
    stream: Readable.from(csvLines(columns, rows)),
    name,
    content_type: 'text/csv; charset=utf-8; header=present',
  };
}

const fieldsOf = ({ site }: PageRequest, { plural }: RecordSpec): string[] =>
  Object.keys(site.app.registry.view(plural).spec.row.shape);

const columnsOf = (request: PageRequest, record: RecordSpec): string[] => [
  ...fieldsOf(request, record),
  ...columnsBeside(record.plural),
];

const beside = z.object({ id: z.string(), columns: z.record(z.string(), z.unknown()) });

/** Rows with what the files of their list have besides: places of customers, what was done on visits. */
async function withBeside(
  request: PageRequest,
  { plural }: RecordSpec,
  rows: readonly Record<string, unknown>[],
): Promise<Record<string, unknown>[]> {
  if (columnsBeside(plural).length === 0) return [...rows];
  const params = { type: plural, ids: rows.map(({ id }) => id) };
  const found = await readList(request, 'export_beside', beside, { params });
  const of = new Map(found.rows.map(({ id, columns }) => [id, columns]));
  return rows.map(row => ({ ...row, ...of.get(String(row.id)) }));
}

async function* rowsOf(request: PageRequest, record: RecordSpec, asked: Asked) {
  const { site, caller, facts } = request;
  const { params, search, filter, sort } = asked;
  const query = {
    params,
    limit: 100,
    fields: fieldsOf(request, record),
    ...(search === '' ? {} : { search }),
    ...(filter === '' ? {} : { filter }),
    ...(sort === '' ? {} : { sort }),
  };
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page = await site.app.read(
      caller,
      record.plural,
      { ...query, ...(cursor === '' ? {} : { cursor }) },
      facts,
    );
    yield* await withBeside(request, record, page.rows);
    cursor = page.next_cursor;
  }
}

async function* jsonOf(rows: AsyncIterable<Record<string, unknown>>) {
  let before = '[\n';
  for await (const row of rows) {
    yield `${before}${JSON.stringify(row)}`;
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}
