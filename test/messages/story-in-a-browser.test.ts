import { pino } from 'pino';
import type { Page } from 'playwright-core';
import PostalMime, { type Email } from 'postal-mime';
import { Temporal } from 'temporal-polyfill';
import { beforeAll, expect, test } from 'vitest';
import { mountMcp } from '../../api/mcp.ts';
import type { McpHandler } from '../../mcp/http.ts';
import { createPages } from '../../web-review/router.ts';
import { type ReadEvent, readWithIcalJs, readWithNodeIcal } from '../calendars/two-readers.ts';
import { make } from '../evaluate/agent.ts';
import { axeViolations } from '../support/axe.ts';
import { type BrightPanes, stock } from '../support/bright-panes.ts';
import { overflow, sizes, useBrowser } from '../support/browser.ts';
import { useHttp } from '../support/http.ts';
import { whileWorking } from '../support/letters.ts';
import { connectClient } from '../support/mcp-clients.ts';
import { storyTime } from '../support/office.ts';
import { soon } from '../support/patience.ts';
import { openSessions } from '../support/sessions.ts';
import { useMailServer } from './smtp-server.ts';

// What a customer and an office see of one appointment: booked, told, asked for another time, moved, reminded, done, and the
// next one in six weeks. Mails go through a real mail server, pages through a real browser; the clock is the test's.

let address = 'http://localhost';
let mcp: McpHandler | undefined;
let now = Temporal.Instant.from(storyTime);
const front = useHttp({
  baseUrl: () => address,
  mcp(request, response) {
    const { app } = front().office;
    mcp ??= mountMcp(app, { baseUrl: address, host: '127.0.0.1', logger: pino({ level: 'silent' }) });
    return mcp(request, response);
  },
  pagesOf: ({ app, db }, baseUrl) =>
    createPages({ app, db, baseUrl, dataDir: '/srv/deskhand', demo: false, clock: () => now }),
});
const server = useMailServer();
const openTab = useBrowser();
const [phone, laptop] = sizes;
let panes: BrightPanes;
let olivia = '';
const zone = 'America/Chicago';

beforeAll(async () => {
  address = front().url;
  panes = await stock(front().office);
  const { bright, database } = panes;
  const [session] = await openSessions(database.owner, bright.id, bright.people.Olivia?.id ?? '', 1);
  olivia = session?.token ?? '';
  await panes.done(panes.olivia, 'organization.update_settings', {
    settings: {
      business_phone: '(256) 555-0100',
      reply_to: 'office@brightpanes.example',
      postal_address: '1 Clinton Ave, Huntsville, AL 35801',
    },
  });
});

function clock(at: string | Temporal.Instant): void {
  now = Temporal.Instant.from(at);
  panes.setClock(now.toString());
}

/** The agent calls one of our tools over MCP, with its own key; answers what it was told, in one text. */
async function agent(tool: string, args: Record<string, unknown>): Promise<string> {
  const { key } = panes.bright.agent;
  const client = await connectClient('v2 on the newest revision', { url: `${address}/mcp`, key });
  try {
    const { answer, isError } = await make(client, tool, args);
    expect([answer, isError]).toEqual([answer, false]);
    return answer;
  } finally {
    await client.close();
  }
}

/**
 * The mails that arrive when the clock of the story is where it is. What is to come waits, whatever the clock of the machine
 * says; what is due by the story goes.
 */
async function arriving(): Promise<Email[]> {
  const { owner } = panes.database;
  const open = 'done_at is null and dead_at is null';
  const due = `(payload ->> 'send_at' is null or (payload ->> 'send_at')::timestamptz <= '${now}')`;
  await owner.query(
    `update jobs set run_at = case when ${due} then timestamptz '-infinity' else '2999-01-01' end where ${open};
     update paces set free_at = '-infinity'`,
  );
  const problems = await whileWorking(
    panes,
    async () => {
      const waiting = `select kind from jobs where ${open} and run_at < '2999-01-01'`;
      await expect.poll(async () => (await owner.query(waiting)).rows, soon).toEqual([]);
    },
    server().settings,
  );
  expect(problems).toEqual([]);
  const arrived = server().received.splice(0);
  expect(arrived.every(({ to }) => to.join() === 'jane.smith@example.com')).toBe(true);
  return Promise.all(arrived.map(({ lines }) => PostalMime.parse(lines.join('\r\n'))));
}

/** The one mail that arrives. */
async function oneMail(): Promise<Email> {
  const [mail, ...others] = await arriving();
  if (!mail || others.length > 0) throw new Error(`${others.length + (mail ? 1 : 0)} mails have come`);
  return mail;
}

