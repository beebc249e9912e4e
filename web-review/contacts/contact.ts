import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { formatMoney } from '../../core/kernel/words/money.ts';
import {
  badge,
  dayTag,
  mailLink,
  phoneLink,
  prose,
  shorten,
  showDuration,
  timeTag,
  words,
} from '../format.ts';
import { formFields, submit } from '../forms.ts';
import { historyEntry, historyList } from '../history.ts';
import { asTyped, type Content, html, type Markup } from '../html.ts';
import { upcomingMessages } from '../messages/messages.ts';
import { type Answer, type Page, type PageRequest, readList, readMaybe, recordOf, textOf } from '../site.ts';
import { directionsLink } from '../tickets/good-to-know.ts';
import { emailSection } from './emails.ts';
import { exportSection } from './export.ts';
import { type Draft, factRow, factsSection } from './facts.ts';
import { readStanding, standingSection } from './standing.ts';

const contactRow = z.object({
  id: z.string(),
  reference: z.string(),
  full_name: z.string(),
  nickname: z.string().nullable(),
  job_title: z.string().nullable(),
  company_id: z.string().nullable(),
  email: z.string().nullable(),
  email_status: z.string(),
  email_status_at: z.string().nullable(),
  emails: z.array(z.object({ email: z.string(), type: z.string() })),
  phones: z.array(z.object({ number: z.string(), type: z.string() })),
  preferences: z.record(z.string(), z.unknown()),
  lifecycle_stage: z.string(),
  status: z.string(),
  tags: z.array(z.string()),
  notes: z.string().nullable(),
  custom_fields: z.record(z.string(), z.unknown()),
  addresses: z.array(
    z.object({
      reference: z.string(),
      label: z.string().nullable(),
      line1: z.string(),
      line2: z.string().nullable(),
      city: z.string().nullable(),
      state: z.string().nullable(),
      postal_code: z.string().nullable(),
    }),
  ),
  unconfirmed_emails: z.array(z.string()).nullish(),
  attributes: z.array(factRow),
  audit_trail: z.array(historyEntry),
});
type Contact = z.infer<typeof contactRow>;
type Address = Contact['addresses'][number];

const companyRow = z.object({ reference: z.string(), name: z.string() });

const visitRow = z.object({
  reference: z.string(),
  status: z.string(),
  scheduled_at: z.string(),
  duration_minutes: z.number(),
  total_cents: z.number(),
  currency: z.string(),
  is_price_estimated: z.boolean(),
  line_items: z.array(z.object({ description: z.string() })),
  technicians: z.array(z.object({ id: z.string(), name: z.string() })),
});
type VisitRow = z.infer<typeof visitRow>;

const noteRow = z.object({
  reference: z.string(),
  content: z.string(),
  source: z.string(),
  created_at: z.string(),
});

/** A customer with addresses, facts, visits, notes and history (CON-09, AUD-06), and forms for one more fact or note. */
export async function showContact(request: PageRequest, draft?: Draft): Promise<Page> {
  const contact_id = recordOf(request);
  // First, because what is wrong with it is what the page says.
  const contacts = await readList(request, 'contacts', contactRow, {
    id: contact_id,
    include: ['addresses', 'attributes', 'audit_trail', 'unconfirmed_emails'],
  });
  const [visits, notes, messages, standing] = await Promise.all([
    readList(request, 'tickets', visitRow, {
      params: { contact_id },
      sort: '-scheduled_at',
      limit: 10,
      fields: Object.keys(visitRow.omit({ line_items: true, technicians: true }).shape),
      include: ['line_items', 'technicians'],
    }),
    readList(request, 'notes', noteRow, {
      params: { contact_id },
      sort: '-created_at',
      limit: 20,
      fields: Object.keys(noteRow.shape),
    }),
    upcomingMessages(request, contact_id),
    readStanding(request, contact_id),
  ]);
  const contact = contacts.rows[0];
  if (!contact) throw new DeskhandError('NOT_FOUND', 'There is no such contact here.');
  const { company_id: firm } = contact;
  const company =
    firm === null ? undefined : await readMaybe(request, { type: 'companies', row: companyRow, id: firm });
  return {
    title: shorten(contact.full_name, 80),
    status: draft ? 400 : 200,
    scripts: ['redact.js'],
    body: html`${heading(contact, company)}
${standingSection(request, contact.reference, standing)}
${factsSection(request, contact, draft)}
${facts(request, contact)}
${visitsSection(visits.rows, visits.next_cursor !== undefined, request)}
${notesSection(request, { contact, notes: notes.rows, hasMore: notes.next_cursor !== undefined, draft: draft?.form === 'note' ? draft : undefined })}
${messages}
${emailSection(request, contact)}
${historySection(request, contact, visits.rows)}
${exportSection(request, contact)}`,
  };
}

