import { z } from 'zod';
import { attempt, problemAt, problemElse, type Refusal } from '../attempt.ts';
import { timeTag } from '../format.ts';
import { formFields, submit } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { field, textControl } from '../settings/fields.ts';
import { type Answer, mayDo, type Page, type PageRequest, readList, recordOf } from '../site.ts';
import { formHtml } from './snippet.ts';

const formRow = z.object({
  id: z.string(),
  reference: z.string(),
  name: z.string(),
  public_key: z.string(),
  allowed_from: z.string().nullable(),
});
type WebForm = z.infer<typeof formRow>;
const fields = Object.keys(formRow.shape);
const typedFields = ['name', 'allowed_from'];

/** `/website-form`: the forms by which inquiries come in from the website, and what came in last. */
export async function listForms(request: PageRequest, refusal?: Refusal): Promise<Page> {
  const [{ rows }, inquiries] = await Promise.all([
    readList(request, 'lead_forms', formRow, { fields, limit: 50 }),
    readInquiries(request),
  ]);
  const isFirst = rows.length === 0;
  return {
    title: 'Website form',
    status: refusal?.status ?? 200,
    body: html`<h1>Website form</h1>
<p class="hint">A form on your website that hands inquiries in here. Paste it once; it needs nothing else.</p>
${
  rows.length > 0 &&
  html`<ul class="list">${rows.map(
    ({ reference, name, allowed_from }) =>
      html`<li><a class="main" href="/website-form/${reference}"><bdi>${name}</bdi></a><p class="hint">${allowed_from === null ? 'May stand on any website.' : html`Only on <bdi>${allowed_from}</bdi>.`}</p></li>\n`,
  )}</ul>`
}
${isFirst && html`<p class="empty">There is no form yet.</p>`}
${mayDo(request, 'lead_form.create') && createForm(request, isFirst, refusal)}
<section aria-labelledby="last"><h2 id="last">Last inquiries by a form</h2>${inquiries}</section>`,
  };
}

const createForm = (request: PageRequest, isFirst: boolean, refusal: Refusal | undefined): Markup =>
  html`<section aria-labelledby="new"><h2 id="new">${isFirst ? 'Make the form' : 'Another form'}</h2>
<form method="post" action="/website-form" class="card narrow">${formFields(request)}${problemElse(refusal, typedFields)}
${formInputs(refusal?.typed.name ?? (isFirst ? 'Website' : ''), refusal?.typed.allowed_from ?? '', refusal)}
<button>Make it</button></form></section>`;

const formInputs = (name: string, allowedFrom: string, refusal: Refusal | undefined): Markup =>
  html`${field({ name: 'name', label: 'Name', hint: 'For you: where it stands, such as “Website” or “Spring page”.', problem: problemAt(refusal, 'name') }, textControl(name, html` required`))}
${field({ name: 'allowed_from', label: 'Websites it may stand on', hint: 'Such as brightpanes.example; several with commas; left empty, any. It keeps honest websites apart: a copied form can hide where it stands.', problem: problemAt(refusal, 'allowed_from') }, textControl(allowedFrom))}`;

const inquiryRow = z.object({
  reference: z.string(),
  title: z.string(),
  full_name: z.string().nullable(),
  created_at: z.string(),
});

async function readInquiries(request: PageRequest): Promise<Markup> {
  const query = {
    fields: Object.keys(inquiryRow.shape),
    params: { source: 'web_form' },
    sort: '-created_at',
    limit: 10,
  };
  const { rows } = await readList(request, 'leads', inquiryRow, query);
  const { time_zone } = request.identity.organization;
  if (rows.length === 0) return html`<p class="empty">None came in yet.</p>`;
  return html`<ul class="list">${rows.map(
    ({ reference, title, full_name, created_at }) =>
      html`<li><a class="main" href="/leads/${reference}"><bdi>${full_name ?? title}</bdi></a><p class="hint">${full_name !== null && html`<bdi>${title}</bdi> · `}${timeTag(created_at, time_zone)}</p></li>\n`,
  )}</ul>`;
}

const readForm = async (request: PageRequest): Promise<WebForm> => {
  const { rows } = await readList(request, 'lead_forms', formRow, { id: recordOf(request), fields });
  return formRow.parse(rows[0]);
};

