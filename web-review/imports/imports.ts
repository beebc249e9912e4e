import { z } from 'zod';
import { report } from '../../core/import/csv/report.ts';
import { importInParts, unfinishedImports } from '../../core/import/in-parts.ts';
import { nothingTaken } from '../../core/import/nothing-taken.ts';
import { countRows } from '../../core/import/words.ts';
import { counted } from '../../core/kernel/words/plural.ts';
import { attempt, problemAt, problemElse, type Refusal } from '../attempt.ts';
import { timeTag } from '../format.ts';
import { formFields, submit, submitPart } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { field } from '../settings/fields.ts';
import { type Answer, mayDo, type Page, type PageRequest, readList } from '../site.ts';
import { isGoingOn } from './one.ts';
import { planOf, type Report } from './report.ts';
import {
  answersOf,
  columnsOf,
  firstRows,
  grouped,
  kindChoice,
  kindTitles,
  questionsOf,
  rowsOf,
  sayings,
  understood,
} from './understood.ts';
import { fileOf, keptText, largestWords, type Uploaded } from './upload.ts';

const importRow = z.object({
  reference: z.string(),
  kind: z.string(),
  file_name: z.string().nullable(),
  rows_read: z.number(),
  created_count: z.number(),
  is_finished: z.boolean(),
  updated_at: z.string(),
  undone_at: z.string().nullable(),
  created_at: z.string(),
});

/** What stands beside an import that is not as it should stay. */
const standing = (run: z.infer<typeof importRow>): Markup | false => {
  if (run.undone_at !== null) return html` <span class="badge">taken back</span>`;
  if (run.is_finished) return false;
  return isGoingOn(run)
    ? html` <span class="badge">under way</span>`
    : html` <span class="badge trouble">stopped</span>`;
};

/** `/imports`: taking over what stands in another program, and what was taken over before. */
export async function listImports(request: PageRequest, refusal?: Refusal): Promise<Page> {
  const query = { fields: Object.keys(importRow.shape), sort: '-created_at', limit: 50 };
  const { rows } = await readList(request, 'imports', importRow, query);
  const { time_zone } = request.identity.organization;
  return {
    title: 'Import',
    status: refusal?.status ?? 200,
    body: html`<h1>Import</h1>
<p class="hint">Bring what you have: customers, past visits, services and prices, inquiries, notes. Export them in the program you use now (Square, Jobber, Housecall Pro, QuickBooks, HubSpot, Google Contacts, Outlook or any other), and choose the file here. Customers come first, then their visits.</p>
${mayDo(request, 'import.csv') && chooseForm(request, refusal)}
<section aria-labelledby="before"><h2 id="before">Imports so far</h2>
${rows.length === 0 && html`<p class="empty">Nothing was imported yet.</p>`}
${
  rows.length > 0 &&
  html`<ul class="list">${rows.map(row => {
    const { reference, kind, file_name, rows_read, created_count, created_at } = row;
    return html`<li><a class="main" href="/imports/${reference}"><bdi>${file_name ?? kindTitles[kind] ?? 'A file'}</bdi></a>${standing(row)}
<p class="hint">${timeTag(created_at, time_zone)}: ${grouped(created_count)} of ${counted(rows_read, 'line')} became new ${rowsOf(kind)}</p></li>\n`;
  })}</ul>`
}</section>`,
  };
}

const chooseForm = (request: PageRequest, refusal: Refusal | undefined): Markup =>
  html`<form method="post" action="/imports/look" enctype="multipart/form-data" class="card narrow">${formFields(request)}${problemElse(refusal, ['file', 'content'])}
${field(
  {
    name: 'file',
    label: 'The file (CSV, vCard or calendar)',
    hint: `At most ${largestWords}. Nothing is taken yet: first you see what would come of it.`,
    problem: problemAt(refusal, 'file') ?? problemAt(refusal, 'content'),
  },
  attributes =>
    html`<input${attributes} type="file" accept=".csv,.tsv,.txt,.vcf,.ics,text/csv,text/vcard,text/calendar" required>`,
)}
<button>Look at it first</button></form>`;

const bodyOf = ({ bytes }: Uploaded) => ({ content: bytes.toString('base64'), encoding: 'base64' });
const namedBody = (file: Uploaded) => ({
  ...bodyOf(file),
  ...(file.name === '' ? {} : { file_name: file.name.replace(/\s+/g, ' ').slice(0, 200) }),
});

/** What a file is, and what would come of it; the file and what was chosen go along in the page. */
export function lookAt(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'import.csv',
    async typed => lookPage(request, await fileOf(request, typed), typed),
    refusal => backWith(request, refusal),
  );
}

/** Beside the file where that is what is wrong, else on the page where it is looked at. */
async function backWith(request: PageRequest, refusal: Refusal): Promise<Page> {
  if (refusal.field === 'content' || refusal.field === 'file' || refusal.typed.kept === undefined) {
    return listImports(request, refusal);
  }
  // What was chosen last cannot be; the rest of it is shown again.
  const { kept = '', file_name = '', csrf_token = '' } = refusal.typed;
  const answers = Object.entries(refusal.typed).filter(
    ([name]) => name.startsWith('answer_') || name === 'kind',
  );
  const chosen = {
    kept,
    file_name,
    csrf_token,
    ...(refusal.field?.startsWith('answers') ? Object.fromEntries(answers) : {}),
  };
  const mapped = Object.entries(refusal.typed).filter(([name]) => /^map_|^columns$|^kind/.test(name));
  const all = refusal.field?.startsWith('answers') ? { ...Object.fromEntries(mapped), ...chosen } : chosen;
  return lookPage(request, await fileOf(request, refusal.typed), all, refusal);
}

