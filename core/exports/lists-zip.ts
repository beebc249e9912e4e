import { z } from 'zod';
import type { FilesTogether } from '../kernel/outside/archive-store.ts';
import { writeCsv } from '../kernel/records/csv.ts';
import type { Row } from '../kernel/records/record.ts';
import type { ReadQuery } from '../kernel/registry/define.ts';

type Read = (type: string, query: ReadQuery) => Promise<Record<string, unknown>[]>;

const pageOfRows = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.custom<Row>(value => typeof value === 'object' && value !== null)),
  next: z.string().nullable(),
});

/** Some lists as files, each read page by page while it is written; `counted` is told of the rows of each page. */
export function listFiles(
  lists: readonly string[],
  format: 'csv' | 'json',
  { read, counted, moment }: { read: Read; counted(rows: number): void; moment: Date },
): FilesTogether {
  return {
    moment,
    files: lists.map(list => ({
      name: `${list.replaceAll('_', '-')}.${format}`,
      async *bytes() {
        let isFirst = true;
        for await (const { columns, rows } of pagesOf(list, read)) {
          counted(rows.length);
          yield Buffer.from(format === 'csv' ? csvOf(columns, rows, isFirst) : jsonOf(rows, isFirst));
          isFirst &&= format === 'json' && rows.length === 0;
        }
        if (format === 'json') yield Buffer.from(isFirst ? '[]\n' : '\n]\n');
      },
    })),
  };
}

async function* pagesOf(type: string, read: Read) {
  for (let after: string | null | undefined; after !== null; ) {
    const [row] = await read('export_rows', { params: { type, ...(after === undefined ? {} : { after }) } });
    const page = pageOfRows.parse(row);
    yield page;
    after = page.next;
  }
}

const csvOf = (columns: readonly string[], rows: readonly Row[], withHeader: boolean): string => {
  const text = writeCsv(columns, rows);
  return withHeader ? text : text.slice(text.indexOf('\r\n') + 2);
};

const jsonOf = (rows: readonly Row[], isFirst: boolean): string =>
  rows.map((row, index) => `${isFirst && index === 0 ? '[\n' : ',\n'}${JSON.stringify(row)}`).join('');
