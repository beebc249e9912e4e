import { beforeAll, describe, expect, test } from 'vitest';
import { as } from '../support/office.ts';
import { csrfOf, fieldOf, tellStory, usePages } from '../support/pages.ts';

const pages = usePages();
const dana = () => as(pages().bright, 'Dana');
let session = '';

const plan = async (more: Record<string, unknown> = {}) =>
  String(
    (
      await pages().done(dana(), 'message.schedule', {
        contact_id: 'C-1001',
        subject: 'Your windows',
        body: 'Hello Jane.\n<b>Shall we come again?</b>',
        send_at: '2027-05-18T09:00',
        ...more,
      })
    ).reference,
  );

const get = async (path: string) => {
  const response = await pages().send(path, { session });
  return { status: response.status, text: await response.text() };
};

/** The hidden fields of a page with buttons on it. */
const fieldsOf = async (path = '/messages') => ({
  csrf_token: await csrfOf(pages(), session),
  idempotency_key: fieldOf((await get(path)).text, 'idempotency_key'),
});

/** Presses a button of the list, or the same one of a page that is open already. */
async function press(path: string, form?: Record<string, string>) {
  const response = await pages().send(path, {
    session,
    form: form ?? (await fieldsOf()),
    headers: { origin: pages().url },
  });
  return { status: response.status, to: response.headers.get('location'), text: await response.text() };
}

const shows = (text: string) =>
  [...text.matchAll(/<code>(M-\d+)<\/code>/g)].map(([, reference]) => reference);
const stateOf = async (id: string) => (await pages().read(dana(), 'scheduled_messages', { id }))[0]?.status;

beforeAll(async () => {
  await tellStory(pages());
  session = await pages().signIn('dana@brightpanes.example');
});

describe('the page of messages', () => {
  test('shows what is planned, the next one first: what, to whom, when, after which visit', async () => {
    const late = await plan({ ticket_id: 'T-2001', kind: 'outreach' });
    const early = await plan({ contact_id: 'C-1002', send_at: '2027-03-14T09:00' });
    const { status, text } = await get('/messages');
    expect([status, shows(text)]).toEqual([200, [early, late]]);
    expect(text).toContain('Tue, May 18, 2027, 9:00 AM');
    expect(text).toContain('Sun, Mar 14, 2027, 9:00 AM');
    expect(text).toContain('<a class="main" href="/contacts/C-1001"><bdi>Jane Smith</bdi></a>');
    expect(text).toContain('after visit <a class="main" href="/tickets/T-2001">T-2001</a>');
    expect(text).toContain('there is no e-mail address yet');
    expect(text).toContain('&lt;b&gt;Shall we come again?&lt;/b&gt;');
    await press(`/messages/${late}/cancel`);
    await press(`/messages/${early}/cancel`);
  });

  test('is narrowed to a customer by name or reference, and to days', async () => {
    const jane = await plan({ send_at: '2027-06-01T23:30' });
    const hart = await plan({ contact_id: 'C-1002', send_at: '2027-06-02T09:00' });
    const shown = async (query: string) => shows((await get(`/messages?${query}`)).text);
    expect(await shown('')).toEqual([jane, hart]);
    expect(await shown('customer=C-1002')).toEqual([hart]);
    expect(await shown('customer=jane')).toEqual([jane]);
    expect(await shown('from=2027-06-01&to=2027-06-01')).toEqual([jane]);
    expect(await shown('from=2027-06-02&to=')).toEqual([hart]);
    expect(await shown('customer=C-1001&from=2027-06-02')).toEqual([]);
    expect((await get('/messages?customer=C-1001&from=2027-06-02')).text).toContain('No such messages.');
    await press(`/messages/${jane}/cancel`);
    await press(`/messages/${hart}/cancel`);
    expect((await get('/messages')).text).toContain('Nothing is planned.');
  });

  test('says so when nobody, or more than one, is meant, and when a day does not exist', async () => {
    await pages().done(dana(), 'contact.create', { full_name: 'Jane Smithers' });
    const nobody = await get('/messages?customer=zebulon');
    expect([nobody.status, nobody.text.includes('Nobody is found by these words.')]).toEqual([404, true]);
    const several = await get('/messages?customer=jane&from=2027-06-01');
    expect(several.status).toBe(200);
    expect(several.text).toContain('Which one is it?');
    expect(several.text).toContain('href="/messages?customer=C-1001&amp;from=2027-06-01"');
    const never = await get('/messages?from=2027-02-30');
    expect([never.status, never.text.includes('is not a day that exists')]).toEqual([400, true]);
    expect(never.text).toContain('value="2027-02-30"');
  });

  test('shows what was sent, failed and cancelled, with when, where to and why', async () => {
    const { database } = pages();
    const gone = await plan({ subject: 'Sent one' });
    const failed = await plan({ subject: 'Failed one' });
    const system = { via: 'system', organization_id: pages().bright.id, name: 'worker' } as const;
    for (const message_id of [gone, failed]) await pages().done(dana(), 'message.send_now', { message_id });
    await pages().done(system, 'message.record_delivery', { message_id: gone });
    await pages().done(system, 'message.record_delivery', { message_id: failed, error: 'No such user.' });
    await database.owner.query('delete from jobs');
    const sent = await get('/messages?state=sent');
    expect(shows(sent.text)).toEqual([gone]);
    expect(sent.text).toContain(
      'Wed, Nov 18, 2026, 8:00 AM</time> to <a href="mailto:jane.smith@example.com">',
    );
    expect(sent.text).not.toContain('/cancel');
    const not = await get('/messages?state=failed');
    expect(shows(not.text)).toEqual([failed]);
    expect(not.text).toContain('<p class="problem">No such user.</p>');
    expect(not.text).toContain('Send again');
    expect(shows((await get('/messages?state=cancelled')).text).length).toBeGreaterThan(3);
    expect(shows((await get('/messages?state=all')).text)).toEqual(expect.arrayContaining([gone, failed]));
  });

  test('is not for technicians', async () => {
    const theo = await pages().signIn('theo@brightpanes.example');
    expect((await pages().send('/messages', { session: theo })).status).toBe(403);
    expect(await (await pages().send('/', { session: theo })).text()).not.toContain('/messages');
  });
});

