import { beforeAll, expect, test } from 'vitest';
import { openFolds, overflow, sizes, useBrowser } from '../support/browser.ts';
import { as } from '../support/office.ts';
import { tellStory, usePages } from '../support/pages.ts';

const pages = usePages();
const openTab = useBrowser();
beforeAll(async () => {
  await tellStory(pages());
  const { done, bright } = pages();
  await done(as(bright, 'Dana'), 'lead.create', {
    source: 'phone_call',
    raw_notes:
      'Mary Collins called, 256-555-0177, mary@example.com. Two story house at 14 Oak Lane, Huntsville AL 35801. Wants windows and screens done before Thanksgiving, about 20+ screens, dog named Rex, gate code 1234.\nHeard of us from a neighbor.',
  });
  await done(as(bright, 'Dana'), 'lead.create', {
    source: 'email',
    full_name: 'Jane Smith',
    phone: '256-555-0142',
    service_interest: 'Gutters',
  });
  await done(bright.agent, 'lead.create', {
    raw_notes: 'Bob wants a quote',
    fields: {
      full_name: 'Bob Stone',
      urgency: 'high',
      property_details: [{ key: 'pet', value: 'dog', details: { name: 'Rex' } }],
    },
  });
  await done(as(bright, 'Dana'), 'lead.set_reminder', { lead_id: 'L-1002', reminder_at: '2026-11-19T09:00' });
  await done(as(bright, 'Dana'), 'lead.disqualify', {
    lead_id: 'L-1003',
    reason: 'budget',
    note: 'Too expensive, he said.',
  });
  await done(bright.agent, 'attribute.set', {
    contact_id: 'C-1001',
    key: 'pet',
    value: 'dog',
    details: { name: 'Biscuit' },
  });
  await done(bright.agent, 'attribute.set', {
    contact_id: 'C-1001',
    key: 'property_screen_count',
    value: '20+',
  });
  await done(as(bright, 'Dana'), 'attribute.set', { contact_id: 'C-1001', key: 'gate_code', value: '0420' });
  await done(as(bright, 'Dana'), 'note.create', {
    contact_id: 'C-1002',
    extract: 'now',
    content:
      'Elderly woman, very nice. House has 20+ screens, takes longer than usual. Dog named Biscuit, keep gate closed.',
  });
  pages().setClock('2026-11-18T15:30:00-06:00');
});
const paths = (process.env.SHOTS ?? '/leads,/leads/new,/leads/L-1001,/leads/L-1002,/leads/L-1003').split(',');
test.each(sizes)('shots %s', async size => {
  const { page, context, complaints } = await openTab({ size });
  await context.addCookies([
    { name: 'deskhand_session', value: await pages().signIn('dana@brightpanes.example'), url: pages().url },
  ]);
  for (const path of paths) {
    const r = await page.goto(pages().url + path);
    await page.screenshot({
      path: `/tmp/w/shot${path.replace(/\W+/g, '_')}-${size.width}.png`,
      fullPage: true,
    });
    await openFolds(page);
    console.log(path, r?.status(), await overflow(page));
    if (process.env.FOLDS)
      await page.screenshot({
        path: `/tmp/w/shot${path.replace(/\W+/g, '_')}-${size.width}-open.png`,
        fullPage: true,
      });
  }
  expect(complaints).toEqual([]);
});
