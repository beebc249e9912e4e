import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { draft, sent } from '../invoices/billing.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { as } from '../support/business.ts';
import { deliveredMails } from '../support/delivered-mails.ts';
import { refusal } from '../support/refusal.ts';
import { textOfEverything } from '../support/whole-database.ts';
import { jpeg, type PngOptions, png } from './logos.ts';

// The mark of the business: on its bills, and on the pages where they are paid.

const panes = useBrightPanes();
const set = (bytes: Buffer, who = panes().olivia) =>
  panes().act(who, 'organization.set_logo', { file: bytes.toString('base64') });
const logoOf = async (who = panes().dana) => (await panes().read(who, 'logo'))[0];
const paperOf = async (invoice_id: string) => {
  const [row] = await panes().read(panes().dana, 'invoice_paper', { params: { invoice_id } });
  return row;
};
const hash = (file: Buffer) => createHash('sha256').update(file).digest('hex');

describe('the logo of a business', () => {
  test('is one picture at a time, and tells what it is without its bytes', async () => {
    await set(png());
    expect(await logoOf()).toMatchObject({ content_type: 'image/png', width: 160, height: 48 });
    expect(await logoOf()).not.toHaveProperty('picture');
    await set(jpeg);
    expect(await logoOf()).toMatchObject({ content_type: 'image/jpeg', width: 16, height: 16 });
    const [entry] = await panes().read(panes().olivia, 'audit_log', { params: { action: 'logo_set' } });
    expect(entry).toMatchObject({
      actor_name: 'Olivia Bright',
      changes: { content_type: { new: 'image/jpeg' } },
    });
    expect(await textOfEverything(panes().database.owner)).not.toContain(
      jpeg.toString('base64').slice(0, 60),
    );
  });

  test('is taken off again, once', async () => {
    await set(png());
    await panes().done(panes().olivia, 'organization.set_logo', { file: null });
    expect(await logoOf()).toBeUndefined();
    const again = await panes().act(panes().olivia, 'organization.set_logo', { file: null });
    expect(again.data).toEqual({ logo: null });
    const entries = await panes().read(panes().olivia, 'audit_log', { params: { action: 'logo_removed' } });
    expect(entries).toHaveLength(1);
  });

  test('of two that are set at once is one', async () => {
    const results = await Promise.allSettled([set(png()), set(jpeg), set(png({ width: 80 }))]);
    expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
    const { rows } = await panes().database.owner.query(
      'select 1 from logos where organization_id = $1 and removed_at is null',
      [panes().bright.id],
    );
    expect(rows).toHaveLength(1);
  });

  test('is a matter of owners and admins: no technician, nobody of the office, no assistant, no neighbour', async () => {
    await set(png());
    for (const who of [panes().theo, panes().dana, as(panes().bright, 'Tess')])
      expect((await refusal(set(jpeg, who))).code).toBe('FORBIDDEN');
    expect((await refusal(set(jpeg, panes().agent))).code).toBe('HUMAN_ONLY');
    expect((await logoOf())?.content_type).toBe('image/png');
    expect(await logoOf(panes().clear.owner)).toBeUndefined();
    const [row] = await panes().read(panes().dana, 'logo');
    const theirs = await panes().read(panes().clear.owner, 'logo', {
      params: { logo_id: String(row?.id), with_picture: 'yes' },
    });
    expect(theirs).toEqual([]);
  });

  const bad: [string, Buffer, RegExp][] = [
    ['no picture', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /neither a PNG nor a JPEG/],
    ['a GIF', Buffer.from('R0lGODlhAQABAAAAACw=', 'base64'), /neither a PNG nor a JPEG/],
    ['a PNG that ends too early', png().subarray(0, 200), /broken/],
    [
      'a PNG with a byte that fell over',
      Buffer.from(png().map((byte, at) => (at === 60 ? byte ^ 1 : byte))),
      /broken/,
    ],
    ['a PNG without its last rows', png({ missing: 3 }), /broken/],
    ['a PNG with a filter there is none of', png({ filter: 9 }), /broken/],
    ['an interlaced PNG', png({ interlace: 1 }), /without interlacing/],
    ['a PNG that is too wide', png({ width: 4001, height: 1 }), /too large/],
    ['a JPEG that ends too early', jpeg.subarray(0, 120), /broken/],
    ['more than 300 KB', png({ width: 400, height: 260, noise: true }), /300 KB/],
  ];
  test.each(bad)(
    'is not %s, which is said with what to do; the earlier one stays',
    async (_, bytes, words) => {
      await set(png());
      const refused = await refusal(set(bytes));
      expect(refused.code).toBe('VALIDATION_ERROR');
      expect(JSON.stringify(refused)).toMatch(words);
      expect(await logoOf()).toMatchObject({ width: 160 });
    },
  );

  const good: [string, PngOptions][] = [
    ['small', { width: 1, height: 1 }],
    ['large', { width: 2000, height: 900 }],
  ];
  test.each(good)('is drawn on the bill when it is %s', async (_, options) => {
    await set(png(options));
    const reference = await draft(panes());
    const response = await drawn(reference);
    expect(response.subarray(0, 5).toString()).toBe('%PDF-');
    expect(response.toString('latin1')).toContain('/Subtype /Image');
  });

  test('stands on the paper in the mail as it was when that was written, with the same bytes each time', async () => {
    await set(png());
    const reference = await sent(panes());
    await panes().done(panes().olivia, 'organization.set_logo', { file: null });
    const lost = await deliveredMails(panes(), { isLost: true });
    const file = (mails: typeof lost) =>
      Buffer.from(
        mails.find(({ subject }) => subject === `Invoice ${reference}`)?.attachments?.[0]?.content ?? '',
        'base64',
      );
    expect(file(lost).toString('latin1')).toContain('/Subtype /Image');
    expect((await drawn(reference)).toString('latin1')).not.toContain('/Subtype /Image');
  });
});

/** The bill as the office has it. */
async function drawn(reference: string): Promise<Buffer> {
  const { spec } = panes().app.registry.view('invoice_paper');
  const row = await paperOf(reference);
  const write = () =>
    spec.file?.write(row ?? {}, { read: (type, query) => panes().read(panes().dana, type, query) });
  const [one, same] = await Promise.all([write(), write()]);
  expect(hash(one ?? Buffer.of())).toBe(hash(same ?? Buffer.of(1)));
  return one ?? Buffer.of();
}