/** Writes a note. What the pipeline took out of it is said on the page that follows (SAN-02). */
export async function addNote(request: PageRequest): Promise<Answer> {
  const contact_id = recordOf(request);
  // Browsers send every line break as two characters.
  const content = textOf(request.http.body, 'content').replace(/\r\n/g, '\n');
  if (content.trim() === '')
    return showContact(request, { form: 'note', text: content, problem: 'Write something first.' });
  try {
    const { warnings } = await submit(request, 'note.create', { contact_id, content });
    return { redirect: `/contacts/${contact_id}`, said: { done: 'The note is saved.', warnings } };
  } catch (error) {
    if (!(error instanceof DeskhandError) || error.code !== 'VALIDATION_ERROR') throw error;
    return showContact(request, { form: 'note', text: content, problem: error.message });
  }
}

function heading(contact: Contact, company: z.infer<typeof companyRow> | undefined): Markup {
  const { full_name, reference, nickname, job_title, status, lifecycle_stage, tags, phones } = contact;
  const [phone] = phones;
  return html`<h1><bdi>${shorten(full_name, 300)}</bdi></h1>
<p><code>${reference}</code> ${lifecycle_stage !== 'customer' && badge(lifecycle_stage)} ${status !== 'active' && badge(status)}
${company && html`<a href="/records/companies/${company.reference}"><bdi>${shorten(company.name, 120)}</bdi></a> `}${nickname !== null && html` · called <bdi>${nickname}</bdi>`}${job_title !== null && html` · <bdi>${job_title}</bdi>`}</p>
<p class="buttons"><a class="button" href="/book?contact=${reference}">Book</a> ${phone && /^\+\d+$/.test(phone.number) && html`<a class="button plain quiet" href="tel:${phone.number}">Call</a> `}<a class="button plain quiet" href="/records/contacts/${reference}/edit?back=/contacts/${reference}">Edit</a> <a class="button plain quiet" href="/records/contacts/${reference}">Details</a></p>
${tags.length > 0 && html`<p class="tags">${tags.map(tag => html`<span class="tag">${tag}</span> `)}</p>`}`;
}

function facts(request: PageRequest, contact: Contact): Markup {
  const { country } = request.identity.organization;
  const { phones, emails, addresses, preferences, custom_fields, notes } = contact;
  const kind = (type: string) => type !== 'other' && html` <small>${type}</small>`;
  const rows: [string, Markup[]][] = [
    ['Phone', phones.map(entry => html`${phoneLink(entry.number, country)}${kind(entry.type)}`)],
    ['E-mail', emails.map(entry => html`${mailLink(entry.email)}${kind(entry.type)}`)],
    [
      'Address',
      addresses.map(
        entry =>
          html`<a href="/records/addresses/${entry.reference}/edit?back=/contacts/${contact.reference}"><bdi>${oneLine(entry)}</bdi></a>${entry.label !== null && html` <small>${entry.label}</small>`} · ${directionsLink(oneLine(entry))}`,
      ),
    ],
    ['Prefers', Object.entries(preferences).flatMap(([name, value]) => fact(request, name, value))],
    ['About', notes === null ? [] : [prose(notes)]],
    ['More', Object.entries(custom_fields).flatMap(([name, value]) => fact(request, name, value))],
  ];
  return html`<section aria-labelledby="details"><h2 id="details">Phone, mail and addresses</h2>
<dl class="facts">${rows
    .filter(([, values]) => values.length > 0)
    .map(
      ([name, values]) => html`<div><dt>${name}</dt>${values.map(value => html`<dd>${value}</dd>`)}</div>\n`,
    )}</dl>
<p class="links"><a href="/records/addresses/new?contact_id=${contact.reference}&back=/contacts/${contact.reference}">New address</a></p></section>`;
}