/** The entry that comes with a mail, as two programs read it. */
function entryOf({ attachments }: Email): ReadEvent {
  const [file] = attachments.filter(({ mimeType }) => mimeType === 'text/calendar');
  const content = typeof file?.content === 'string' ? file.content : new TextDecoder().decode(file?.content);
  const [event] = readWithIcalJs(content).events;
  if (!event) throw new Error('no entry came with the mail');
  const { uid, sequence, starts } = event;
  expect(readWithNodeIcal(content).events).toEqual([expect.objectContaining({ uid, sequence, starts })]);
  return event;
}

/** A mail is shown in the middle of a page, which has its landmarks. */
const ofPagesAlone = /^(landmark-one-main|page-has-heading-one|region) /;

/** A page or a mail as it is seen on a laptop and a phone, by day and at night: nothing is cut off or hard to read. */
async function look(page: Page, name: string): Promise<void> {
  for (const [size, colorScheme] of [
    [laptop, 'light'],
    [phone, 'dark'],
    [phone, 'light'],
  ] as const) {
    await page.setViewportSize({ ...size });
    await page.emulateMedia({ colorScheme });
    expect([name, size.width, await overflow(page)]).toEqual([name, size.width, 0]);
    const wrong = (await axeViolations(page)).filter(found => !ofPagesAlone.test(found));
    expect([name, colorScheme, wrong]).toEqual([name, colorScheme, []]);
  }
}

/** A page of the office, as Olivia sees it at her desk. */
async function ofOlivia(path: string): Promise<Page> {
  const { page, context } = await openTab({ size: laptop });
  await context.addCookies([{ name: 'deskhand_session', value: olivia, url: address }]);
  await page.goto(address + path);
  return page;
}

/** What a customer reads of a page or a mail, without line breaks. */
const shown = async (page: Page) => (await page.locator('body').innerText()).replace(/\s+/g, ' ');

/** Opens a mail in a browser, as a mail program without scripts shows it; answers what stands there. */
async function read(page: Page, { subject = '', text, html = '' }: Email): Promise<string> {
  // Whoever reads no HTML reads the same.
  expect(text).toContain('Hello Jane,');
  expect(Buffer.byteLength(html)).toBeLessThan(30 * 1024);
  await page.goto('about:blank');
  await page.setContent(html);
  await look(page, subject);
  return shown(page);
}

const later = (lines: string) => expect.stringContaining(lines);

test('an appointment from its booking to the next one, as the customer and the office see it', async () => {
  const jane = await openTab({ size: phone });
  const visit = await agentBooks();
  const confirmation = await janeIsTold(jane.page);
  const wish = await janeAsksForAnotherTime(jane.page);
  await theOfficeReads(visit, wish);
  await agentAccepts(visit, wish);
  await janeIsToldAgain(jane.page, confirmation, wish);
  await janeIsReminded(jane.page, visit, wish);
  await theVisitIsDone(visit, wish);
  await theNextOneIsThere(jane.page);
  expect(jane.complaints).toEqual([]);
});

/** Every six weeks from the first of December on; answers the reference of the first visit. */
async function agentBooks(): Promise<string> {
  const told = await agent('schedule_appointment', {
    contact_id: 'Jane Smith',
    lines: ['Gutter Cleaning'],
    scheduled_at: '2026-12-01T10:00',
    technician_id: 'Theo',
    repeat: 'every 6 weeks',
  });
  expect(told).toContain('mailed to «jane.smith@example.com»');
  expect(told).toContain('"next":["Tue 2026-12-01 10:00 -06:00","Tue 2027-01-12 10:00 -06:00"');
  return /T-\d+/.exec(told)?.[0] ?? '';
}

async function janeIsTold(page: Page): Promise<ReadEvent> {
  const mail = await oneMail();
  expect(mail).toMatchObject({
    subject: 'Your appointment on Tuesday, December 1 at 10:00 AM',
    from: { name: 'Bright Panes Window Cleaning' },
    replyTo: [{ address: 'office@brightpanes.example' }],
    text: later('\nAsk for another time: http'),
  });
  const words = await read(page, mail);
  for (const said of [
    'Tuesday, December 1 at 10:00 AM',
    '123 Main Street',
    'Theo',
    '$150.00',
    '1 Clinton Ave',
  ])
    expect(words).toContain(said);
  const entry = entryOf(mail);
  expect(entry).toMatchObject({ sequence: 0, starts: '2026-12-01T16:00:00.000Z' });
  return entry;
}

