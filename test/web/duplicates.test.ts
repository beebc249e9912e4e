import { beforeAll, describe, expect, test } from 'vitest';
import { usePages } from '../support/pages.ts';

const pages = usePages();
const olivia = 'olivia@brightpanes.example';

beforeAll(async () => {
  const { done, bright } = pages();
  await done(bright.owner, 'contact.create', { full_name: 'Jane Smith', phone: '(256) 555-0142' });
  await done(bright.owner, 'contact.create', {
    full_name: 'Jane Smith',
    phone: '(256) 555-0142',
    email: 'jane@example.com',
  });
});

/** A page as somebody signed in reads it. */
async function open(path: string, session: string, cookie = ''): Promise<{ status: number; text: string }> {
  const response = await pages().send(path, { session, cookie });
  return { status: response.status, text: await response.text() };
}

/** Presses the button of the first form with this address on the page; answers the page after it. */
async function press(action: string, session: string): Promise<string> {
  const { text } = await open('/duplicates', session);
  const [form = ''] = new RegExp(`<form method="post" action="${action}">.*?</form>`, 's').exec(text) ?? [];
  const fields = [...form.matchAll(/name="([^"]+)" value="([^"]*)"/g)];
  const { headers, status } = await pages().send(action, {
    session,
    form: Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value])),
  });
  expect(status).toBe(303);
  const cookie = /deskhand_flash=[^;]+/.exec(headers.getSetCookie().join())?.[0] ?? '';
  return (await open(headers.get('location') ?? '', session, cookie)).text;
}

describe('the owner', () => {
  test('sees who is in the list twice and why, makes one of them, and takes it back', async () => {
    const session = await pages().signIn(olivia);
    const { text } = await open('/duplicates', session);
    expect(text).toContain('Because of the same name, the same telephone number.');
    expect(text).toContain('Merge, keep C-1001');
    expect(text).toContain('Merge, keep C-1002');

    const after = await press('/duplicates/merge', session);
    expect(after).toContain('C-1002 is C-1001 Jane Smith now.');
    expect(after).toContain('No customer is here twice');
    expect((await open('/contacts/C-1002', session)).text).toContain('jane@example.com');

    const back = await press('/duplicates/take-back', session);
    expect(back).toContain('C-1002 and C-1001 are two customers again.');
    expect(back).toContain('Merge, keep C-1001');
    expect(back).not.toContain('Merged lately');
  });

  test('gets there from the list of customers', async () => {
    const session = await pages().signIn(olivia);
    expect((await open('/contacts', session)).text).toContain('href="/duplicates"');
  });
});

test('a technician has no such page', async () => {
  const session = await pages().signIn('theo@brightpanes.example');
  expect((await open('/duplicates', session)).status).toBe(403);
  expect((await open('/', session)).status).toBe(200);
});
