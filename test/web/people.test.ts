import { describe, expect, test } from 'vitest';
import { factsOf, rowsOf, useRecordPages } from './record-pages.ts';

const { pages, see, follow, send } = useRecordPages();

const add = async (typed: Record<string, string>, by = 'olivia') =>
  send(await see('/people/new', by), /^\/people\/new$/, typed);
const tara = { name: 'Tara', email: 'tara@brightpanes.example', phone: '(256) 555-0133' };
const mailsTo = async (to: string) =>
  (
    await pages().database.owner.query<{ kind: string }>(
      "select kind from jobs where payload ->> 'to' = $1 order by id",
      [to],
    )
  ).rows;

describe('the people of a business', () => {
  test('are listed with what they may do, for the owner and the office', async () => {
    const list = await see('/people', 'olivia');
    expect(rowsOf(list.markup)).toEqual(['Dana', 'Olivia Bright', 'Tess', 'Theo']);
    expect(list.text).toContain('Theo Technician');
    expect(list.text).toContain('Dana Office');
    expect(linksTo((await see('/people')).markup, '/people/new')).toBe(false);
    expect(linksTo(list.markup, '/people/new')).toBe(true);
  });

  test('a technician is added on one page, and a link to sign in is on its way', async () => {
    const form = await follow(await see('/people', 'olivia'), 'Add a person');
    const page = await send(form, /^\/people\/new$/, tara);
    expect(page.text).toContain(
      'Tara is added, and a link to sign in is on its way to tara@brightpanes.example.',
    );
    expect(factsOf(page.markup)).toMatchObject({ 'May do': 'Technician', 'Goes on visits': 'yes' });
    expect(await mailsTo(tara.email)).toEqual([{ kind: 'sign_in_email' }]);
    const mail = (await pages().newestMail(tara.email)) ?? '';
    expect(mail).toContain('you work with Bright Panes');
    const link = /\/sign-in\/[\w-]{43}/.exec(mail)?.[0] ?? '';
    // In any browser, without a code: nobody waits at a screen that shows one.
    expect(await (await pages().send(link)).text()).toContain('Your link is good');
    const used = await pages().send(link, { form: {} });
    expect(used.status).toBe(303);
    expect(used.headers.getSetCookie().join()).toContain('session=');
    expect((await pages().send(link, { form: {} })).status).toBe(410);
  });

  test('the same form sent twice adds one person and sends one mail', async () => {
    const form = await see('/people/new', 'olivia');
    const typed = { name: 'Twice', email: 'twice@brightpanes.example' };
    const pair = await Promise.all([send(form, /new$/, typed), send(form, /new$/, typed)]);
    for (const page of pair) expect(page.text).toContain('Twice is added');
    expect(await mailsTo(typed.email)).toHaveLength(1);
    expect(rowsOf((await see('/people', 'olivia')).markup).filter(name => name === 'Twice')).toHaveLength(1);
  });

  test('what is refused is said beside its field, and nothing typed is lost', async () => {
    const again = await add({ ...tara, name: 'Another <b>Tara</b>', role: 'member', send_link: 'yes' });
    expect(again.status).toBe(409);
    expect(again.text).toContain('This person already belongs to the business.');
    expect(again.markup).toContain('value="Another &lt;b&gt;Tara&lt;/b&gt;"');
    expect(again.markup).toMatch(/value="member" required checked/);
    const wrong = await add({ name: 'No mail', email: 'no mail', phone: '12' });
    expect(wrong.status).toBe(400);
    expect(wrong.markup).toContain('aria-invalid="true"');
    expect(wrong.markup).toContain('value="no mail"');
  });

  test('change their name, phone and role; only an owner makes owners, and the last one stays', async () => {
    const list = await see('/people', 'olivia');
    let page = await send(await follow(list, 'Dana'), /^\/people\/[0-9a-f-]+$/, {
      phone: '(256) 555-0190',
      role: 'admin',
    });
    expect(page.text).toContain('Saved.');
    expect(factsOf(page.markup)).toMatchObject({ 'May do': 'Admin', Phone: '(256) 555-0190' });
    page = await send(await follow(await see('/people', 'dana'), 'Theo'), /^\/people\/[0-9a-f-]+$/, {
      role: 'owner',
    });
    expect(page.status).toBe(403);
    expect(page.text).toContain('Only an owner can make or change an owner.');
    const olivia = await follow(await see('/people', 'olivia'), 'Olivia Bright');
    expect(olivia.markup).not.toContain('/end"');
    page = await send(olivia, /^\/people\/[0-9a-f-]+$/, { role: 'member' });
    expect(page.text).toContain('A business needs at least one owner.');
    page = await send(await follow(await see('/people', 'olivia'), 'Dana'), /^\/people\/[0-9a-f-]+$/, {
      role: 'member',
    });
    expect(factsOf(page.markup)['May do']).toBe('Office');
  });

  test('end, with their visits named first; signed out at once, and let in again', async () => {
    const { bright, done, send: request } = pages();
    const { id } = await done(bright.owner, 'member.create', {
      name: 'Gus',
      email: 'gus@brightpanes.example',
      role: 'technician',
    });
    await done(bright.owner, 'ticket.create', {
      contact_id: 'C-1001',
      scheduled_at: '2026-12-02T09:00',
      technician_ids: [String(id)],
    });
    const session = await pages().signIn('gus@brightpanes.example');
    expect((await request('/', { session })).status).toBe(200);
    const page = await follow(await see('/people', 'olivia'), 'Gus');
    expect(page.text).toContain('They have 1 visit to do. These stay booked, with this name on them');
    expect(page.text).toContain('Wed, Dec 2, 2026, 9:00 AM');
    const list = await send(page, /\/end$/);
    expect(list.text).toContain('Gus cannot sign in any more.');
    expect(list.text).toContain('Who left');
    expect((await request('/', { session })).headers.get('location')).toMatch(/^\/sign-in/);
    const back = await send(list, /\/restore$/);
    expect(back.text).toContain('Gus may sign in again.');
    expect((await request('/', { session })).headers.get('location')).toMatch(/^\/sign-in/);
  });
});

