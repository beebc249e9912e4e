import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { countRuns, errands } from '../authorization-queue/errands.ts';
import { fieldOf, usePages } from '../support/pages.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { useReview } from '../web/review-people.ts';
import { plain } from '../web/review-story.ts';

const pages = usePages({}, { domains: [errands] });
const { session, see, press } = useReview(pages);
const reasoning = 'The customer asked us to do so';

beforeAll(() => {
  expect(session).toBeDefined();
});
beforeEach(async () => {
  await asTableOwner(pages(), 'delete from grant_uses');
  await asTableOwner(pages(), 'delete from permission_overrides');
  await asTableOwner(pages(), 'delete from authorization_requests');
});

const ask = async (action: string, data: Record<string, unknown>) => {
  const { data: waiting, status } = await pages().act(pages().bright.agent, action, data, { reasoning });
  expect(status).toBe('pending_authorization');
  return String(waiting.request);
};
const state = async (id: string) =>
  (await pages().read(pages().bright.owner, 'authorization_requests', { id }))[0]?.status;

let made = 0;
/** A planned mail to an address that nobody has confirmed: it waits. */
async function messageToSomebodyNew(body: string) {
  made += 1;
  const contact = { full_name: `Nora New ${made}`, email: `nora${made}@example.com` };
  const { reference } = await pages().done(pages().bright.agent, 'contact.create', contact);
  return { contact_id: reference, subject: 'Friday', body, send_at: '2126-12-01T09:00' };
}

describe('a long text that goes out', () => {
  const last = 'And the key is under the third pot.';
  const long = `${'We come on Friday and clean all of your windows. '.repeat(30)}${last}`;
  const askToMail = (what: string) => ask('errand.run', { what, far: true });
  const askToPlan = async (body: string) => ask('message.schedule', await messageToSomebodyNew(body));

  test('is allowed on the page that shows all of it, and not on the one that folds it', async () => {
    const request = await askToMail(long);
    const short = await see(`/review/${request}`);
    expect(short.markup).not.toContain('/allow-once');
    expect(short.markup).not.toContain('/allow-always');
    expect(short.markup).toContain(`/review/${request}/deny`);
    expect(short.markup).toContain(`href="/review/${request}/whole"`);
    const digest = fieldOf(short.markup, 'digest');
    // Sent all the same, it shows the whole and does nothing.
    for (const verb of ['allow-once', 'allow-always']) {
      const refused = await press(`/review/${request}/${verb}`, { digest });
      expect(refused.status).toBe(409);
      expect(refused.text).toContain('Read what goes out first, all of it.');
      expect(refused.text).toContain(last);
    }
    expect([await state(request), await countRuns(pages(), long)]).toEqual(['pending', 0]);

    const whole = await see(`/review/${request}/whole`);
    expect(whole.text).toContain(last);
    expect(whole.markup).not.toContain('prose-fold');
    const seen = fieldOf(whole.markup, 'seen');
    expect((await press(`/review/${request}/allow-once`, { digest, seen })).status).toBe(303);
    expect([await state(request), await countRuns(pages(), long)]).toEqual(['succeeded', 1]);
  });

  test('is not allowed with what the page of another request says', async () => {
    const [one, two] = [await askToMail(`${long} one`), await askToMail(`${long} two`)];
    const seen = fieldOf((await see(`/review/${one}/whole`)).markup, 'seen');
    const digest = fieldOf((await see(`/review/${two}`)).markup, 'digest');
    expect((await press(`/review/${two}/allow-once`, { digest, seen })).status).toBe(409);
    expect(await state(two)).toBe('pending');
  });

  test('is read whole too when it is planned, and is no message yet', async () => {
    const request = await askToPlan(long);
    const short = await see(`/review/${request}`);
    expect(short.markup).not.toContain('/allow-once');
    const digest = fieldOf(short.markup, 'digest');
    const refused = await press(`/review/${request}/allow-once`, { digest });
    expect([refused.status, await state(request)]).toEqual([409, 'pending']);
    const whole = await see(`/review/${request}/whole`);
    expect(whole.text).toContain(last);
    expect(whole.markup).not.toContain('prose-fold');
    const seen = fieldOf(whole.markup, 'seen');
    expect((await press(`/review/${request}/allow-once`, { digest, seen })).status).toBe(303);
    expect(await state(request)).toBe('succeeded');
    const brief = await askToPlan('We come on Friday.');
    expect((await see(`/review/${brief}`)).markup).toContain('/allow-once');
  });

  test('is denied without reading it all', async () => {
    const request = await askToMail(`${long} no`);
    const digest = fieldOf((await see(`/review/${request}`)).markup, 'digest');
    expect((await press(`/review/${request}/deny`, { digest })).status).toBe(303);
    expect(await state(request)).toBe('denied');
  });

  test('is not allowed together with others', async () => {
    const [short, tall] = [await askToMail('Bring bread'), await askToMail(`${long} together`)];
    const digests = await Promise.all(
      [short, tall].map(async request => fieldOf((await see(`/review/${request}`)).markup, 'digest')),
    );
    const page = await see(`/review/together?requests=${short}.${tall}`);
    expect(page.text).toContain('decided on its own page, where all of it stands');
    expect(fieldOf(page.markup, 'items')).toBe(`${short}:${digests[0]}`);
    const items = `${short}:${digests[0]} ${tall}:${digests[1]}`;
    await press('/review/together', { items, requests: `${short}.${tall}`, decision: 'allow_once' });
    expect([await state(short), await state(tall)]).toEqual(['succeeded', 'pending']);
  });

  test('a short one is allowed where it stands', async () => {
    const request = await askToMail('Buy sponges');
    const { markup } = await see(`/review/${request}`);
    const [digest, seen] = [fieldOf(markup, 'digest'), fieldOf(markup, 'seen')];
    expect((await press(`/review/${request}/allow-once`, { digest, seen })).status).toBe(303);
    expect(await state(request)).toBe('succeeded');
  });
});

