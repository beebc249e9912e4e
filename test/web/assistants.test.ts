import { describe, expect, test } from 'vitest';
import { csrfOf } from '../support/pages.ts';
import { refusal } from '../support/refusal.ts';
import { rowsOf, type Seen, useRecordPages } from './record-pages.ts';

const { pages, see, follow, send } = useRecordPages();

const keyIn = ({ markup }: Seen): string => /id="key" value="(dh_[\w-]{43})"/.exec(markup)?.[1] ?? '';
const works = async (key: string) => pages().read({ via: 'key', key }, 'contacts', { limit: 1 });

describe('an assistant', () => {
  test('is added with a name; its key is shown once, with what a client needs', async () => {
    const form = await follow(await see('/assistants', 'olivia'), 'Add an assistant');
    const made = await send(form, /^\/assistants\/new$/, { name: 'Night shift' });
    expect(made.status).toBe(200);
    const key = keyIn(made);
    expect(await works(key)).toHaveLength(1);
    expect(made.markup).toContain(`value="${pages().url}/mcp"`);
    expect(made.markup).toContain(`value="Authorization: Bearer ${key}"`);
    expect(made.text).toContain('&quot;mcpServers&quot;');
    expect(made.text).toContain('It is not shown again');
    const page = await follow(made, 'I have it');
    expect(page.markup).not.toContain(key);
    expect(page.text).toContain(`${key.slice(0, 10)}… made`);
    // The same form once more: nobody new, and no key.
    const again = await send(form, /^\/assistants\/new$/, { name: 'Night shift' });
    expect(again.text).toContain('Night shift is here already.');
    expect(keyIn(again)).toBe('');
    const list = await see('/assistants', 'olivia');
    expect(rowsOf(list.markup)).toEqual(['Night shift', 'Office Manager']);
    expect(list.text).toMatch(/Office Manager works Did something last on .*: remove a customer/);
    expect(list.text).toContain('Has done nothing yet.');
  });

  test('has a name of its own: another one with it is refused beside the field', async () => {
    const refused = await send(await see('/assistants/new', 'olivia'), /new$/, { name: 'Office Manager' });
    expect(refused.status).toBe(409);
    expect(refused.markup).toMatch(
      /id="name_problem" role="alert">There is an agent with this name already\./,
    );
    expect(refused.markup).toContain('value="Office Manager"');
  });

  test('is paused and goes on', async () => {
    const page = await follow(await see('/assistants', 'olivia'), 'Office Manager');
    const write = () =>
      pages().act(pages().bright.agent, 'task.create', { title: 'x', due_at: '2026-11-20' });
    const paused = await send(page, /\/pause$/);
    expect(paused.text).toContain('Office Manager is paused.');
    expect((await refusal(write())).code).toBe('FORBIDDEN');
    // The same button once more leaves it as it says.
    expect((await send(page, /\/pause$/)).text).toContain('Office Manager is paused.');
    const on = await send(paused, /\/resume$/);
    expect(on.text).toContain('Office Manager works again.');
    expect((await write()).status).toBe('done');
  });

  test('gets another key, which ends by itself when that was wanted, and one that is revoked opens nothing', async () => {
    const page = await follow(await see('/assistants', 'olivia'), 'Night shift');
    const key = keyIn(await send(page, /\/key$/, { days: '30' }));
    expect(await works(key)).toHaveLength(1);
    const after = await see(page.path, 'olivia');
    expect(after.text).toMatch(new RegExp(`${key.slice(0, 10)}… made .*, ends .*Dec 1[89], 2026`));
    // The button of the page from before: no second key by a second press.
    const twice = await send(page, /\/key$/, { days: '30' });
    expect(twice.status).toBe(409);
    expect(twice.text).toContain('The keys are others than when you opened the page.');
    const revoked = await send(after, /\/revoke-key$/, { key: key.slice(0, 10) });
    expect(revoked.text).toContain(`The key ${key.slice(0, 10)}… is revoked.`);
    expect((await refusal(works(key))).code).toBe('UNAUTHENTICATED');
  });

  test('is renamed, and ended with all its keys', async () => {
    const page = await follow(await see('/assistants', 'olivia'), 'Night shift');
    const key = keyIn(await send(page, /\/key$/));
    const renamed = await send(await see(page.path, 'olivia'), /^\/assistants\/[0-9a-f-]+$/, {
      name: 'Late shift',
    });
    expect(renamed.text).toContain('Late shift');
    const list = await send(renamed, /\/end$/);
    expect(list.text).toContain('Late shift does not work here any more.');
    expect((await refusal(works(key))).code).toBe('UNAUTHENTICATED');
    expect(rowsOf(list.markup)).toEqual(['Office Manager']);
  });
});

test('keys are for the owner: the office sees that there is an assistant, a technician finds nothing', async () => {
  const page = await follow(await see('/assistants', 'olivia'), 'Office Manager');
  expect(page.text).toContain('What the assistant may do');
  const looked = await see(page.path, 'dana');
  expect(looked.status).toBe(200);
  expect(looked.markup).not.toContain('<form method="post" action="/assistants');
  expect(looked.text).not.toMatch(/dh_/);
  expect((await see('/assistants/new', 'dana')).status).toBe(403);
  const dana = await pages().signIn('dana@brightpanes.example');
  const form = { csrf_token: await csrfOf(pages(), dana) };
  for (const verb of ['pause', 'key', 'end'])
    expect((await pages().send(`${page.path}/${verb}`, { session: dana, form })).status).toBe(403);
  for (const path of ['/assistants', '/assistants/new', page.path])
    expect((await see(path, 'theo')).status).toBe(404);
  const session = await pages().signIn('carla@clearview.example');
  expect((await pages().send(page.path, { session })).status).toBe(404);
});
