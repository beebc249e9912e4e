import { beforeAll, describe, expect, test } from 'vitest';
import { textOfEverything } from '../support/whole-database.ts';
import { factsOf, useRecordPages } from './record-pages.ts';

const { pages, see, follow, send } = useRecordPages();
const value = 'whsec_dGhlIHNlY3JldCBvZiBhIHBhZ2U=';
/** What the page says of one secret: those of other services stand beside it. */
const ofResend = <T extends { markup: string }>(page: T): T =>
  Object.assign(page, {
    markup: page.markup.replace(/<section aria-labelledby="stripe[_-][\s\S]*?<\/section>/g, ''),
  });
const page = async () => ofResend(await see('/settings/secrets', 'olivia'));
let before = '';

beforeAll(async () => {
  before = (await page()).text;
});

describe('the page of the secrets', () => {
  test('is one link from the settings, for the owner alone', async () => {
    expect((await follow(await see('/settings', 'olivia'), 'Connected services')).path).toBe(
      '/settings/secrets',
    );
    for (const name of ['dana', 'theo']) {
      expect((await see('/settings/secrets', name)).status, name).toBe(404);
      expect((await see('/', name)).markup, name).not.toContain('/settings/secrets');
    }
  });

  test('names what can be set, what uses it and at which address, and that it is not set', () => {
    expect(before).toMatch(/Resend webhook The signing secret of the webhook at Resend/);
    expect(before).toMatch(/State not set/);
    expect(before).toMatch(/Used by Resend: what became of e-mails sent through Resend\./);
    expect(before).toMatch(/http:\/\/127\.0\.0\.1:\d+\/api\/webhooks\/resend\/[\w-]+/);
  });

  test('sets one, says since when and by whom, and never shows it again', async () => {
    const set = ofResend(await send(await page(), /\/set$/, { value }));
    expect(set.path).toBe('/settings/secrets');
    expect(set.text).toContain('Resend webhook is set. Nobody sees it again.');
    const facts = factsOf(set.markup);
    expect(facts.State).toMatch(/^set \w{3}, \w{3} \d+.* by Olivia Bright$/);
    expect(set.markup).toMatch(/<input id="resend_webhook-value" name="value" type="password"/);
    const replaced = await send(set, /\/set$/, { value: `${value}2` });
    const everything = await textOfEverything(pages().database.owner);
    for (const text of [set.markup, replaced.markup, (await page()).markup, everything])
      expect(text).not.toContain(value.slice(6));
    expect(everything).toContain('secret_set');
  });

  test('says what cannot be one beside the field, and has forgotten what was typed', async () => {
    const refused = await send(await page(), /\/set$/, { value: 'two words' });
    expect(refused.status).toBe(400);
    expect(refused.markup).toMatch(/id="resend_webhook-problem" role="alert">[^<]*8 to 500 characters/);
    expect(refused.markup).not.toContain('two words');
  });

  test('removes one, and says when somebody else has done so', async () => {
    const open = await page();
    const removed = ofResend(await send(open, /\/remove$/));
    expect(removed.text).toContain('Resend webhook is removed.');
    expect(factsOf(removed.markup).State).toMatch(/^not set/);
    const again = await page();
    expect(again.markup).not.toContain('/settings/secrets/remove');
    await send(again, /\/set$/, { value });
    const two = [await page(), await page()];
    for (const one of two) await send(one, /\/remove$/);
    expect(factsOf((await page()).markup).State).toMatch(/^not set/);
  });

  test('cannot be used by hand by who may not: nothing is set', async () => {
    const form = await page();
    const session = await pages().signIn('dana@brightpanes.example');
    const { csrf_token = '' } = await pages().app.whoIs(
      { via: 'session', token: session },
      { request_id: 'test' },
    );
    const fields = { csrf_token, name: 'resend_webhook', value };
    expect((await pages().send('/settings/secrets/set', { session, form: fields })).status).toBe(403);
    expect(factsOf((await page()).markup).State).toMatch(/^not set/);
    await send(form, /\/set$/, { value });
    expect(factsOf((await page()).markup).State).toMatch(/^set/);
  });
});