describe('a name in mixed alphabets', () => {
  const named = async (full_name: string) => {
    const { done, bright } = pages();
    const { id } = await done(bright.owner, 'contact.create', { full_name });
    await done(bright.owner, 'note.create', { contact_id: id, content: 'Was here' });
    return see(`/review/${await ask('contact.delete', { contact_id: id })}`);
  };

  test.each([
    ['J\u0430ne Smith', '\u0430 is Cyrillic'],
    ['Olivi\u03b1 Bright', '\u03b1 is Greek'],
    ['\u0421lear View', '\u0421 is Cyrillic'],
  ])('%s is marked wherever it stands, in the title too', async (name, remark) => {
    const { text, markup } = await named(name);
    expect(text.match(new RegExp(`\\[${remark}\\]`, 'g'))?.length).toBeGreaterThan(1);
    expect(markup).toContain('<mark class="mixed">');
    expect(/<title>([^<]*)/.exec(markup)?.[1]).toContain(`[${remark}]`);
    expect((await see('/review')).text).toContain(`[${remark}]`);
  });

  test.each([
    'Jane Smith',
    'Łukasz Ångström',
    'Анна Иванова',
    'Anna Иванова',
    '山田 Taro',
    'Tシャツ',
    'Σίσυφος',
  ])('%s is not', async name => {
    const { markup } = await named(name);
    expect(markup).not.toContain('class="mixed"');
  });
});

test('what was denied before is marked on the page and in the lists, with the day and the reason', async () => {
  const data = { what: 'again', far: true };
  const denied = await ask('errand.run', data);
  const digest = fieldOf((await see(`/review/${denied}`)).markup, 'digest');
  expect((await see(`/review/${denied}`)).text).not.toContain('Asked again');
  await press(`/review/${denied}/deny`, { digest, content: 'Not while she is away' });
  const again = await ask('errand.run', data);
  const { text } = await see(`/review/${again}`);
  expect(text).toMatch(new RegExp(`Asked again: Olivia Bright denied this on .* \\(${denied}\\)`));
  expect(text).toContain('Not while she is away');
  expect((await see('/review')).text).toContain('Asked again: Olivia Bright denied this on');
  expect((await see(`/review/together?requests=${again}`)).text).toContain('Asked again');
});

test('what the agent had read before stands beside what goes out, and beside nothing else', async () => {
  const { read, done, bright } = pages();
  const looked = String((await done(bright.owner, 'contact.create', { full_name: 'Lena Looked' })).reference);
  await read(bright.agent, 'contacts', { search: 'Lena Looked' });
  const mail = await ask('message.schedule', await messageToSomebodyNew('All I know of Lena'));
  const { text } = await see(`/review/${mail}`);
  expect(text).toMatch(new RegExp(`What the agent had read before[^]*customers[^]*${looked}`));
  await done(bright.owner, 'note.create', { contact_id: looked, content: 'Was here' });
  const inside = await see(`/review/${await ask('contact.delete', { contact_id: looked })}`);
  expect(inside.text).not.toContain('What the agent had read before');
});

test('what could widen an agent’s reach has no button for always, and says why', async () => {
  const request = await ask('organization.update_settings', { name: 'Brighter Panes' });
  const { markup, text } = await see(`/review/${request}`);
  expect(markup).not.toContain('/allow-always');
  expect(markup).toContain('/allow-once');
  expect(text).toContain(
    'Allow Always is not offered. What changes settings of the business is asked for each time.',
  );
  const digest = fieldOf(markup, 'digest');
  const posted = await press(`/review/${request}/allow-always`, { digest });
  expect(posted.status).toBe(409);
  expect(await state(request)).toBe('pending');
  expect((await see(`/review/${await ask('errand.run', { what: 'can', far: true })}`)).markup).toContain(
    '/allow-always',
  );
});

