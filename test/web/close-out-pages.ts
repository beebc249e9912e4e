import { Temporal } from 'temporal-polyfill';
import { beforeAll } from 'vitest';
import type { LanguageModel } from '../../core/kernel/outside/language-model.ts';
import { type BrightPanes, stock } from '../support/bright-panes.ts';
import { storyTime } from '../support/office.ts';
import { csrfOf, type Pages, usePages } from '../support/pages.ts';
import { plain } from './lead-pages.ts';

/** What a page answered: its markup, its words, and under which address it is found. */
export interface Seen {
  status: number;
  markup: string;
  text: string;
  location: string;
}

/** The close-out as people do it without JavaScript: pages are read, forms are sent back as a browser sends them. */
export interface CloseOutPages {
  pages(): Pages;
  panes(): BrightPanes;
  session(name: string): string;
  /** Moves the clock of the business and of its pages. */
  setClock(local: string): void;
  /** Books a visit of Theo's at Jane's, Wednesday at nine, with windows (flexible) and twenty screens; its reference. */
  book(more?: Record<string, unknown>, at?: string): Promise<string>;
  see(path: string, name?: string): Promise<Seen>;
  /** Sends a form as it stands on a page, with some fields changed; `undefined` leaves one out. */
  send(seen: Seen, action: string, changes?: Changes, name?: string): Promise<Seen>;
  /** Sends fields that stand on no page. */
  post(path: string, fields: Record<string, string>, name?: string): Promise<Seen>;
  /** Goes on from the page of the work to a step, each filled in as in the example. */
  upTo(reference: string, step: keyof typeof example, name?: string): Promise<Seen>;
  row(type: string, query: Record<string, unknown>): Promise<Record<string, unknown>>;
}

export type Changes = Record<string, string | undefined>;

export const exampleNotes =
  'Elderly woman, very nice. Dog named Biscuit, keep gate closed. Complex sill on 2nd story, brought extension ladder.';

/** What Theo writes into each step (CLO-17). */
export const example = {
  work: { hours: '3', minutes: '22', line_1_price: '562', price_confirmed: '1' },
  notes: { notes: exampleNotes, nothing: undefined },
  next: { next_service: 'reach_out', months: '6' },
  review: {},
  payment: { payment_choice: 'send_invoice' },
} as const satisfies Record<string, Changes>;

const order = ['work', 'notes', 'next', 'review', 'payment'] as const;

export function useCloseOutPages(model?: LanguageModel): CloseOutPages {
  let now = Temporal.Instant.from(storyTime);
  const pages = usePages({ clock: () => now }, model ? { model } : {});
  const sessions = new Map<string, string>();
  let panes: BrightPanes | undefined;
  beforeAll(async () => {
    days = 0;
    panes = await stock(pages());
    for (const name of ['theo', 'tess', 'dana', 'olivia']) {
      sessions.set(name, await pages().signIn(`${name}@brightpanes.example`));
    }
  });
  const session = (name: string): string => sessions.get(name) ?? '';
  const see: CloseOutPages['see'] = async (path, name = 'theo') =>
    seen(await pages().send(path, { session: session(name) }));
  const post: CloseOutPages['post'] = async (path, fields, name = 'theo') => {
    const form = { csrf_token: await csrfOf(pages(), session(name)), ...fields };
    return seen(await pages().send(path, { session: session(name), form }));
  };
  const send: CloseOutPages['send'] = (page, action, changes = {}, name = 'theo') => {
    const fields = { ...formOf(page.markup, action), ...changes };
    const sent = Object.entries(fields).flatMap(([field, text]) =>
      text === undefined ? [] : [[field, text] as const],
    );
    return post(action, Object.fromEntries(sent), name);
  };
  const stocked = (): BrightPanes => {
    if (!panes) throw new Error('the office is stocked in beforeAll');
    return panes;
  };
  return {
    pages,
    panes: stocked,
    session,
    setClock(local) {
      pages().setClock(local);
      now = Temporal.Instant.from(local);
    },
    see,
    send,
    post,
    async book(more = {}, at = '2026-11-18T09:00') {
      const ticket = await stocked().book(at, {
        address_id: 'A-1001',
        duration_minutes: 210,
        lines: [{ service_id: 'S-2' }, { service_id: 'S-3', quantity: 20 }],
        technician_ids: [pages().bright.people.Theo?.id],
        ...more,
      });
      return String(ticket.reference);
    },
    async upTo(reference, step, name = 'theo') {
      let page = await see(`/close-out/${reference}/work`, name);
      for (const passed of order.slice(0, order.indexOf(step))) {
        page = await send(page, `/close-out/${reference}/${passed}`, example[passed], name);
        if (page.status !== 200) throw new Error(`${passed} was refused: ${page.text}`);
      }
      return page;
    },
    async row(type, query) {
      const [row] = await pages().read(pages().bright.owner, type, query);
      return row ?? {};
    },
  };
}

// The files of a worker share it: a hundred days on, a clock set for winter would be an hour off.
let days = 0;

/** A day of its own for a visit, so that none is in the way of another; each file begins with the same one. */
export function nextDay(): string {
  days += 1;
  return `${Temporal.PlainDate.from('2027-01-01').add({ days })}T09:00`;
}

async function seen(response: Response): Promise<Seen> {
  const markup = await response.text();
  const location = response.headers.get('content-location') ?? response.headers.get('location') ?? '';
  return { status: response.status, markup, text: plain(markup), location };
}

const texts: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};
const unescaped = (text: string) => text.replace(/&(?:amp|lt|gt|quot|#39);/g, entity => texts[entity] ?? '');

/** The fields a browser would send with a form, as they stand on the page; its buttons are left out. */
export function formOf(markup: string, action: string): Record<string, string> {
  const form = [...markup.matchAll(/<form method="post" action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)].find(
    ([, address]) => address === action,
  );
  if (!form) throw new Error(`the page has no form for ${action}: ${plain(markup).slice(0, 600)}`);
  const fields: Record<string, string> = {};
  const controls =
    /<textarea([^>]*)>\n?([\s\S]*?)<\/textarea>|<select([^>]*)>([\s\S]*?)<\/select>|<input([^>]*)>/g;
  for (const [, area, text = '', select, options = '', input] of (form[2] ?? '').matchAll(controls)) {
    const attributes = area ?? select ?? input ?? '';
    const attribute = (name: string) => new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1];
    const name = attribute('name');
    if (name === undefined || attribute('form') !== undefined) continue;
    const chosen = /value="([^"]*)" selected/.exec(options) ?? /value="([^"]*)"/.exec(options);
    if (area !== undefined) fields[name] = unescaped(text);
    else if (select !== undefined) fields[name] = unescaped(chosen?.[1] ?? '');
    else if (!/type="(?:checkbox|radio)"/.test(attributes) || /\schecked/.test(attributes)) {
      fields[name] = unescaped(attribute('value') ?? '');
    }
  }
  return fields;
}
