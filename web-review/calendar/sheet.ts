import { z } from 'zod';
import { phoneLink, showClock, showDuration } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { type Page, type PageRequest, readList } from '../site.ts';
import { inWords } from '../tickets/good-to-know.ts';
import { awayNotes, readAway } from './away.ts';
import { askedDay, calendarHref, longDay } from './navigation.ts';
import { badgeOf, clockOf } from './parts.ts';
import {
  amountOf,
  askedPerson,
  frameOf,
  isOpen,
  type Person,
  type PlannedVisit,
  readPeople,
  readVisits,
  shownPeople,
  stateOf,
} from './plan.ts';

const knownRow = z.object({
  reference: z.string(),
  facts: z.array(z.string()),
});

/**
 * A day on paper: a sheet for each technician with whom to visit when and where, whom to call, and what is good to know there
 * (CLO-16). Technicians get their own, with what helps on their visits and nothing besides.
 */
export async function showSheets(request: PageRequest): Promise<Page> {
  const date = askedDay(request);
  const day = date.toString();
  const [everybody, { rows }, away, known] = await Promise.all([
    readPeople(request),
    readVisits(request, { first: date, last: date }),
    readAway(request, { first: date, last: date }),
    readList(request, 'good_to_know', knownRow, { params: { date: day }, limit: 100 }),
  ]);
  const facts = new Map(known.rows.map(row => [row.reference, row.facts]));
  const asked = askedPerson(request, everybody);
  const people = asked ? [asked] : shownPeople(request, everybody, rows);
  const sheets = people.flatMap(person => {
    const own = rows.filter(({ technician_ids }) => technician_ids?.includes(person.id));
    return own.length > 0 ? [sheet(request, { person, rows: own, facts, title: longDay(date) })] : [];
  });
  const nobody = asked ? [] : rows.filter(row => !row.technician_ids?.length && isOpen(row));
  return {
    title: `Day sheets, ${longDay(date)}`,
    styles: ['calendar.css'],
    body: html`<h1>Day sheets <small>${longDay(date)}</small></h1>
<p class="links"><a href="${calendarHref('day', date)}">Back to the day</a> <span class="hint">Print this page: each technician has a sheet of their own.</span></p>
${awayNotes(request, { frame: frameOf(request, date), away, people })}
${sheets.length === 0 && html`<p class="empty">Nobody has a visit on this day.</p>`}
${sheets}
${nobody.length > 0 && html`<p class="warning">Not given to anybody yet: ${nobody.map(({ customer }) => customer).join(', ')}.</p>`}`,
  };
}

function sheet(
  request: PageRequest,
  {
    person,
    rows,
    facts,
    title,
  }: {
    person: Person;
    rows: readonly PlannedVisit[];
    facts: ReadonlyMap<string, readonly string[]>;
    title: string;
  },
): Markup {
  return html`<section class="sheet"><h2>${badgeOf(person)}<bdi>${person.name}</bdi> <small>${title} · ${amountOf(rows)}</small></h2>
<ol>${rows.map(row => sheetItem(request, row, facts.get(row.reference) ?? []))}</ol></section>\n`;
}

function sheetItem(request: PageRequest, row: PlannedVisit, facts: readonly string[]): Markup {
  const { country, time_zone } = request.identity.organization;
  const { customer, phone, address, services, reference, ends_at, duration_minutes } = row;
  const others = row.technicians ?? [];
  return html`<li class="card"><p class="at"><b>${clockOf(request, row)}</b> to ${showClock(ends_at, time_zone)} <small>${showDuration(duration_minutes)}</small></p>
<p class="main"><bdi>${customer}</bdi> <small>${reference}${stateOf(row) && ` · ${stateOf(row)}`}</small></p>
<p>${phone === null ? 'No phone number' : phoneLink(phone, country)} · <bdi>${address ?? 'No address'}</bdi></p>
<p>${services?.join(', ') || 'No services yet'}${others.length > 1 && ` · together: ${others.join(', ')}`}</p>
${facts.length > 0 && html`<p><b>Good to know:</b> ${facts.map((fact, n) => html`${n > 0 && ' · '}<bdi>${inWords(fact)}</bdi>`)}</p>`}</li>\n`;
}
