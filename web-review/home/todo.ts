import { z } from 'zod';
import { html, type Markup } from '../html.ts';
import { mayRead, type PageRequest, readList } from '../site.ts';

/** What waits for somebody in the office, with the list it stands in (LED-10, CFL-29, CFL-30, CFL-63). */
export interface Todo {
  href: string;
  count: string;
  label: string;
}

const leadRow = z.object({ id: z.string(), extraction_status: z.string() });
const anyRow = z.object({ id: z.string() });

/** Counted as far as this; `99+` is said of more. */
const most = 99;

/** Counts what waits; undefined for who reads no inquiries. What is nothing is left out. */
export async function readTodo(visit: PageRequest): Promise<Todo[] | undefined> {
  if (!mayRead(visit, 'leads')) return undefined;
  const limit = most + 1;
  const [leads, due, calls, facts] = await Promise.all([
    readList(visit, 'leads', leadRow, { filter: 'open', fields: Object.keys(leadRow.shape), limit }),
    readList(visit, 'leads', anyRow, { filter: 'reminder_due', fields: ['id'], limit }),
    readList(visit, 'follow_ups', anyRow, { filter: 'overdue', fields: ['id'], limit }),
    readList(visit, 'attributes', anyRow, { filter: 'unconfirmed', fields: ['id'], limit }),
  ]);
  const unconfirmed = leads.rows.filter(lead => lead.extraction_status === 'unconfirmed');
  const lists = [
    { href: '/leads', one: 'lead open', many: 'leads open', rows: leads.rows, of: leads },
    {
      href: '/leads?list=unconfirmed',
      one: 'lead to confirm',
      many: 'leads to confirm',
      rows: unconfirmed,
      of: leads,
    },
    { href: '/leads?list=reminder_due', one: 'reminder due', many: 'reminders due', rows: due.rows, of: due },
    { href: '/follow-ups', one: 'call overdue', many: 'calls overdue', rows: calls.rows, of: calls },
    { href: '/facts', one: 'fact to confirm', many: 'facts to confirm', rows: facts.rows, of: facts },
  ];
  return lists
    .filter(({ rows }) => rows.length > 0)
    .map(({ href, one, many, rows, of }) => ({
      href,
      label: rows.length === 1 ? one : many,
      count: `${Math.min(rows.length, most)}${of.rows.length > most ? '+' : ''}`,
    }));
}

/** One line of links. */
export const todoLine = (todo: readonly Todo[]): Markup =>
  html`<p class="links">${todo.map(({ href, count, label }) => html`<a href="${href}"><b>${count}</b> ${label}</a> `)}</p>`;
