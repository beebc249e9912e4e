import { z } from 'zod';
import { todayOf } from '../calendar/navigation.ts';
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
const dueRow = anyRow.extend({ kind: z.string() });

/** A list, those of its rows that are meant, and how one or several are called. */
interface Counted {
  href: string;
  one: string;
  many: string;
  rows: readonly unknown[];
  of: { rows: readonly unknown[] };
}

/** Counted as far as this; `99+` is said of more. */
const most = 99;

/** Counts what waits; tasks alone for who reads no inquiries. What is nothing is left out. */
export async function readTodo(visit: PageRequest): Promise<Todo[]> {
  if (!mayRead(visit, 'leads')) return countedOf([await tasksDue(visit)]);
  const limit = most + 1;
  const [leads, due, calls, facts, tasks] = await Promise.all([
    readList(visit, 'leads', leadRow, { filter: 'open', fields: Object.keys(leadRow.shape), limit }),
    readList(visit, 'leads', anyRow, { filter: 'reminder_due', fields: ['id'], limit }),
    readList(visit, 'follow_ups', dueRow, { filter: 'overdue', fields: Object.keys(dueRow.shape), limit }),
    readList(visit, 'attributes', anyRow, { filter: 'unconfirmed', fields: ['id'], limit }),
    tasksDue(visit),
  ]);
  const unconfirmed = leads.rows.filter(lead => lead.extraction_status === 'unconfirmed');
  const overdue = calls.rows.filter(({ kind }) => kind !== 'task');
  return countedOf([
    { href: '/leads', one: 'lead open', many: 'leads open', rows: leads.rows, of: leads },
    {
      href: '/leads?list=unconfirmed',
      one: 'lead to confirm',
      many: 'leads to confirm',
      rows: unconfirmed,
      of: leads,
    },
    { href: '/leads?list=reminder_due', one: 'reminder due', many: 'reminders due', rows: due.rows, of: due },
    { href: '/follow-ups', one: 'call overdue', many: 'calls overdue', rows: overdue, of: calls },
    tasks,
    { href: '/facts', one: 'fact to confirm', many: 'facts to confirm', rows: facts.rows, of: facts },
  ]);
}

/** Open tasks of today and before; a technician's are their own. */
async function tasksDue(visit: PageRequest): Promise<Counted> {
  const until = todayOf(visit).toString();
  const of = await readList(visit, 'follow_ups', anyRow, {
    params: { kind: 'task', until },
    fields: ['id'],
    limit: most + 1,
  });
  return { href: '/follow-ups', one: 'task due', many: 'tasks due', rows: of.rows, of };
}

function countedOf(lists: readonly Counted[]): Todo[] {
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
