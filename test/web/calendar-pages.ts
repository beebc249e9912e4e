import { request } from 'node:http';
import type { Page } from 'playwright-core';
import { Temporal } from 'temporal-polyfill';
import { beforeAll } from 'vitest';
import { as, storyTime } from '../support/office.ts';
import { csrfOf, fieldOf, type Pages, usePages } from '../support/pages.ts';
import { plain, type Seen } from './lead-pages.ts';

/** The pages of the calendar as the people of Bright Panes use them. */
export interface CalendarPages {
  pages(): Pages;
  /** Moves the clock of the business, and with it that of its pages. */
  at(local: string): void;
  session(name: string): string;
  see(path: string, name?: string): Promise<Seen>;
  /** Sends a form of ours as a browser does, and answers the page it leads to, or the refusal. */
  post(
    path: string,
    form?: Record<string, string>,
    name?: string,
  ): Promise<Seen & { location: string; refused: boolean }>;
  /** Books a visit of half an hour at Jane Smith's house, unless `more` says otherwise; answers its reference. */
  book(scheduled_at: string, more?: Record<string, unknown>): Promise<string>;
}

/** Opens the two businesses with Jane Smith, Mrs Hart and two services, and signs everybody in. */
export function useCalendarPages(): CalendarPages {
  let now = Temporal.Instant.from(storyTime);
  const pages = usePages({ clock: () => now });
  const sessions = new Map<string, string>();
  const session = (name: string): string => sessions.get(name) ?? '';
  beforeAll(async () => {
    const { done, bright, clear, signIn } = pages();
    const dana = as(bright, 'Dana');
    for (const name of ['Windows', 'Gutters']) {
      await done(bright.owner, 'service.create', { name, pricing: 'fixed', price_cents: 9000 });
    }
    await done(dana, 'contact.create', { full_name: 'Jane Smith', phone: '(256) 555-0142' });
    await done(dana, 'address.create', { contact_id: 'C-1001', line1: '123 Main Street', city: 'Madison' });
    await done(dana, 'contact.create', { full_name: 'Mrs Hart' });
    await done(clear.owner, 'contact.create', { full_name: 'Stranger of Clear View' });
    for (const name of ['olivia', 'dana', 'theo', 'tess'])
      sessions.set(name, await signIn(`${name}@brightpanes.example`));
    for (const name of ['carla', 'cody']) sessions.set(name, await signIn(`${name}@clearview.example`));
  });
  return {
    pages,
    session,
    at(local) {
      now = Temporal.Instant.from(local);
      pages().setClock(local);
    },
    see: async (path, name = 'theo') => seen(await pages().send(path, { session: session(name) })),
    async post(path, form = {}, name = 'theo') {
      const fields = { csrf_token: await csrfOf(pages(), session(name)), ...form };
      const response = await pages().send(path, { session: session(name), form: fields });
      const location = response.headers.get('location') ?? '';
      if (response.status !== 303) return { location, refused: true, ...(await seen(response)) };
      const cookie = /deskhand_flash=[^;]+/.exec(response.headers.getSetCookie().join())?.[0] ?? '';
      const next = await pages().send(location, { session: session(name), cookie });
      return { location, refused: false, ...(await seen(next)) };
    },
    async book(scheduled_at, more = {}) {
      const { done, bright } = pages();
      const visit = { contact_id: 'C-1001', scheduled_at, duration_minutes: 30, ...more };
      return String((await done(as(bright, 'Dana'), 'ticket.create', visit)).reference);
    },
  };
}

/**
 * Drags a visit of the open day with the mouse to a technician and an hour, as a hand does: both are in sight, and nothing
 * scrolls between the press and the first move, for a browser takes what is under the mouse at that move.
 */
export async function dragVisit(
  page: Page,
  reference: string,
  { technician, hour }: { technician: string; hour: string },
): Promise<void> {
  // Whoever came by a link is here before the page's script is.
  const visit = page.locator(`[data-move="${reference}"][draggable]`).first();
  const track = page.locator(`[data-who="${technician}"] .track`);
  await visit.waitFor();
  const hours = await page.locator('.hours [data-at]').evaluateAll(all => all.map(each => each.dataset.at));
  const [from, to] = [await visit.boundingBox(), await track.boundingBox()];
  if (!from || !to) throw new Error('the visit or the column is not shown');
  const y = to.y + (hours.indexOf(hour) * to.height) / hours.length + 4;
  if (y > (page.viewportSize()?.height ?? 0)) throw new Error(`${hour} is not in sight`);
  await page.mouse.move(from.x + 20, from.y + 4);
  await page.mouse.down();
  await page.mouse.move(to.x + 40, y, { steps: 4 });
  await page.mouse.up();
}

async function seen(response: Response): Promise<Seen> {
  const markup = await response.text();
  return { status: response.status, markup, text: plain(markup) };
}

/** The part of a page between its header and its footer, in words. */
export const mainOf = (markup: string): string =>
  plain(/<main[\s\S]*<\/main>/.exec(markup)?.[0] ?? '')
    .replace(/ ([.:,])/g, '$1')
    .trim();

/** The hidden fields of the form of a page that posts to an address. */
export function formOf(markup: string, action: string): Record<string, string> {
  const form = markup.split('<form').find(part => part.includes(`action="${action}"`));
  if (form === undefined) throw new Error(`the page has no form for ${action}`);
  const whose = /name="technician_id" value="([^"]*)"/.exec(form)?.[1];
  const back = /name="back" value="([^"]*)"/.exec(form)?.[1];
  return {
    idempotency_key: fieldOf(form, 'idempotency_key'),
    ...(whose === undefined ? {} : { technician_id: whose }),
    ...(back === undefined ? {} : { back }),
  };
}

/** What a page costs on the wire: its compressed body with its headers, and with all the files it loads. */
export async function costOf(
  pages: Pages,
  path: string,
  cookie: string,
  encoding: string,
): Promise<{ page: number; everything: number }> {
  const page = await bytesOf(pages.url + path, cookie, encoding);
  const markup = await (await pages.send(path, { cookie })).text();
  const files = [...markup.matchAll(/(?:src|href)="(\/static\/[^"]+)"/g)].map(match => match[1] ?? '');
  const scripts = files.filter(file => file.includes('.js'));
  const texts = await Promise.all(scripts.map(async file => (await pages.send(file)).text()));
  const inner = texts.flatMap(text =>
    [...text.matchAll(/from '(\/static\/[^']+)'/g)].map(match => match[1] ?? ''),
  );
  const sizes = await Promise.all([...files, ...inner].map(file => bytesOf(pages.url + file, '', encoding)));
  return { page, everything: sizes.reduce((sum, bytes) => sum + bytes, page) };
}

function bytesOf(url: string, cookie: string, encoding: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(url, { headers: { 'accept-encoding': encoding, cookie } }, response => {
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`));
      let bytes = response.rawHeaders.join(': ').length + 4;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => resolve(bytes));
    });
    call.on('error', reject);
    call.end();
  });
}
