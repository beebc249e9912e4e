import type { Office } from '../support/office.ts';

/** The address of the page of a bill, below a server. Throws when nobody has made one. */
export async function payPage(
  { database, app, bright }: Pick<Office, 'database' | 'app' | 'bright'>,
  url: string,
  reference: string,
): Promise<string> {
  const { rows } = await database.owner.query<{ id: string }>(
    `select l.id
    from customer_links as l
    join invoices as i on i.organization_id = l.organization_id and i.id = l.subject_id
    where i.reference = $1 and i.organization_id = $2 and l.purpose = 'pay'
    order by l.id desc`,
    [reference, bright.id],
  );
  if (rows.length !== 1) throw new Error(`${reference} has ${rows.length} pages for its payer`);
  return url + new URL(app.linkAddress(bright.id, 'pay', String(rows[0]?.id))).pathname;
}

/** The words of a page, as they are read. */
export const wordsOf = (page: string): string =>
  page
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#39;/g, '’')
    .replace(/\s+/g, ' ')
    .trim();
