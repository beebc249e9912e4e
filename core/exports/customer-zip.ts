import { z } from 'zod';
import { type Paper, paperRow, pictureFor, writePaper } from '../invoices/paper.ts';
import type { FilesTogether } from '../kernel/outside/archive-store.ts';
import type { ReadQuery } from '../kernel/registry/define.ts';
import { type CustomerFile, customerFile } from './customer-file.ts';
import { customerPage } from './customer-page.ts';

type Read = (type: string, query: ReadQuery) => Promise<Record<string, unknown>[]>;

/** What the file of one customer is made of, and how many rows it tells. */
export interface CustomerFiles extends FilesTogether {
  rows: number;
}

/**
 * The file for one customer: `index.html` for people, a file of JSON for each kind, and their bills as PDF. `read` reads as the
 * machine itself.
 */
export async function customerFiles(contact_id: string, read: Read): Promise<CustomerFiles> {
  const [row] = await read('customer_file', { params: { contact_id } });
  const known = customerFile.parse(row);
  const bills = billsOf(known).map(reference => ({ reference, name: `bills/${reference}.pdf` }));
  const { chapters, history, ...about } = known;
  const page = customerPage(
    known,
    bills.map(({ name }) => name),
  );
  const json = [
    { name: 'data/about.json', value: about },
    ...chapters.map(({ name, rows }) => ({ name: `data/${name}.json`, value: rows })),
    { name: 'data/history.json', value: history },
  ];
  return {
    moment: new Date(known.taken_at),
    rows: chapters.reduce((sum, { rows }) => sum + rows.length, 0),
    files: [
      text('index.html', page),
      ...json.map(({ name, value }) => text(name, `${JSON.stringify(value, null, 2)}\n`)),
      ...bills.map(({ reference, name }) => ({
        name,
        async *bytes() {
          yield await billOf(reference, read);
        },
      })),
    ],
  };
}

const text = (name: string, content: string) => ({
  name,
  async *bytes() {
    yield Buffer.from(content);
  },
});

const bill = z.object({ reference: z.string(), status: z.string() });

/** What was never sent is no bill yet. */
const billsOf = ({ chapters }: CustomerFile): string[] =>
  z
    .array(bill)
    .parse(chapters.find(({ name }) => name === 'invoices')?.rows ?? [])
    .filter(({ status }) => status !== 'draft')
    .map(({ reference }) => reference);

async function billOf(invoice_id: string, read: Read): Promise<Buffer> {
  const [row] = await read('invoice_paper', { params: { invoice_id } });
  const paper: Paper = paperRow.parse(row);
  return writePaper(paper, { logo: await pictureFor(paper, read) });
}
