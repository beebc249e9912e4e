import { describe, expect, test } from 'vitest';
import { useOffice } from '../support/office.ts';
import { type RivalFile, rivals } from './rivals.ts';

const office = useOffice();
const count = Number(process.env.DESKHAND_RIVAL_ROWS ?? 2000);

const bring = (file: RivalFile, more: Record<string, unknown> = {}) =>
  office().done(office().bright.owner, 'import.csv', {
    content: file.bytes.toString('base64'),
    encoding: 'base64',
    file_name: file.name,
    ...more,
  });
const refused = (report: Record<string, unknown>) =>
  Array.isArray(report.refused)
    ? report.refused.map(({ row, reason }) => `${row}: ${reason}`).slice(0, 5)
    : [];

describe(`the files of five rivals, ${count} rows each, come in whole`, () => {
  for (const make of rivals) {
    const file = make(count);
    test(`${file.source}: understood, every row accounted for, and nothing new the second time`, async () => {
      const preview = await office().done(office().bright.owner, 'import.preview_csv', {
        content: file.bytes.toString('base64'),
        encoding: 'base64',
      });
      expect(preview).toMatchObject({ source: file.source, kind: 'contacts', rows: count, questions: [] });
      const first = await bring(file);
      expect({ ...first, why: refused(first) }).toMatchObject({
        rows_read: count,
        taken_rows: count - file.refused,
        matched_rows: 0,
        refused_rows: file.refused,
        created: file.customers,
      });
      const second = await bring(file);
      expect(second).toMatchObject({
        taken_rows: 0,
        matched_rows: count - file.refused,
        refused_rows: file.refused,
        created: 0,
      });
      // As it was before, so that the next rival finds nobody.
      const back = await office().done(office().bright.owner, 'import.undo', {
        import_id: String(first.import),
      });
      expect(back).toMatchObject({ contacts_removed: file.customers });
    });
  }
});
