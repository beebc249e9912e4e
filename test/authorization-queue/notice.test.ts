import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { whileWorking } from '../support/letters.ts';
import { soon } from '../support/patience.ts';

const panes = useBrightPanes();

const rename = (name: string) => panes().act(panes().agent, 'organization.update_settings', { name });
const notices = async () =>
  (
    await panes().database.owner.query(
      `select done_at is not null as done, result from jobs where kind = 'authorization_notice' order by id`,
    )
  ).rows;

test('what begins to wait is told to the owner in one mail, without a word about whom it concerns', async () => {
  const { olivia, dana, done } = panes();
  await rename('Secret New Name');
  await rename('Another Secret Name');
  const customer = await done(dana, 'contact.create', { full_name: 'Private Person' });
  await done(dana, 'note.create', { contact_id: customer.id, content: 'A private matter' });
  await panes().act(
    panes().agent,
    'contact.delete',
    { contact_id: customer.id },
    { reasoning: 'She asked to be forgotten by us' },
  );
  expect(await notices()).toHaveLength(1);
  let mails: string[] = [];
  await whileWorking(panes(), async folder => {
    await vi.waitUntil(async () => (await notices())[0]?.done === true, soon);
    const outbox = path.join(folder, 'outbox');
    mails = await Promise.all((await readdir(outbox)).map(name => readFile(path.join(outbox, name), 'utf8')));
  });
  const [mail = ''] = mails.filter(text => text.includes('To: olivia@brightpanes.example'));
  expect(mails).toHaveLength(1);
  expect(mail).toContain('Subject: 3 things wait for your decision');
  expect(mail).toContain('/review');
  expect(mail).not.toMatch(/Private|Secret|sign-in\/|R-\d/);

  const [request] = await panes().read(olivia, 'authorization_requests', { filter: 'pending' });
  expect(request).toBeDefined();
});

test('when everything is decided before the mail goes out, none does', async () => {
  const { olivia, done, read } = panes();
  await rename('Yet Another Name');
  for (const { reference, digest } of await read(olivia, 'authorization_requests', {
    filter: 'pending',
    fields: ['reference', 'digest'],
  })) {
    await done(olivia, 'authorization.deny', { request: reference, digest });
  }
  await whileWorking(panes(), async () => {
    await vi.waitUntil(async () => (await notices()).every(({ done: isDone }) => isDone), soon);
  });
  expect((await notices()).at(-1)?.result).toEqual({ skipped: 'nothing waits any more' });
});
