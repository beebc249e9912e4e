import { z } from 'zod';
import { deletedPreset } from '../../core/kernel/records/derive.ts';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { capital } from '../../core/kernel/words/capital.ts';
import { type Fact, factList, timeTag } from '../format.ts';
import { formFields } from '../forms.ts';
import { historyEntry, historyList } from '../history.ts';
import { type Content, html, type Markup } from '../html.ts';
import { type Page, type PageRequest, readList, recordOf } from '../site.ts';
import { plain } from '../words.ts';
import { childSections, readChildren, rowsOf } from './children.ts';
import { fieldFacts } from './facts.ts';
import { joinSections, joinsOf } from './joins.ts';
import {
  bestPathOf,
  deletedListOf,
  headingOf,
  kindOf,
  mayVerb,
  nameOf,
  nounOf,
  pathOf,
  referenceBeside,
} from './kind.ts';
import { type Names, readNames } from './names.ts';
import { type ShownRow, titleOf } from './value.ts';
import { ownWays } from './ways.ts';

const anyRow = z.record(z.string(), z.unknown());

/** Why something about a row could not be done; said on its page. */
export interface Refusal {
  problem: string;
  status: number;
}

/** `/records/<plural>/<reference>`: everything of one row, what points to it, and what happened with it. */
export async function showRecord(request: PageRequest, refusal?: Refusal): Promise<Page> {
  const record = kindOf(request);
  const { rows } = await readList(request, record.plural, anyRow, {
    id: recordOf(request),
    include: ['audit_trail', ...joinsOf(request, record)],
  });
  const row = rows[0] ?? {};
  const sections = await readChildren(request, record, row);
  const names = await readNames(request, [{ record, rows: [row] }, ...rowsOf(sections)]);
  return rowPage(request, record, row, {
    refusal,
    ways: waysFrom(request, record, row),
    names,
    sections: [...joinSections(request, record, row), ...childSections(request, { sections, row, names })],
    end: mayVerb(request, record, 'delete') && deleteForm(request, record, row),
  });
}

/** `/records/<plural>/<reference>/deleted`: what a deleted row held, and the way back. */
export async function showDeleted(request: PageRequest, refusal?: Refusal): Promise<Page> {
  const record = kindOf(request);
  const { rows } = await readList(request, record.plural, anyRow, {
    id: recordOf(request),
    ...(record.soft_deletes ? { filter: deletedPreset } : {}),
    include: ['audit_trail'],
  });
  const row = rows[0] ?? {};
  const { time_zone } = request.identity.organization;
  return rowPage(request, record, row, {
    refusal,
    ways: html`<p class="links"><a href="${deletedListOf(record)}">All deleted ${headingOf(record).toLowerCase()}</a></p>
<p class="warning">This ${nounOf(record)} was deleted on ${timeTag(String(row.deleted_at), time_zone)}.</p>
${mayVerb(request, record, 'restore') && restoreForm(request, record, row)}`,
    names: await readNames(request, [{ record, rows: [row] }]),
  });
}

interface Parts {
  refusal: Refusal | undefined;
  ways: Markup;
  names: Names;
  sections?: readonly Markup[];
  end?: Content;
}

function rowPage(
  request: PageRequest,
  record: RecordSpec,
  row: ShownRow,
  { refusal, ways, names, sections, end }: Parts,
): Page {
  const name = headed(nameOf(record, row), record);
  const reference = referenceBeside(record, row);
  // A name that is what it is, such as “Place on the waitlist WL-1”, says so already.
  const isSaid = name.toLowerCase().startsWith(nounOf(record).toLowerCase());
  const added: Fact = [
    titleOf('created_at'),
    timeTag(String(row.created_at), request.identity.organization.time_zone),
  ];
  return {
    title: name,
    ...(refusal ? { status: refusal.status } : {}),
    body: html`<h1><bdi>${name}</bdi></h1>
${beside(reference, isSaid ? undefined : nounOf(record))}
${refusal && html`<p class="problem" role="alert">${refusal.problem}</p>`}
${ways}
${factList([...fieldFacts(request, record, { row, names }), added])}
${sections}
<details class="fold"><summary><b>History</b></summary>${history(request, record, row)}</details>
${end}`,
  };
}

/** Our own words begin a heading like a sentence; what people wrote stays as it is. */
const headed = (name: string, { fields }: RecordSpec): string =>
  Object.values(fields).some(({ label, whose }) => label && whose === 'ours') ? capital(name) : name;

const beside = (reference: string | undefined, noun: string | undefined): Markup | false =>
  (reference ?? noun) !== undefined &&
  html`<p>${reference !== undefined && html`<code>${reference}</code>`}${reference !== undefined && noun !== undefined && ' · '}${noun !== undefined && html`<span class="hint">${noun}</span>`}</p>`;

function waysFrom(request: PageRequest, record: RecordSpec, row: ShownRow): Markup {
  const best = bestPathOf(request, record, row);
  return html`<p class="links">${mayVerb(request, record, 'update') && html`<a href="${pathOf(record, row)}/edit">Edit</a> `}${ownWays(request, record, row)}${best !== pathOf(record, row) && html`<a href="${best}">${capital(nounOf(record))} page</a> `}<a href="/records/${record.plural}">All ${headingOf(record).toLowerCase()}</a></p>`;
}

function history(request: PageRequest, { name }: RecordSpec, row: ShownRow): Markup {
  const entries = z.array(historyEntry).safeParse(row.audit_trail);
  const { time_zone, currency, country } = request.identity.organization;
  const { registry } = request.site.app;
  return historyList(entries.success ? entries.data : [], name, { registry, time_zone, currency, country });
}

const deleteForm = (
  request: PageRequest,
  record: RecordSpec,
  row: ShownRow,
): Markup => html`<details class="fold"><summary>Delete this ${nounOf(record)}</summary>
<form method="post" action="${pathOf(record, row)}/delete">${formFields(request)}<p class="hint">${plain(record.actions.delete?.summary ?? '')}</p>
<button class="stop">Delete ${nounOf(record)}</button></form></details>`;

const restoreForm = (request: PageRequest, record: RecordSpec, row: ShownRow): Markup =>
  html`<form method="post" action="${pathOf(record, row)}/restore">${formFields(request)}<button>Restore ${nounOf(record)}</button></form>`;
