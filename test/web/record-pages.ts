import { beforeAll } from 'vitest';
import type { Domain } from '../../core/kernel/registry/domain.ts';
import { type Pages, tellStory, usePages } from '../support/pages.ts';

/** What a page answered: its markup, its words as somebody reads them, and where it stands. */
export interface Seen {
  status: number;
  markup: string;
  text: string;
  path: string;
}

/** Generic pages, used as a person does: by the links and forms that a page shows. */
export interface RecordPages {
  pages(): Pages;
  see(path: string, name?: string): Promise<Seen>;
  /** Follows the link that says this. */
  follow(page: Seen, words: string): Promise<Seen>;
  /** Fills in the form of a page that goes to an address and sends it; what is not named stays as it stands there. */
  send(page: Seen, action: RegExp, typed?: Record<string, string>): Promise<Seen>;
}

/** Tells the story and signs people in before the tests of a file. */
export function useRecordPages(domains: readonly Domain[] = []): RecordPages {
  const pages = usePages({}, { domains });
  const sessions = new Map<string, string>();
  beforeAll(async () => {
    await tellStory(pages());
    for (const name of ['olivia', 'dana', 'theo'])
      sessions.set(name, await pages().signIn(`${name}@brightpanes.example`));
  });
  const owners = new WeakMap<Seen, string>();
  const get = async (path: string, name: string, cookie?: string): Promise<Seen> => {
    const session = sessions.get(name) ?? '';
    const response = await pages().send(path, { session, ...(cookie ? { cookie } : {}) });
    return keep(await seen(response, path), name);
  };
  const keep = (page: Seen, name: string): Seen => {
    owners.set(page, name);
    return page;
  };
  return {
    pages,
    see: (path, name = 'dana') => get(path, name),
    async follow(page, words) {
      const href = linkOf(page.markup, words);
      if (href === undefined) throw new Error(`${page.path} has no link ${words}`);
      return get(href, owners.get(page) ?? 'dana');
    },
    async send(page, action, typed = {}) {
      const name = owners.get(page) ?? 'dana';
      const form = formOf(page.markup, action);
      for (const field of Object.keys(typed))
        if (!form.names.has(field)) throw new Error(`${page.path} has no field ${field}`);
      const fields = { ...form.fields, ...typed };
      if (form.method === 'get') return get(`${form.action}?${new URLSearchParams(fields).toString()}`, name);
      const response = await pages().send(form.action, { session: sessions.get(name) ?? '', form: fields });
      if (response.status !== 303) return keep(await seen(response, form.action), name);
      const cookie = /deskhand_flash=[^;]+/.exec(response.headers.getSetCookie().join())?.[0];
      return get(response.headers.get('location') ?? '', name, cookie);
    },
  };
}

async function seen(response: Response, path: string): Promise<Seen> {
  const markup = await response.text();
  return { status: response.status, markup, text: plain(markup), path };
}

const plain = (markup: string): string =>
  markup
    .replace(/<head>[\s\S]*<\/head>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

const unescaped = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

/** Where the first link leads that says this. */
export function linkOf(markup: string, words: string): string | undefined {
  for (const [, href = '', inside = ''] of markup.matchAll(/<a [^>]*href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/g))
    if (plain(inside).trim() === words) return unescaped(href);
  return undefined;
}

interface Form {
  method: string;
  action: string;
  /** What it sends as it stands. */
  fields: Record<string, string>;
  /** What can be filled in or ticked. */
  names: ReadonlySet<string>;
}

/** The form of a page that goes to an address, with what stands in its fields. */
export function formOf(markup: string, action: RegExp): Form {
  for (const [, head = '', inside = ''] of markup.matchAll(/<form ([^>]*)>([\s\S]*?)<\/form>/g)) {
    const to = /action="([^"]*)"/.exec(head)?.[1] ?? '';
    if (action.test(to))
      return {
        method: /method="(\w+)"/.exec(head)?.[1] ?? '',
        action: to,
        fields: fieldsOf(inside),
        names: new Set([...inside.matchAll(/ name="([^"]*)"/g)].map(([, name = '']) => name)),
      };
  }
  throw new Error(`no form goes to ${String(action)}`);
}

function fieldsOf(form: string): Record<string, string> {
  const nameIn = (tag: string) => /name="([^"]*)"/.exec(tag)?.[1] ?? '';
  // What is not ticked is not sent.
  const isSent = ([tag]: readonly string[]) =>
    !/type="(?:checkbox|radio)"/.test(tag ?? '') || / checked/.test(tag ?? '');
  const inputs = [...form.matchAll(/<input [^>]*>/g)]
    .filter(isSent)
    .map(([tag]) => [nameIn(tag), /value="([^"]*)"/.exec(tag)?.[1] ?? '']);
  const areas = [...form.matchAll(/(<textarea [^>]*>)\n([^<]*)</g)].map(([, tag = '', text = '']) => [
    nameIn(tag),
    text,
  ]);
  const selects = [...form.matchAll(/(<select [^>]*>)([\s\S]*?)<\/select>/g)].map(
    ([, tag = '', options = '']) => [
      nameIn(tag),
      /value="([^"]*)" selected/.exec(options)?.[1] ?? /value="([^"]*)"/.exec(options)?.[1] ?? '',
    ],
  );
  return Object.fromEntries(
    [...inputs, ...areas, ...selects].map(([name = '', value = '']) => [name, unescaped(value)]),
  );
}

/** What a page says of a row, by the titles of its facts. */
export const factsOf = (markup: string): Record<string, string> =>
  Object.fromEntries(
    [...markup.matchAll(/<dt>([^<]*)<\/dt><dd>([\s\S]*?)<\/dd>/g)].map(([, title = '', value = '']) => [
      title,
      unescaped(plain(value)).trim(),
    ]),
  );

/** The names of the rows a list shows, in order. */
export const rowsOf = (markup: string): string[] =>
  [...markup.matchAll(/<a class="main" href="[^"]*">(?:<bdi>)?([^<]*)/g)].map(([, name = '']) =>
    unescaped(name),
  );
