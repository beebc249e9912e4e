import { beforeAll } from 'vitest';
import { csrfOf, fieldOf, type Pages, tellStory, usePages } from '../support/pages.ts';

/** What a page answered: its markup, and its words as somebody reads them. */
export interface Seen {
  status: number;
  markup: string;
  text: string;
}

/** The pages of inquiries as Dana of the office uses them, and Theo the technician tries to. */
export interface LeadPages {
  pages(): Pages;
  session(name?: string): string;
  see(path: string, name?: string): Promise<Seen>;
  /** Sends a form of ours as a browser does, and answers the page it leads to. */
  post(path: string, form: Record<string, string>, name?: string): Promise<Seen & { location: string }>;
  /** Takes in an inquiry through the page and answers its reference. */
  takeIn(form: Record<string, string>): Promise<string>;
  leadOf(reference: string): Promise<Record<string, unknown>>;
}

/** An inquiry as somebody says it. */
export const call =
  'Mary Collins called, 256-555-0177, mary@example.com. House at 14 Oak Lane, Huntsville AL 35801, 20+ screens, dog named Rex.';

/** Tells the story and signs people in before the tests of a file. */
export function useLeadPages(): LeadPages {
  const pages = usePages();
  const sessions = new Map<string, string>();
  beforeAll(async () => {
    await tellStory(pages());
    for (const name of ['dana', 'theo']) {
      sessions.set(name, await pages().signIn(`${name}@brightpanes.example`));
    }
  });
  const session = (name = 'dana'): string => sessions.get(name) ?? '';
  const see: LeadPages['see'] = async (path, name) =>
    seen(await pages().send(path, { session: session(name) }));
  const post: LeadPages['post'] = async (path, form, name) => {
    const fields = { csrf_token: await csrfOf(pages(), session(name)), ...form };
    const response = await pages().send(path, { session: session(name), form: fields });
    const location = response.headers.get('location') ?? '';
    if (response.status !== 303) return { location, ...(await seen(response)) };
    const cookie = /deskhand_flash=[^;]+/.exec(response.headers.getSetCookie().join())?.[0] ?? '';
    const next = await seen(await pages().send(location, { session: session(name), cookie }));
    return { ...next, location, status: 303 };
  };
  return {
    pages,
    session,
    see,
    post,
    async takeIn(form) {
      const { location, text } = await post('/leads/new', { source: 'phone_call', ...form });
      const reference = /L-\d+/.exec(location)?.[0];
      if (reference === undefined) throw new Error(`no lead was made: ${text}`);
      return reference;
    },
    leadOf: async reference =>
      (await pages().read(pages().bright.owner, 'leads', { id: reference }))[0] ?? {},
  };
}

async function seen(response: Response): Promise<Seen> {
  const markup = await response.text();
  return { status: response.status, markup, text: plain(markup) };
}

/** The words of a page, as somebody reads them. */
export const plain = (markup: string): string =>
  markup
    .replace(/<head>[\s\S]*<\/head>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

/** The fields of the form with the facts of a lead, as they stand there. */
export function factsOf(markup: string): Record<string, string> {
  const form = /action="\/leads\/L-\d+\/facts"[\s\S]*?<\/form>/.exec(markup)?.[0] ?? '';
  const inputs = [...form.matchAll(/<input id="(\w+)"[^>]* value="([^"]*)"/g)];
  const chosen = [
    ...form.matchAll(/<select id="(\w+)"[^>]*>(?:(?!<\/select>)[\s\S])*?value="(\w*)" selected/g),
  ];
  const texts = [...form.matchAll(/<textarea id="(\w+)"[^>]*>\n([^<]*)</g)];
  const fields = [...inputs, ...chosen, ...texts].map(([, name = '', value = '']) => [name, value] as const);
  return { idempotency_key: fieldOf(form, 'idempotency_key'), ...Object.fromEntries(fields) };
}
