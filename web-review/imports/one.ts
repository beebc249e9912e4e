import { z } from 'zod';
import { notTakenCsv } from '../../core/import/not-taken.ts';
import { nothingTaken } from '../../core/import/nothing-taken.ts';
import { countRows } from '../../core/import/words.ts';
import { attempt, type Refusal } from '../attempt.ts';
import { timeTag } from '../format.ts';
import { formFields, submit } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import {
  type Answer,
  mayDo,
  type Page,
  type PageRequest,
  type PaperFile,
  readList,
  recordOf,
} from '../site.ts';
import { folded, noticeItem, refusedItem } from './report.ts';
import { grouped, kindTitles, rowsOf } from './understood.ts';

const remark = z.object({
  row: z.number(),
  name: z.string().optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
  cells: z.array(z.string()).optional(),
});

const importRow = z.object({
  id: z.string(),
  reference: z.string(),
  kind: z.string(),
  file_name: z.string().nullable(),
  rows_read: z.number(),
  created_count: z.number(),
  known_count: z.number(),
  taken_rows: z.number(),
  matched_rows: z.number(),
  refused_count: z.number(),
  columns: z.array(z.string()),
  is_finished: z.boolean(),
  read_kb: z.number(),
  file_kb: z.number(),
  updated_at: z.string(),
  refused: z.array(remark),
  notices: z.array(remark),
  undone_at: z.string().nullable(),
  created_at: z.string(),
});
type Import = z.infer<typeof importRow>;

async function readImport(request: PageRequest): Promise<Import> {
  const query = { id: recordOf(request), fields: Object.keys(importRow.shape) };
  return importRow.parse((await readList(request, 'imports', importRow, query)).rows[0]);
}

/** `/imports/I-1`: what came of an import, and the way back. */
export async function showImport(request: PageRequest, refusal?: Refusal): Promise<Page> {
  const run = await readImport(request);
  const { file_name, created_at, undone_at, kind, reference } = run;
  const title = file_name ?? kindTitles[kind] ?? 'Import';
  const { time_zone } = request.identity.organization;
  const isNothing = isNothingTaken(run);
  return {
    title,
    styles: ['office.css', 'imports.css'],
    status: refusal?.status ?? 200,
    body: html`<p class="links"><a href="/imports">Import</a> <a href="/contacts">Customers</a></p>
<h1><bdi>${title}</bdi></h1>
${isNothing && html`<p class="problem" role="alert">Nothing was taken over: all of its lines were refused, and each says why.</p>`}
<p class="lead">${isNothing ? 'Tried' : run.is_finished ? 'Taken over' : 'Begun'} on ${timeTag(created_at, time_zone)}${undone_at !== null && html`, and taken back on ${timeTag(undone_at, time_zone)}`}.</p>
${!run.is_finished && undone_at === null && howFar(run)}
<dl class="facts">
<div><dt>Lines read</dt><dd>${grouped(run.rows_read)}</dd></div>
<div><dt>New ${rowsOf(kind)}</dt><dd>${grouped(run.created_count)}</dd></div>
<div><dt>Here before</dt><dd>${grouped(Math.max(run.known_count, run.matched_rows))}, left as they were</dd></div>
<div><dt>Not taken</dt><dd>${grouped(Math.max(run.refused.length, run.refused_count))}</dd></div></dl>
${folded('Not taken, and why', run.refused.map(refusedItem), Math.max(0, run.refused_count - run.refused.length))}
${
  run.refused.some(({ cells }) => cells) &&
  html`<p><a class="button quiet" href="/imports/${reference}/not-taken.csv">Lines not taken, as a file</a></p>
<p class="hint">Mend them in that file and import it again: only what is mended comes in.</p>`
}
${folded('To look at', run.notices.map(noticeItem))}
${undone_at === null && !isNothing && mayDo(request, 'import.undo') && undoSection(request, run, refusal)}`,
  };
}