describe('links to sign in that the owner sends', () => {
  test('stop after three within an hour, and say what to do', async () => {
    const page = await follow(await see('/people', 'olivia'), 'Tess');
    let last = page;
    for (let n = 1; n <= 3; n++) {
      last = await send(await see(page.path, 'olivia'), /\/link$/);
      expect(last.text).toContain('A link to sign in is on its way to tess@brightpanes.example.');
    }
    last = await send(await see(page.path, 'olivia'), /\/link$/);
    expect(last.status).toBe(429);
    expect(last.text).toContain('3 links went to this address within the last hour.');
    expect(await mailsTo('tess@brightpanes.example')).toHaveLength(3);
    // She still gets in by asking herself.
    expect((await pages().send('/sign-in', { form: { email: 'tess@brightpanes.example' } })).status).toBe(
      200,
    );
    expect(await mailsTo('tess@brightpanes.example')).toHaveLength(4);
  });

  test('are of no use to whoever sends them: no page, list or entry shows one', async () => {
    const page = await send(await follow(await see('/people', 'olivia'), 'Theo'), /\/link$/);
    const { read, bright } = pages();
    const shown = [
      page.markup,
      (await see('/outbox', 'olivia')).markup,
      JSON.stringify(await read(bright.owner, 'audit_log', { limit: 100 })),
      JSON.stringify(await read(bright.owner, 'outbox', { params: { kind: 'sign_in_email' } })),
    ];
    for (const text of shown) expect(text).not.toMatch(/\/sign-in\/[\w-]{43}/);
    expect(await pages().newestMail('theo@brightpanes.example')).toMatch(/\/sign-in\/[\w-]{43}/);
  });
});

test('people are nobody’s business but the owner’s: the office looks, a technician finds nothing, another business neither', async () => {
  const theo = (await follow(await see('/people', 'olivia'), 'Theo')).path;
  const looked = await see(theo, 'dana');
  expect(looked.status).toBe(200);
  expect(looked.markup).not.toContain('<form method="post" action="/people');
  expect((await see('/people/new', 'dana')).status).toBe(403);
  for (const path of ['/people', '/people/new', theo]) expect((await see(path, 'theo')).status).toBe(404);
  const { send: request, signIn } = pages();
  const stranger = await signIn('cody@clearview.example');
  expect((await request(theo, { session: stranger })).status).toBe(404);
});

const linksTo = (markup: string, path: string): boolean => markup.includes(`href="${path}"`);