/** By the link of the mail; answers the time she has chosen, UTC. */
async function janeAsksForAnotherTime(page: Page): Promise<Temporal.Instant> {
  await page.getByRole('link', { name: 'Ask for another time' }).click();
  await page.getByRole('heading', { name: 'Your appointment' }).waitFor();
  await look(page, 'the reply page');
  const choice = page
    .locator('label')
    .filter({ has: page.getByRole('radio') })
    .nth(1);
  const label = (await choice.innerText()).trim();
  const time = choice.getByRole('radio');
  const wish = (await time.getAttribute('value')) ?? '';
  await time.check();
  await page.getByLabel('Or tell us when it would suit you').fill('We are away that week.');
  await page.getByRole('button', { name: 'Ask for this' }).click();
  await page.getByRole('heading', { name: 'Thank you, we look into it' }).waitFor();
  await look(page, 'the thanks');
  expect(await shown(page)).toContain(
    `You have asked for ${label}. We get in touch with you. Until then Tuesday, December 1 at 10:00 AM is kept for you.`,
  );
  return Temporal.Instant.from(wish);
}

/** A moment as agents read it: `Mon 2026-11-23 12:00`. */
function asTold(at: Temporal.Instant): string {
  const local = at.toZonedDateTimeISO(zone);
  const weekday = local.toLocaleString('en-US', { weekday: 'short' });
  return `${weekday} ${local.toPlainDate()} ${local.toPlainTime().toString({ smallestUnit: 'minute' })}`;
}

async function theOfficeReads(visit: string, wish: Temporal.Instant): Promise<void> {
  expect(await agent('daily_briefing', {})).toContain(
    `${visit} «Jane Smith» Tue 2026-12-01 10:00 asks for ${asTold(wish)}: «We are away that week.»`,
  );
  const page = await ofOlivia('/inbox');
  expect(await shown(page)).toContain('Jane Smith asks for');
  expect(await shown(page)).toContain('“We are away that week.”');
  await look(page, 'the inbox');
}

async function agentAccepts(visit: string, wish: Temporal.Instant): Promise<void> {
  const told = await agent('crm_action', { action: 'ticket.accept_change', data: { ticket_id: visit } });
  expect(told).toContain(`"scheduled_at":"${asTold(wish)} -06:00"`);
  expect(told).toContain('mailed to «jane.smith@example.com»');
}

/** Her calendar moves the entry instead of adding one. */
async function janeIsToldAgain(page: Page, before: ReadEvent, wish: Temporal.Instant): Promise<void> {
  const mail = await oneMail();
  expect(mail.subject).toMatch(/^As you asked: /);
  expect(await read(page, mail)).toContain('As you asked, we come on');
  const { uid, sequence, starts } = entryOf(mail);
  expect([uid, Date.parse(starts)]).toEqual([before.uid, wish.epochMilliseconds]);
  expect(sequence).toBeGreaterThan(before.sequence);
}

/** Nothing comes before nine on the day before: of the old time nothing is left, and she has agreed. */
async function janeIsReminded(page: Page, visit: string, wish: Temporal.Instant): Promise<void> {
  const nine = wish.toZonedDateTimeISO(zone).subtract({ days: 1 }).withPlainTime({ hour: 9 });
  clock(nine.subtract({ minutes: 1 }).toInstant());
  expect(await arriving()).toEqual([]);
  clock(nine.toInstant());
  const mail = await oneMail();
  expect(mail.subject).toMatch(/^Your appointment is tomorrow at /);
  expect(await read(page, mail)).toContain('Your appointment is tomorrow');
  await page.getByRole('link', { name: 'Look at your appointment' }).click();
  await page.getByText('You have said yes, and we come as agreed.').waitFor();
  expect(await shown(await ofOlivia(`/tickets/${visit}`))).toContain('The customer confirmed.');
}

async function theVisitIsDone(visit: string, wish: Temporal.Instant): Promise<void> {
  clock(wish.add({ minutes: 90 }));
  await panes.done(panes.theo, 'ticket.close', {
    ticket_id: visit,
    duration_minutes: 90,
    notes: 'All clean.',
    next_service: 'not_asked',
    price_confirmed: true,
  });
  expect(await arriving()).toEqual([]);
}

/** Where the series put it, whatever became of the one before; its reminder comes as well. */
async function theNextOneIsThere(page: Page): Promise<void> {
  expect(await shown(await ofOlivia('/contacts/C-1001'))).toContain(
    'Next visit Tue, Jan 12, 2027, 10:00 AM · Gutter Cleaning · Theo',
  );
  clock('2027-01-05T05:00:00-06:00');
  const worker = { via: 'system', organization_id: panes.bright.id, name: 'worker' } as const;
  expect(await panes.done(worker, 'series.plan_mails')).toEqual({ planned: 1, left: false });
  clock('2027-01-11T09:00:00-06:00');
  expect(await read(page, await oneMail())).toContain(
    'Your appointment is tomorrow, Tuesday, January 12, at 10:00 AM.',
  );
}
