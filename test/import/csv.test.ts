import { describe, expect, test } from 'vitest';
import { useOffice } from '../support/office.ts';

const office = useOffice();
const bring = (content: string, more: Record<string, unknown> = {}) =>
  office().done(office().bright.owner, 'import.csv', { content, ...more });

describe('a list of customers from any program', () => {
  test('comes in by the names of its columns', async () => {
    const content =
      'Name,E-mail,Phone,Street,City,Zip,Gate\nAda Byron,ada@example.com,(256) 555-0199,12 Elm St,Madison,35758,4411\n';
    const preview = await office().done(office().bright.owner, 'import.preview_csv', { content });
    expect(preview).toMatchObject({
      kind: 'contacts',
      mapping: { Name: 'full_name', Gate: 'custom' },
      questions: [],
    });
    expect(await bring(content)).toMatchObject({ rows_read: 1, taken_rows: 1, created: 1, addresses: 1 });
    expect(await bring(content)).toMatchObject({ rows_read: 1, taken_rows: 0, matched_rows: 1, created: 0 });
  });
});