/** Of a large file the last part decides. */
const isNothingTaken = ({ is_finished, created_count, known_count, refused_count, ...run }: Import) =>
  is_finished &&
  created_count + known_count === 0 &&
  nothingTaken({ ...run, refused_rows: refused_count, dry_run: false }) !== undefined;

/** A part takes seconds: when none came for a minute, whoever took them over is gone. */
const stopped_seconds = 60;

/** Whether the parts of a large file that is not read to its end still come. */
export const isGoingOn = ({ updated_at }: Pick<Import, 'updated_at'>): boolean =>
  Date.now() - Date.parse(updated_at) < stopped_seconds * 1000;

/** Of a large file that is not read to its end: how far it is, or that it has stopped and how it goes on. */
function howFar(run: Import): Markup {
  const { reference, rows_read, read_kb, file_kb } = run;
  const part = Math.min(99, Math.floor((100 * read_kb) / Math.max(1, file_kb)));
  const lines = `${grouped(rows_read)} lines`;
  const isGoing = isGoingOn(run);
  return html`<section class="card narrow" aria-labelledby="far"><h2 id="far">${isGoing ? `${part} % so far` : `Stopped after ${lines}`}</h2>
<p><progress max="100" value="${part}" aria-labelledby="far">${part} %</progress></p>
${
  isGoing
    ? html`<p>${lines} are taken over. It goes on by itself; you can leave this page.</p><p><a class="button" href="/imports/${reference}">See how far it is now</a></p>`
    : html`<p>What was read is taken over. <a href="/imports">Choose the same file again</a>, and it goes on from there.</p>`
}</section>`;
}

/** Taking it back; when some customers have visits by now, it says whom it would keep. */
function undoSection(
  request: PageRequest,
  { reference, created_count, kind }: Import,
  refusal: Refusal | undefined,
): Markup {
  return html`<section aria-labelledby="back"><h2 id="back">Take it back</h2>
<form method="post" action="/imports/${reference}/undo" class="card narrow">${formFields(request)}
${refusal && html`<p class="problem" role="alert">${refusal.problem}</p><input type="hidden" name="partly" value="yes">`}
<p>${refusal ? 'The others can go: what is in use, was billed, or was changed by somebody since, stays.' : `Removes the ${countRows(created_count, kind)} that came with this file, with what came along.${kind === 'contacts' ? ' Each of them can be brought back.' : ''}`}</p>
<button class="danger stop">${refusal ? 'Take back the others' : 'Take this import back'}</button></form></section>`;
}

/** Takes an import back, as far as possible when that was pressed. */
export function undoImport(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'import.undo',
    async ({ partly = '' }) => {
      const { id, reference } = await readImport(request);
      const { data, warnings } = await submit(request, 'import.undo', {
        import_id: id,
        ...(partly === 'yes' ? { as_far_as_possible: true } : {}),
      });
      const stays = Array.isArray(data.stays) ? data.stays.length : 0;
      const [customers, others] = [Number(data.contacts_removed), Number(data.others_removed)];
      const removed = [
        (customers > 0 || others === 0) && countRows(customers, 'contacts'),
        others > 0 && `${others} ${others === 1 ? 'other record' : 'other records'}`,
      ].filter(Boolean);
      const stay = stays === 0 ? '' : `; ${stays} ${stays === 1 ? 'stays' : 'stay'}`;
      const done = `${removed.join(' and ')} ${customers + others === 1 ? 'is' : 'are'} removed${stay}.`;
      return { redirect: `/imports/${reference}`, said: { done, warnings } };
    },
    refusal => showImport(request, { ...refusal, problem: refusal.problem.replace(/ Say as_far.*$/, '') }),
  );
}

/** `/imports/I-1/not-taken.csv`: the lines that were not taken, to be mended and imported again. */
export async function notTakenFile(request: PageRequest): Promise<PaperFile> {
  const { reference, columns, refused } = await readImport(request);
  return {
    file: Buffer.from(notTakenCsv(columns, refused)),
    name: `${reference}-not-taken.csv`,
    content_type: 'text/csv; charset=utf-8',
  };
}