/** `/website-form/LF-101`: one form: what to paste, how to try it, where it may stand, and its end. */
export async function showForm(request: PageRequest, refusal?: Refusal): Promise<Page> {
  const form = await readForm(request);
  const { reference, name, public_key, allowed_from } = form;
  const typed = (member: string, known: string) => refusal?.typed[member] ?? known;
  return {
    title: name,
    status: refusal?.status ?? 200,
    body: html`<p class="links"><a href="/website-form">Website form</a></p>
<h1><bdi>${name}</bdi></h1>
${problemElse(refusal, typedFields)}
<section aria-labelledby="paste"><h2 id="paste">Paste this into your website</h2>
<p>Whoever looks after the website puts it where the form belongs. It needs no script, and can be dressed as you like; the names of its fields stay.</p>
<label for="snippet" class="unseen">The form as HTML</label>
<textarea id="snippet" rows="16" readonly spellcheck="false">
${formHtml(request, public_key).text}</textarea>
<p class="links"><a href="/website-form/${reference}/try">Try it</a></p></section>
${
  mayDo(request, 'lead_form.update') &&
  html`<section aria-labelledby="change"><h2 id="change">Change</h2>
<form method="post" action="/website-form/${reference}" class="card narrow">${formFields(request)}
${formInputs(typed('name', name), typed('allowed_from', allowed_from ?? ''), refusal)}
<button>Save</button></form></section>`
}
${
  mayDo(request, 'lead_form.delete') &&
  html`<section aria-labelledby="close"><h2 id="close">Close</h2>
<form method="post" action="/website-form/${reference}/close" class="card narrow">${formFields(request)}
<p>Nothing comes in by this form any more, on no website. Inquiries that came in stay. It can be opened again.</p>
<button class="danger stop">Close this form</button></form></section>`
}`,
  };
}

/** `/website-form/LF-101/try`: the form as a visitor of the website sees it. What is sent arrives. */
export async function tryForm(request: PageRequest): Promise<Page> {
  const { reference, name, public_key } = await readForm(request);
  return {
    title: `Try ${name}`,
    body: html`<p class="links"><a href="/website-form/${reference}"><bdi>${name}</bdi></a></p>
<h1>Try it</h1>
<p class="hint">This is the form as a visitor gets it. What you send arrives as a real inquiry, which you can end as a test.</p>
<div class="card narrow">${formHtml(request, public_key)}</div>
<p class="links"><a href="/website-form">See what came in</a></p>`,
  };
}

/** Makes a form and leads to what has to be pasted. */
export function createWebForm(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'lead_form.create',
    async ({ name = '', allowed_from = '' }) => {
      const data = { name, ...(allowed_from === '' ? {} : { allowed_from }) };
      const outcome = await submit(request, 'lead_form.create', data);
      const done = `${String(outcome.data.name)} is made. Now paste it into your website.`;
      return {
        redirect: `/website-form/${String(outcome.data.reference)}`,
        said: { done, warnings: outcome.warnings },
      };
    },
    refusal => listForms(request, refusal),
  );
}

/** Changes what is typed otherwise. */
export function changeWebForm(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'lead_form.update',
    async ({ name, allowed_from }) => {
      const form = await readForm(request);
      const changes = {
        ...(name === undefined || name === form.name ? {} : { name }),
        ...(allowed_from === undefined || allowed_from === (form.allowed_from ?? '')
          ? {}
          : allowed_from === ''
            ? { clear: ['allowed_from'] }
            : { allowed_from }),
      };
      const redirect = `/website-form/${form.reference}`;
      if (Object.keys(changes).length === 0)
        return { redirect, said: { done: 'Nothing was different.', warnings: [] } };
      await submit(request, 'lead_form.update', { lead_form_id: form.id, ...changes });
      return { redirect, said: { done: 'Saved.', warnings: [] } };
    },
    refusal => showForm(request, refusal),
  );
}

/** Closes a form: nothing comes in by it any more. */
export function closeWebForm(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'lead_form.delete',
    async () => {
      const { id, name } = await readForm(request);
      await submit(request, 'lead_form.delete', { lead_form_id: id });
      const way = { to: '/records/lead_forms', label: 'Closed forms' };
      return {
        redirect: '/website-form',
        said: { done: `${name} is closed. Nothing comes in by it any more.`, warnings: [], way },
      };
    },
    refusal => showForm(request, refusal),
  );
}