describe('the buttons of a message', () => {
  test('cancel it, once however often they are pressed, and lead back to the list as it was', async () => {
    const reference = await plan();
    const form = await fieldsOf();
    const cancel = `/messages/${reference}/cancel`;
    const first = await press(`${cancel}?customer=C-1001&from=2027-01-01`, form);
    expect([first.status, first.to]).toEqual([303, '/messages?customer=C-1001&from=2027-01-01']);
    expect(await stateOf(reference)).toBe('cancelled');
    const again = await press(cancel, form);
    expect([again.status, again.to]).toEqual([303, '/messages']);
    // Pressed on another page, it is told what happened.
    await plan();
    expect((await press(cancel)).status).toBe(409);
  });

  test('send it now', async () => {
    const reference = await plan({ body: 'Now, please.' });
    const { status, to } = await press(`/messages/${reference}/send-now`);
    expect([status, to]).toEqual([303, '/messages']);
    expect(await stateOf(reference)).toBe('sending');
    expect(await pages().newestMail('jane.smith@example.com')).toBe('Now, please.');
  });

  test('send a draft as it was read, and not as the assistant has worded it since', async () => {
    const { agent } = pages().bright;
    const reasoning = 'The customer asked us to write to them';
    const settings = (agent_mails: string) =>
      pages().done(pages().bright.owner, 'organization.update_settings', { settings: { agent_mails } });
    await settings('wait_for_me');
    const written = { contact_id: 'C-1001', subject: 'News', body: 'Kind words.' };
    const { data } = await pages().act(agent, 'message.schedule', written, { reasoning });
    const list = '/messages?state=draft';
    const seen = async () => ({ ...(await fieldsOf(list)), seen: fieldOf((await get(list)).text, 'seen') });
    const before = await seen();
    const reworded = { message_id: data.id, body: 'Evil words.' };
    await pages().act(agent, 'message.update', reworded, { reasoning });
    const send = `/messages/${String(data.reference)}/send-now?state=draft`;
    const refused = await press(send, before);
    expect([refused.status, refused.text.includes('was changed since you read it.')]).toEqual([409, true]);
    // The list shows how it stands now.
    expect(refused.text).toContain('Evil words.');
    expect(await stateOf(String(data.id))).toBe('draft');
    expect((await press(send, await seen())).status).toBe(303);
    expect(await stateOf(String(data.id))).toBe('sending');
    await settings('at_once');
  });

  test('say why it cannot be done: no address, or cancelled meanwhile', async () => {
    const hart = await plan({ contact_id: 'C-1002' });
    const unaddressed = await press(`/messages/${hart}/send-now`);
    expect([unaddressed.status, unaddressed.text.includes(`${hart} cannot be sent.`)]).toEqual([409, true]);
    expect(unaddressed.text).toContain('The customer has no e-mail address.');
    expect(await stateOf(hart)).toBe('pending');
    const late = await plan();
    await pages().done(dana(), 'message.cancel', { message_id: late });
    const refused = await press(`/messages/${late}/send-now`);
    expect([refused.status, refused.text.includes(`${late} is cancelled, which is final.`)]).toEqual([
      409,
      true,
    ]);
    // Opened by hand, the address leads to the list.
    const byHand = await pages().send(`/messages/${late}/send-now`, { session });
    expect([byHand.status, byHand.headers.get('location')]).toEqual([303, '/messages']);
  });

  test('do nothing without the token of the form, nor for technicians', async () => {
    const reference = await plan();
    const withoutToken = await press(`/messages/${reference}/cancel`, {
      ...(await fieldsOf()),
      csrf_token: '',
    });
    expect(withoutToken.status).toBe(403);
    const theo = await pages().signIn('theo@brightpanes.example');
    const response = await pages().send(`/messages/${reference}/cancel`, {
      session: theo,
      form: { csrf_token: await csrfOf(pages(), theo) },
      headers: { origin: pages().url },
    });
    expect(response.status).toBe(403);
    expect(await stateOf(reference)).toBe('pending');
    expect((await press(`/messages/${reference}/cancel`)).status).toBe(303);
  });
});

test('the page of a customer shows what is planned for them, and where to change it', async () => {
  const { reference } = await pages().done(dana(), 'contact.create', { full_name: 'Nora Next' });
  const page = `/contacts/${reference}`;
  expect((await get(page)).text).not.toContain('Messages to come');
  await plan({ contact_id: reference, subject: 'Another spring' });
  const { text } = await get(page);
  expect(text).toContain('Messages to come');
  expect(text).toMatch(/Tue, May 18, 2027, 9:00 AM<\/time>: <bdi>Another spring<\/bdi>/);
  expect(text).toContain(`<a href="/messages?customer=${reference}">`);
  expect((await get('/contacts/C-1002')).text).not.toContain('Another spring');
});
