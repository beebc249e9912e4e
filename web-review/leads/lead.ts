import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { type Fact, factList, mailLink, phoneLink, prose, shorten, timeTag, words } from '../format.ts';
import { historyList } from '../history.ts';
import { html, type Markup } from '../html.ts';
import { type Page, type PageRequest, readList, readMaybe, recordOf } from '../site.ts';
import { factsForm } from './facts.ts';
import { authorOf } from './fields.ts';
import { leadBadges, reminder } from './list.ts';
import { progressSection } from './progress.ts';
import { type Draft, type Lead, leadIncludes, leadRow } from './row.ts';
import { saidSection } from './said.ts';

const memberRow = z.object({ id: z.string(), name: z.string() });
const customerRow = z.object({ reference: z.string(), full_name: z.string() });

interface People {
  customer: z.infer<typeof customerRow> | undefined;
  names: ReadonlyMap<string, string>;
}

/** Reads the lead a path names. Throws NOT_FOUND. */
export async function readLead(request: PageRequest): Promise<Lead> {
  const { rows } = await readList(request, 'leads', leadRow, {
    id: recordOf(request),
    include: leadIncludes,
  });
  const lead = rows[0];
  if (!lead) throw new DeskhandError('NOT_FOUND', 'There is no such inquiry here.');
  return lead;
}

/** An inquiry: what was said, what was understood of it, what can be done, what has happened (LED-02…07). */
export async function showLead(request: PageRequest, draft?: Draft): Promise<Page> {
  const lead = await readLead(request);
  const people = await readPeople(request, lead);
  const { time_zone, currency } = request.identity.organization;
  return {
    title: shorten(`${lead.reference}: ${lead.title}`, 80),
    status: draft?.status ?? 200,
    scripts: ['redact.js'],
    body: html`<h1><bdi>${shorten(lead.title, 200)}</bdi></h1>
<p><code>${lead.reference}</code> ${leadBadges(lead)}</p>
${draft?.form === 'page' && html`<p class="problem" role="alert">${draft.problem}</p>`}
${facts(request, lead, people)}
${factsForm(request, lead, draft)}
${progressSection(request, lead, draft)}
${saidSection(request, lead, draft)}
<section aria-labelledby="history"><h2 id="history">History</h2>
<p class="links"><a href="/leads/${lead.reference}/timeline">Timeline</a></p>
${historyList(lead.audit_trail, 'lead', { registry: request.site.app.registry, time_zone, currency, names: people.names })}</section>`,
  };
}

async function readPeople(request: PageRequest, lead: Lead): Promise<People> {
  const readMember = (id: string | null) =>
    id === null
      ? undefined
      : readMaybe(request, { type: 'members', row: memberRow, id, query: { fields: ['id', 'name'] } });
  const [customer, owner, confirmer] = await Promise.all([
    lead.contact_id === null
      ? undefined
      : readMaybe(request, {
          type: 'contacts',
          row: customerRow,
          id: lead.contact_id,
          query: {
            fields: Object.keys(customerRow.shape),
          },
        }),
    readMember(lead.owner_user_id),
    readMember(lead.confirmed_by === lead.owner_user_id ? null : lead.confirmed_by),
  ]);
  const known = [owner, confirmer].flatMap(member => (member ? [member] : []));
  return { customer, names: new Map(known.map(({ id, name }) => [id, name])) };
}

function facts(request: PageRequest, lead: Lead, { customer, names }: People): Markup {
  const { time_zone, country } = request.identity.organization;
  const { phone, email, reminder_at } = lead;
  const rows: Fact[] = [
    ['Said', lead.raw_notes !== null && prose(lead.raw_notes)],
    ['Described', lead.description !== null && prose(lead.description)],
    ['Who', lead.full_name !== null && html`<bdi>${lead.full_name}</bdi>`],
    [
      'Reached at',
      (phone !== null || email !== null) &&
        html`${phone !== null && phoneLink(phone, country)} ${email !== null && mailLink(email)}`,
    ],
    [
      'Customer',
      customer !== undefined &&
        html`<a href="/contacts/${customer.reference}"><bdi>${shorten(customer.full_name, 120)}</bdi></a> <code>${customer.reference}</code>${lead.status !== 'converted' && ', known already'}`,
    ],
    [
      'Came in',
      html`${timeTag(lead.created_at, time_zone)} ${lead.source !== 'other' && html`by ${words(lead.source)}`}`,
    ],
    ['Owner', html`<bdi>${names.get(lead.owner_user_id) ?? 'somebody who left'}</bdi>`],
    ['Reminder', reminder_at !== null && reminder(request, reminder_at)],
    ['Confirmed', lead.confirmed_at !== null && confirmed(lead, names, time_zone)],
    ['Ended', ended(lead)],
  ];
  return factList(rows);
}

function confirmed(lead: Lead, names: ReadonlyMap<string, string>, timeZone: string): Markup {
  const who = lead.confirmed_by === null ? 'an agent' : (names.get(lead.confirmed_by) ?? 'somebody who left');
  return html`understood by ${authorOf(lead.extracted_by)}, confirmed by <bdi>${who}</bdi> ${timeTag(lead.confirmed_at ?? '', timeZone)}`;
}

function ended({ disqualification_reason, closed_reason }: Lead): Markup | false {
  if (disqualification_reason === null && closed_reason === null) return false;
  return html`${words(disqualification_reason ?? '')}${closed_reason !== null && prose(closed_reason)}`;
}
