import { z } from 'zod';
import { attempt, type Refusal } from '../attempt.ts';
import { timeTag } from '../format.ts';
import { formFields, submit } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { type Answer, mayDo, type Page, type PageRequest, readList, recordOf } from '../site.ts';
import { countOf } from './imports.ts';
import { folded, noticeItem, refusedItem } from './report.ts';

const remark = z.object({
  row: z.number(),
  name: z.string().optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
});

const importRow = z.object({
  id: z.string(),
  reference: z.string(),
  file_name: z.string().nullable(),
  rows_read: z.number(),
  created_count: z.number(),
  known_count: z.number(),
  refused: z.array(remark),
  notices: z.array(remark),
  undone_at: z.string().nullable(),
  created_at: z.string(),
});
type Import = z.infer<typeof importRow>;

async function readImport(visit: PageRequest): Promise<Import> {
  const query = { id: recordOf(visit), fields: Object.keys(importRow.shape) };
  return importRow.parse((await readList(visit, 'imports', importRow, query)).rows[0]);
}

/** `/imports/I-1`: what came of an import, and the way back. */
export async function showImport(visit: PageRequest, refusal?: Refusal): Promise<Page> {
  const run = await readImport(visit);
  const { file_name, created_at, undone_at } = run;
  const { time_zone } = visit.identity.organization;
  return {
    title: file_name ?? 'Import',
    status: refusal?.status ?? 200,
    body: html`<p class="links"><a href="/imports">Import</a> <a href="/contacts">Customers</a></p>
<h1><bdi>${file_name ?? 'Customers from Square'}</bdi></h1>
<p class="lead">Taken over on ${timeTag(created_at, time_zone)}${undone_at !== null && html`, and taken back on ${timeTag(undone_at, time_zone)}`}.</p>
<dl class="facts">
<div><dt>Lines read</dt><dd>${run.rows_read}</dd></div>
<div><dt>New customers</dt><dd>${run.created_count}</dd></div>
<div><dt>Here before</dt><dd>${run.known_count}, left as they were</dd></div>
<div><dt>Not taken</dt><dd>${run.refused.length}</dd></div></dl>
${folded('Not taken, and why', run.refused.map(refusedItem))}
${folded('To look at', run.notices.map(noticeItem))}
${undone_at === null && mayDo(visit, 'import.undo') && undoSection(visit, run, refusal)}`,
  };
}

/** Taking it back; when some customers have visits by now, it says whom it would keep. */
function undoSection(
  visit: PageRequest,
  { reference, created_count }: Import,
  refusal: Refusal | undefined,
): Markup {
  return html`<section aria-labelledby="back"><h2 id="back">Take it back</h2>
<form method="post" action="/imports/${reference}/undo" class="card narrow">${formFields(visit)}
${refusal && html`<p class="problem" role="alert">${refusal.problem}</p><input type="hidden" name="partly" value="yes">`}
<p>${refusal ? 'The others can go: whoever has visits, or was changed by somebody since, stays.' : `Removes the ${countOf(created_count)} that came with this file, with their addresses and notes. Each of them can be brought back.`}</p>
<button class="danger stop">${refusal ? 'Take back the others' : 'Take this import back'}</button></form></section>`;
}

/** Takes an import back, as far as possible when that was pressed. */
export function undoImport(visit: PageRequest): Promise<Answer> {
  return attempt(
    visit,
    'import.undo',
    async ({ partly = '' }) => {
      const { id, reference } = await readImport(visit);
      const { data, warnings } = await submit(visit, 'import.undo', {
        import_id: id,
        ...(partly === 'yes' ? { as_far_as_possible: true } : {}),
      });
      const stays = Array.isArray(data.stays) ? data.stays.length : 0;
      const removed = Number(data.contacts_removed);
      const stay = stays === 0 ? '' : `; ${stays} ${stays === 1 ? 'stays' : 'stay'}`;
      const done = `${countOf(removed)} ${removed === 1 ? 'is' : 'are'} removed${stay}.`;
      return { redirect: `/imports/${reference}`, said: { done, warnings } };
    },
    refusal => showImport(visit, { ...refusal, problem: refusal.problem.replace(/ Say as_far.*$/, '') }),
  );
}
