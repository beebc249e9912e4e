import { Readable } from 'node:stream';
import { z } from 'zod';
import { exportKinds, exportStates, keptDays } from '../../core/exports/record.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { attempt, problemElse, type Refusal } from '../attempt.ts';
import { showDay, timeTag } from '../format.ts';
import { formFields, submit } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { type Answer, mayDo, mayRead, type Page, type PageRequest, readList, recordOf } from '../site.ts';
import { deletion } from './delete.ts';

export const exportsPath = '/exports';

const exportRow = z.object({
  id: z.string(),
  reference: z.string(),
  title: z.string(),
  status: z.enum(exportStates),
  kind: z.enum(exportKinds),
  contact_id: z.string().nullable(),
  rows_count: z.number().nullable(),
  size_bytes: z.number().nullable(),
  error: z.string().nullable(),
  asked_by: z.string(),
  expires_at: z.string().nullable(),
  created_at: z.string(),
});
export type ExportRow = z.infer<typeof exportRow>;

/** `/exports`: taking everything out, and what was taken out before. */
export async function showExports(request: PageRequest, refusal?: Refusal): Promise<Page> {
  if (!mayRead(request, 'exports')) throw new DeskhandError('NOT_FOUND', 'There is nothing at this address.');
  const query = { fields: Object.keys(exportRow.shape), sort: '-created_at', limit: 50 };
  const [{ rows }, waiting] = await Promise.all([
    readList(request, 'exports', exportRow, query),
    mayRead(request, 'business_deletion') ? readList(request, 'business_deletion', deletion) : undefined,
  ]);
  const [asked] = waiting?.rows ?? [];
  return {
    title: 'Export',
    status: refusal?.status ?? 200,
    body: html`<h1>Export</h1>
${asked && html`<p class="problem">The business is deleted on ${showDay(asked.delete_at, request.identity.organization.time_zone)}, with everything. <a href="${exportsPath}/delete">Keep it</a></p>`}
<p class="lead">Everything of the business in one file: customers, visits, invoices, payments, messages, notes, people, settings and the whole history.</p>
<p class="hint">Another Deskhand brings it back as it was. Passwords, keys and links that open something stay behind. A single list has its own button: <a href="/records">All lists</a>.</p>
${mayDo(request, 'export.run') && runForm(request, rows, refusal)}
<section aria-labelledby="before"><h2 id="before">Exports so far</h2>
${rows.length === 0 && html`<p class="empty">Nothing was taken out yet.</p>`}
${rows.length > 0 && html`<ul class="list">${rows.map(row => exportItem(request, row))}</ul>`}</section>
${mayRead(request, 'business_deletion') && html`<p class="links"><a href="${exportsPath}/delete">Delete the business</a></p>`}`,
  };
}

function runForm(request: PageRequest, rows: readonly ExportRow[], refusal: Refusal | undefined): Markup {
  const isUnderWay = rows.some(({ kind, status }) => kind === 'everything' && status === 'waiting');
  return html`<form method="post" action="${exportsPath}" class="card narrow">${formFields(request)}${problemElse(refusal, [])}
<p class="hint">It holds your customers’ names, addresses and telephone numbers: keep it where only you can read it. The file stays here for ${keptDays} days.</p>
${isUnderWay ? html`<p role="status">The file is being written. <a href="${exportsPath}">Look again</a></p>` : html`<button>Export everything</button>`}</form>`;
}

const stateWords: Readonly<Record<ExportRow['status'], string>> = {
  waiting: 'being written',
  ready: 'ready',
  taken: 'taken on the server',
  failed: 'failed',
  gone: 'file removed',
};

function exportItem(request: PageRequest, row: ExportRow): Markup {
  const { time_zone } = request.identity.organization;
  const {
    reference,
    title,
    kind,
    contact_id,
    status,
    rows_count,
    size_bytes,
    error,
    asked_by,
    expires_at,
    created_at,
  } = row;
  const size =
    rows_count !== null &&
    size_bytes !== null &&
    html`, ${rows_count.toLocaleString('en-US')} records, ${sizeWords(size_bytes)}`;
  return html`<li><span class="main">${kind === 'customer' && contact_id !== null ? html`All about <a href="/contacts/${contact_id}"><bdi>${title}</bdi></a>` : title}</span> <span class="badge${status === 'failed' && ' trouble'}">${stateWords[status]}</span>
<p class="hint">${timeTag(created_at, time_zone)} by <bdi>${asked_by}</bdi>${size}${status === 'ready' && expires_at !== null && html`, kept until ${timeTag(expires_at, time_zone)}`}</p>
${error !== null && html`<p class="problem">${error}</p>`}
${status === 'ready' && html`<p class="buttons"><a class="button" href="${exportsPath}/${reference}/file" download>Download</a></p>`}</li>\n`;
}

/** `12 KB`, `3.4 MB`. */
export function sizeWords(bytes: number): string {
  const [unit, size] =
    bytes < 1e6 ? ['KB', bytes / 1e3] : bytes < 1e9 ? ['MB', bytes / 1e6] : ['GB', bytes / 1e9];
  return `${size < 10 ? Math.max(0.1, size).toFixed(1) : Math.round(size).toLocaleString('en-US')} ${unit}`;
}

/** Asks for the file and shows the list, where it appears. */
export function runFromForm(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'export.run',
    async () => {
      const { warnings } = await submit(request, 'export.run', {});
      return {
        redirect: exportsPath,
        said: { done: 'The file is being written; it appears below.', warnings },
      };
    },
    refusal => showExports(request, refusal),
  );
}

const part = z.object({ name: z.string(), bytes: z.string(), parts: z.number(), size_bytes: z.number() });

/** The file of an export, for whoever may see it, as long as it is kept; read part by part while it is sent. */
export async function fetchExport(request: PageRequest): Promise<Answer> {
  const export_id = recordOf(request);
  const read = async (number: number) => {
    const params = { export_id, part: number };
    const [found] = (await readList(request, 'export_file', part, { params })).rows;
    if (!found) throw gone();
    return found;
  };
  const first = await read(0);
  const rest = async function* () {
    yield Buffer.from(first.bytes, 'base64');
    for (let number = 1; number < first.parts; number++)
      yield Buffer.from((await read(number)).bytes, 'base64');
  };
  return {
    stream: Readable.from(rest(), { objectMode: false }),
    bytes: first.size_bytes,
    name: first.name,
    content_type: 'application/zip',
  };
}

const gone = () =>
  new DeskhandError('NOT_FOUND', 'This file is not here any more.', {
    hint: 'Export again on the page /exports.',
  });
