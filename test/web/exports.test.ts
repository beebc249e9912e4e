import { describe, expect, test } from 'vitest';
import { asTableOwner } from '../support/raw-sql.ts';
import { useRecordPages } from './record-pages.ts';

const { pages, see, send } = useRecordPages();

describe('the page on which everything is taken out', () => {
  test('is for the owner, and asks once for one file', async () => {
    expect((await see('/exports', 'dana')).status).toBe(404);
    const page = await send(await see('/exports', 'olivia'), /^\/exports$/);
    expect(page).toMatchObject({ status: 200, path: '/exports' });
    expect(page.text).toContain('The file is being written');
    expect(page.markup).not.toContain('<button>Export everything');
    const [row] = await pages().read(pages().bright.owner, 'exports');
    // No worker has written it yet, and nobody else fetches it.
    expect((await see(`/exports/${row?.reference}/file`, 'olivia')).status).toBe(404);
    expect((await see(`/exports/${row?.reference}/file`, 'dana')).status).toBe(403);
  });
});

describe('a list', () => {
  test('is taken along whole as CSV, its formulas made harmless, and the history says so', async () => {
    await pages().done(pages().bright.owner, 'contact.create', { full_name: '=cmd|calc' });
    const page = await send(await see('/records/contacts', 'olivia'), /^\/records\/contacts\/file/);
    expect(page.status).toBe(200);
    expect(page.markup).toContain("'=cmd|calc");
    expect(page.markup).toContain('Jane');
    const entries = await pages().read(pages().bright.owner, 'audit_log', { limit: 20 });
    expect(JSON.stringify(entries)).toContain('exported');
  });

  test('offers no file to a technician', async () => {
    expect((await see('/records/tickets', 'theo')).markup).not.toContain('/file"');
  });
});

describe('the page on which the business is deleted', () => {
  test('is for the owner, offers the export first, and takes a passkey', async () => {
    expect((await see('/exports/delete', 'dana')).status).toBe(404);
    const before = await see('/exports/delete', 'olivia');
    expect(before.text).toContain('Everything of Bright Panes Window Cleaning goes for good');
    expect(before.markup).toContain('href="/exports"');
    expect(before.markup).not.toContain('<button class="stop">');
    await asTableOwner(
      pages(),
      `insert into passkeys (organization_id, id, member_id, name, credential_id, public_key, counter, transports)
       values ($1, gen_random_uuid(), $2, 'Phone', 'of olivia', '\\x00', 0, '{}')`,
      [pages().bright.id, pages().bright.people.Olivia?.id],
    );
    const page = await see('/exports/delete', 'olivia');
    const wrong = await send(page, /^\/exports\/delete$/, { name: 'Bright Pains' });
    expect(wrong).toMatchObject({ status: 400 });
    expect(wrong.text).toContain('This is not the name of the business.');
    expect(wrong.markup).toContain('value="Bright Pains"');
    const without = await send(page, /^\/exports\/delete$/, { name: 'Bright Panes Window Cleaning' });
    expect(without).toMatchObject({ status: 403 });
    expect(await pages().read(pages().bright.owner, 'business_deletion')).toEqual([]);
  });
});

describe('the page of a customer', () => {
  test('offers the owner, and nobody else, a file with all that is known of them', async () => {
    const page = await see('/contacts/C-1001', 'olivia');
    expect(page.text).toContain('Their data');
    expect((await see('/contacts/C-1001', 'dana')).markup).not.toContain('/export"');
    const asked = await send(page, /^\/contacts\/C-1001\/export$/);
    expect(asked).toMatchObject({ status: 200, path: '/exports' });
    expect(asked.text).toContain('All about');
    expect(asked.text).toContain('being written');
  });
});

test('while the business is to be deleted, the page of exports says so and leads to where it is kept', async () => {
  const { Olivia } = pages().bright.people;
  await asTableOwner(
    pages(),
    `insert into business_deletions (organization_id, id, asked_by, asked_at, delete_at)
     values ($1, gen_random_uuid(), $2, '2026-11-18', '2026-11-26')`,
    [pages().bright.id, Olivia?.id],
  );
  expect((await see('/exports', 'olivia')).text).toContain(
    'The business is deleted on Wednesday, November 25, 2026',
  );
  const kept = await send(await see('/exports/delete', 'olivia'), /^\/exports\/delete\/keep$/);
  expect(kept).toMatchObject({ status: 200, path: '/exports' });
  expect(kept.text).toContain('The business stays.');
  expect(kept.text).not.toContain('is deleted on');
});
