import { z } from 'zod';
import { toUtf8 } from '../../core/import/square/text.ts';
import { redact } from '../../core/kernel/words/redaction.ts';
import { attempt, problemAt, problemElse, type Refusal } from '../attempt.ts';
import { timeTag } from '../format.ts';
import { formFields, submit } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { field } from '../settings/fields.ts';
import { type Answer, mayDo, type Page, type PageRequest, readList } from '../site.ts';
import { planOf, report } from './report.ts';
import { fileOf, keptText, largestWords, type Uploaded } from './upload.ts';

const importRow = z.object({
  reference: z.string(),
  file_name: z.string().nullable(),
  rows_read: z.number(),
  created_count: z.number(),
  undone_at: z.string().nullable(),
  created_at: z.string(),
});

/** `/imports`: taking customers over from another system, and what was taken over before. */
export async function listImports(visit: PageRequest, refusal?: Refusal): Promise<Page> {
  const query = { fields: Object.keys(importRow.shape), sort: '-created_at', limit: 50 };
  const { rows } = await readList(visit, 'imports', importRow, query);
  const { time_zone } = visit.identity.organization;
  return {
    title: 'Import',
    status: refusal?.status ?? 200,
    body: html`<h1>Import</h1>
<p class="hint">Take over your customers from Square: in Square, Customers, Import/Export, Export customers. Then choose the file here.</p>
${mayDo(visit, 'import.square') && chooseForm(visit, refusal)}
<section aria-labelledby="before"><h2 id="before">Imports so far</h2>
${rows.length === 0 && html`<p class="empty">Nothing was imported yet.</p>`}
${
  rows.length > 0 &&
  html`<ul class="list">${rows.map(
    ({ reference, file_name, rows_read, created_count, undone_at, created_at }) =>
      html`<li><a class="main" href="/imports/${reference}"><bdi>${file_name ?? 'Customers from Square'}</bdi></a>${undone_at !== null && html` <span class="badge">taken back</span>`}
<p class="hint">${timeTag(created_at, time_zone)}: ${created_count} of ${rows_read} lines became new customers</p></li>\n`,
  )}</ul>`
}</section>`,
  };
}

const chooseForm = (visit: PageRequest, refusal: Refusal | undefined): Markup =>
  html`<form method="post" action="/imports/look" enctype="multipart/form-data" class="card narrow">${formFields(visit)}${problemElse(refusal, ['file', 'content'])}
${field(
  {
    name: 'file',
    label: 'The file (CSV)',
    hint: `At most ${largestWords}. Nothing is taken yet: first you see what would come of it.`,
    problem: problemAt(refusal, 'file') ?? problemAt(refusal, 'content'),
  },
  attributes => html`<input${attributes} type="file" accept=".csv,text/csv" required>`,
)}
<button>Look at it first</button></form>`;

const bodyOf = ({ name, bytes }: Uploaded) => ({
  content: bytes.toString('base64'),
  encoding: 'base64',
  ...(name === '' ? {} : { file_name: name.replace(/\s+/g, ' ').slice(0, 200) }),
});

/** What would come of a file, with its first lines; the file goes along in the page. */
export function lookAt(visit: PageRequest): Promise<Answer> {
  return attempt(
    visit,
    'import.square',
    async typed => lookPage(visit, await fileOf(visit, typed)),
    refusal => listImports(visit, refusal),
  );
}

async function lookPage(visit: PageRequest, file: Uploaded, refusal?: Refusal): Promise<Page> {
  const { site, caller, facts } = visit;
  const call = { action: 'import.square', data: { ...bodyOf(file), dry_run: true } };
  const plan = report.parse((await site.app.execute(caller, call, facts)).data);
  const fresh = plan.contacts_in_file - plan.already_known;
  return {
    title: 'What would be imported',
    status: refusal?.status ?? 200,
    body: html`<h1>What would be imported</h1>
<p class="lead"><bdi>${file.name}</bdi>. Nothing is taken yet.</p>
${refusal && html`<p class="problem" role="alert">${refusal.problem}</p>`}
${planOf(plan)}
<section aria-labelledby="first"><h2 id="first">The first lines</h2><pre class="first-lines" tabindex="0" aria-label="The first lines of the file">${firstLines(file)}</pre></section>
${fresh === 0 && html`<p>Nobody in this file is new, so there is nothing to take.</p>`}
<form method="post" action="/imports/run" enctype="multipart/form-data">${formFields(visit)}<input type="hidden" name="file_name" value="${file.name}"><input type="hidden" name="kept" value="${await keptText(file)}">
<p class="buttons">${fresh > 0 && html`<button>Take over ${countOf(fresh)}</button>`} <a class="button plain quiet" href="/imports">Choose another file</a></p></form>`,
  };
}

/** `1 customer`, `12 customers`. */
export const countOf = (count: number): string =>
  `${count.toLocaleString('en-US')} customer${count === 1 ? '' : 's'}`;

/** The heading and three customers, each line cut where nobody reads on. */
const firstLines = ({ bytes }: Uploaded): string =>
  redact(toUtf8(bytes.subarray(0, 8000)).utf8.toString())
    .text.split(/\r?\n/)
    .slice(0, 4)
    .map(line => (line.length > 400 ? `${line.slice(0, 400)}…` : line))
    .join('\n');

/** Takes the file over and leads to its report. What is refused is said where the file still is. */
export function runImport(visit: PageRequest): Promise<Answer> {
  return attempt(
    visit,
    'import.square',
    async typed => {
      const file = await fileOf(visit, typed);
      const { data, warnings } = await submit(visit, 'import.square', bodyOf(file));
      const created = Number(data.created);
      const done = `${countOf(created)} ${created === 1 ? 'is' : 'are'} taken over.`;
      return { redirect: `/imports/${String(data.import)}`, said: { done, warnings } };
    },
    async refusal => {
      if (refusal.field === 'content' || refusal.field === 'file') return listImports(visit, refusal);
      return lookPage(visit, await fileOf(visit, refusal.typed), refusal);
    },
  );
}