test('a grant about money is offered with an amount each time and a sum a day, as large as this request', async () => {
  const request = await ask('errand.run', { what: 'paid', far: true, amount_cents: 5000 });
  const { markup } = await see(`/review/${request}`);
  expect([fieldOf(markup, 'amount'), fieldOf(markup, 'day_amount')]).toEqual(['50.00', '50.00']);
  expect(markup).toMatch(/<details open><summary>Bind it to limits/);
  const [digest, seen] = [fieldOf(markup, 'digest'), fieldOf(markup, 'seen')];
  const fields = { digest, seen, amount: '50.00', day_amount: '120' };
  expect((await press(`/review/${request}/allow-always`, fields)).status).toBe(303);
  expect((await see('/review/grants')).text).toContain('up to $50.00 each time, up to $120.00 a day in all');
  const pay = async (what: string) =>
    (await pages().act(pages().bright.agent, 'errand.run', { what, far: true, amount_cents: 5000 })).status;
  expect([await pay('a'), await pay('b'), await pay('c')]).toEqual(['done', 'done', 'pending_authorization']);
});

test('the levels page says that the strictest wins, and what holds for an agent', async () => {
  const { done, bright } = pages();
  const level = (name: string, more = {}) =>
    done(bright.owner, 'authorization.set_level', { action: 'errand.run', level: name, ...more });
  await level('forbidden', { agent_id: 'Office Manager' });
  await level('soft_limit');
  const { text } = await see('/review/levels?action=errand.run');
  expect(text).toContain('The strictest that applies wins');
  expect(text).toContain('Office Manager: never');
  expect((await see('/review/levels')).text).toContain('the stricter of the two holds');
});

test('a request whose key was revoked says so, and has no buttons', async () => {
  const { done, bright, act } = pages();
  const made = await done(bright.owner, 'agent.create_key', { agent_id: bright.agentId });
  const stolen = { via: 'key', key: String(made.key) } as const;
  const { data } = await act(stolen, 'errand.run', { what: 'stolen', far: true }, { reasoning });
  const path = `/review/${String(data.request)}`;
  expect((await see(path)).markup).toContain('/allow-once');
  await done(bright.owner, 'agent.revoke_key', { key: made.id });
  const { text, markup } = await see(path);
  expect(text).toContain('The key it was asked with was revoked meanwhile.');
  expect(markup).not.toContain('/allow-once');
  expect((await see('/review')).text).not.toContain(String(data.request));
});

test('an agent that sends the forms with its key is refused, and the owner reads of it', async () => {
  const request = await ask('errand.run', { what: 'by key', far: true });
  const { markup } = await see(`/review/${request}`);
  const form = { digest: fieldOf(markup, 'digest'), seen: fieldOf(markup, 'seen') };
  const send = (key: string) =>
    pages().send(`/review/${request}/allow-once`, { form, headers: { authorization: `Bearer ${key}` } });
  expect((await send('dh_nobody_knows_this_key_at_all_here')).status).toBe(401);
  expect((await see('/review/attempts')).text).toContain('No assistant has tried anything of the kind,');
  expect((await send(pages().bright.agent.key)).status).toBe(401);
  expect([await state(request), await countRuns(pages(), 'by key')]).toEqual(['pending', 0]);
  const { text } = await see('/review/attempts');
  expect(text).toMatch(
    /Allow what an agent asked for, once\s+This is for people; no agent can do it on any path\./,
  );
  expect(plain(text)).toContain('Office Manager');
});

test('messages that were not believed stand beside what assistants tried, in plain words', async () => {
  const { database, bright } = pages();
  const add = (reason: string, object_id?: string) =>
    database.owner.query(
      `insert into security_events (organization_id, id, kind, details, actor_kind, actor_name)
      values ($1, uuid7(), 'webhook', $2, 'system', 'stripe')`,
      [bright.id, { provider: 'stripe', reason, ...(object_id === undefined ? {} : { object_id }) }],
    );
  await add('signature');
  await add('not_under_our_key', 'cs_test_1<b>');
  await add('of_a_kind_nobody_has_words_for');
  const { text, markup } = await see('/review/attempts');
  expect(text).toContain('A message was not signed as it should be, or came too late');
  expect(text).toContain('A message was about something that is not in your account');
  expect(text).toContain('A message was not believed');
  expect(plain(text)).toContain('Stripe, cs_test_1&lt;b&gt;');
  expect(markup).toContain('href="/settings/secrets"');
  expect(text).not.toMatch(/of_a_kind|not_under_our_key/);
});
