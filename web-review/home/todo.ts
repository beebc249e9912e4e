import { z } from 'zod';
import { html, type Markup } from '../html.ts';
import { type IconName, icon } from '../icons.ts';
import { allOf } from '../inbox/inbox.ts';
import { type Waiting, waitingFor } from '../navigation.ts';
import { mayRead, type PageRequest, readList } from '../site.ts';

/** Something that waits for somebody, and the list it stands in (LED-10, CFL-29, CFL-30, CFL-63). */
export interface Todo {
  href: string;
  words: string;
  icon: IconName;
}

const icons: Readonly<Record<string, IconName>> = {
  approvals: 'rules',
  inquiries: 'inquiry',
  call_backs: 'phone',
  tasks: 'tasks',
  failed_mail: 'mail',
  drafts: 'mail',
};

const anyRow = z.object({ id: z.string() });

/** Counted as far as this; `99+` is said of more. */
const most = 99;

/** What waits for whoever looks at the page: what stands in the inbox, and what was understood and is to be confirmed. */
export async function readTodo(request: PageRequest): Promise<Todo[]> {
  const [waiting, facts] = await Promise.all([waitingFor(request), readFacts(request)]);
  return [...waiting.filter(({ count }) => count > 0).map(one => todoOf(request, one)), ...facts];
}

const todoOf = (request: PageRequest, one: Waiting): Todo => ({
  href: allOf(request, one) ?? '/inbox',
  words: one.words,
  icon: icons[one.kind] ?? 'inbox',
});

async function readFacts(request: PageRequest): Promise<Todo[]> {
  if (!mayRead(request, 'attributes') || !mayRead(request, 'leads')) return [];
  const { rows } = await readList(request, 'attributes', anyRow, {
    filter: 'unconfirmed',
    fields: ['id'],
    limit: most + 1,
  });
  const count = rows.length > most ? `${most}+` : `${rows.length}`;
  const words = `${count} good to know, to confirm`;
  return rows.length === 0 ? [] : [{ href: '/facts', words, icon: 'note' }];
}

/** The ways to what waits, large enough for a thumb. */
export const todoLine = (todo: readonly Todo[]): Markup =>
  html`<p class="buttons strip">${todo.map(({ href, words, icon: name }) => html`<a class="button plain" href="${href}">${icon(name)}${words}</a>\n`)}</p>`;