async function lookPage(
  request: PageRequest,
  file: Uploaded,
  typed: Readonly<Record<string, string>>,
  refusal?: Refusal,
): Promise<Page> {
  const { site, caller, facts } = request;
  const said = sayings(typed);
  const look = await site.app.execute(
    caller,
    { action: 'import.preview_csv', data: { ...bodyOf(file), ...said } },
    facts,
  );
  const seen = understood.parse(look.data);
  const isReady = seen.questions.length === 0;
  const run = { action: 'import.csv', data: { ...bodyOf(file), ...said, kind: seen.kind, dry_run: true } };
  const plan = isReady ? report.parse((await site.app.execute(caller, run, facts)).data) : undefined;
  const from = seen.source === null ? '' : ` from ${seen.source}`;
  return {
    title: 'What would be imported',
    styles: ['office.css', 'imports.css'],
    status: refusal?.status ?? 200,
    body: html`<h1>What would be imported</h1>
<p class="lead"><bdi>${file.name}</bdi>: ${grouped(seen.rows + seen.broken_rows)} lines${from}. Nothing is taken yet.${seen.remembered && html` Such a file was taken before; its columns are read as then.`}</p>
${refusal && html`<p class="problem" role="alert">${refusal.problem}</p>`}
<form method="post" action="/imports/run" enctype="multipart/form-data">${formFields(request)}<input type="hidden" name="file_name" value="${file.name}"><input type="hidden" name="kept" value="${await keptText(file)}"><input type="hidden" name="columns" value="${JSON.stringify(seen.columns)}">
${plan && planOf(plan)}
${plan?.created === 0 && nothingToTake(plan)}
<p class="buttons">${plan && plan.created > 0 && html`<button>Take over ${countRows(plan.created, plan.kind)}</button>`} <a class="button plain quiet" href="/imports">Choose another file</a></p>
${plan && html`<h2>How it was read</h2>`}
<div class="card narrow">${kindChoice(seen)}
${questionsOf(seen)}
${answersOf(seen)}
${columnsOf(seen)}
<p class="buttons"><button class="quiet" formaction="/imports/look">${isReady ? 'Look again' : 'Go on'}</button></p></div></form>
${firstRows(seen)}`,
  };
}

const nothingToTake = (plan: Report): Markup =>
  nothingTaken(plan) === undefined
    ? html`<p>Nothing in this file is new, so there is nothing to take.</p>`
    : html`<p class="problem" role="alert">Nothing in this file can be taken: all of its lines are refused, and each says why. Say below what the lines and columns are, or choose a file with the names of its columns in the first line and a row in each of the others.</p>`;

/** Files larger than that are taken part by part, while the page tells how far it is. */
const large_bytes = 1_000_000;

/** Square’s own export is understood as a whole (rows of one person stand far apart). */
const isTakenInParts = ({ bytes }: Uploaded): boolean =>
  bytes.length > large_bytes && !bytes.subarray(0, 4096).includes('Square Customer ID');

/**
 * Takes the first part of a large file, so that what is wrong with it is said at once, and leads to the page that tells how far it is;
 * the other parts follow behind it. Cut off, the same file chosen again goes on where it was.
 */
async function runInParts(
  request: PageRequest,
  file: Uploaded,
  said: Record<string, unknown>,
): Promise<Answer> {
  const { app } = request.site;
  const door = {
    execute: async (action: string, data: Record<string, unknown>) =>
      (await submitPart(request, action, data)).data,
    unfinished: async () =>
      (await app.read(request.caller, 'imports', unfinishedImports, request.facts)).rows,
  };
  const opened = {
    file_name: file.name,
    bytes: file.bytes.length,
    async *open() {
      yield file.bytes;
    },
  };
  const parts = importInParts(door, opened, said);
  const first = await parts.next();
  const reference = first.done ? undefined : first.value.import;
  if (reference === undefined || reference === null) throw new Error('an import has a part at least');
  const others = async () => {
    for await (const _ of parts);
  };
  // What was taken stays, and its page says that it has stopped.
  others().catch(() => undefined);
  return { redirect: `/imports/${reference}` };
}

/** Takes the file over and leads to its report. What is refused is said where the file still is. */
export function runImport(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'import.csv',
    async typed => {
      const file = await fileOf(request, typed);
      if (isTakenInParts(file)) return runInParts(request, file, sayings(typed));
      const { data, warnings } = await submit(request, 'import.csv', {
        ...namedBody(file),
        ...sayings(typed),
      });
      const { created, kind } = z.object({ created: z.number(), kind: z.string() }).parse(data);
      const done = `${countRows(created, kind)} ${created === 1 ? 'is' : 'are'} taken over.`;
      return { redirect: `/imports/${String(data.import)}`, said: { done, warnings } };
    },
    refusal => backWith(request, refusal),
  );
}