const oneLine = ({ line1, line2, city, state, postal_code }: Address): string =>
  [line1, line2, city, [state, postal_code].filter(Boolean).join(' ')].filter(Boolean).join(', ');

// An id says nothing to people; a day and an amount are written as everywhere, everything else as it was recorded.
function fact(request: PageRequest, name: string, value: unknown): Markup[] {
  if (name.endsWith('_id')) return [];
  const text = Array.isArray(value) ? value.join(', ') : String(value);
  const isLine = text.length < 200 && !text.includes('\n');
  return [
    html`<small>${words(name.replace(/_cents$/, ''))}</small> ${isLine ? factWords(request, name, text) : prose(text)}`,
  ];
}

function factWords({ identity: { organization } }: PageRequest, name: string, text: string): Content {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return dayTag(text);
  if (name.endsWith('_cents') && /^\d{1,12}$/.test(text))
    return formatMoney(Number(text), organization.currency);
  return html`<bdi>${text}</bdi>`;
}

function visitsSection(rows: readonly VisitRow[], hasMore: boolean, request: PageRequest): Markup {
  const { time_zone } = request.identity.organization;
  return html`<section aria-labelledby="visits"><h2 id="visits">Visits</h2>
${rows.length === 0 && html`<p class="empty">No visits yet.</p>`}
<ul class="plain rows">${rows.map(
    row => html`<li>
  <p><a class="main" href="/tickets/${row.reference}">${timeTag(row.scheduled_at, time_zone)}</a> <code>${row.reference}</code> ${badge(row.status)}</p>
  <p>${row.line_items.map(item => item.description).join(', ') || 'No services yet'}</p>
  <p>${showDuration(row.duration_minutes)} · ${row.is_price_estimated && 'about '}${formatMoney(row.total_cents, row.currency)} · ${row.technicians.map(({ name }) => name).join(', ') || 'nobody assigned'}</p>
</li>\n`,
  )}</ul>
${hasMore && html`<p class="hint">The ${rows.length} latest visits; there are older ones.</p>`}</section>`;
}

function notesSection(
  request: PageRequest,
  {
    contact,
    notes,
    hasMore,
    draft,
  }: {
    contact: Contact;
    notes: readonly z.infer<typeof noteRow>[];
    hasMore: boolean;
    draft: Draft | undefined;
  },
): Markup {
  const { organization } = request.identity;
  return html`<section aria-labelledby="notes"><h2 id="notes">Notes</h2>
<form method="post" action="/contacts/${contact.reference}/notes" class="card">
  ${formFields(request)}
  <label for="content">New note</label>
  <textarea id="content" name="content" rows="3" required maxlength="20000" dir="auto" data-redact
    aria-describedby="${draft && 'problem '}keep"${draft && html` aria-invalid="true" autofocus`}>
${draft && asTyped(draft.text)}</textarea>
  ${draft && html`<p class="problem" id="problem">${draft.problem}</p>`}
  <p class="hint" id="keep">Facts are understood from it and wait above until you confirm them. Card and social security numbers are removed.</p>
  <button>Save note</button>
</form>
<ul class="plain rows">${notes.map(
    note => html`<li>${prose(note.content)}
  <p class="when">${timeTag(note.created_at, organization.time_zone)} · <code>${note.reference}</code>${note.source !== 'manual' && html` · ${words(note.source)}`}</p></li>\n`,
  )}</ul>
${notes.length === 0 && html`<p class="empty">No notes yet.</p>`}
${hasMore && html`<p class="hint">The ${notes.length} latest notes; there are older ones.</p>`}</section>`;
}

function historySection(request: PageRequest, contact: Contact, visits: readonly VisitRow[]): Markup {
  const { time_zone, currency, country } = request.identity.organization;
  const names = new Map(visits.flatMap(row => row.technicians).map(({ id, name }) => [id, name]));
  return html`<section aria-labelledby="history"><h2 id="history">History</h2>
<p class="links"><a href="/contacts/${contact.reference}/timeline">Timeline: calls, visits, mails and notes</a></p>
<details class="fold"><summary>Who changed what</summary>
${historyList(contact.audit_trail, 'contact', { registry: request.site.app.registry, time_zone, currency, country, names })}</details></section>`;
}
