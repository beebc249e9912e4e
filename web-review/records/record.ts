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
export async function showRecord(visit: PageRequest, refusal?: Refusal): Promise<Page> {
  const record = kindOf(visit);
  const { rows } = await readList(visit, record.plural, anyRow, {
    id: recordOf(visit),
    include: ['audit_trail', ...joinsOf(visit, record)],
  });
  const row = rows[0] ?? {};
  const sections = await readChildren(visit, record, row);
  const names = await readNames(visit, [{ record, rows: [row] }, ...rowsOf(sections)]);
  return rowPage(visit, record, row, {
    refusal,
    ways: waysFrom(visit, record, row),
    names,
    sections: [...joinSections(visit, record, row), ...childSections(visit, { sections, row, names })],
    end: mayVerb(visit, record, 'delete') && deleteForm(visit, record, row),
  });
}

/** `/records/<plural>/<reference>/deleted`: what a deleted row held, and the way back. */
export async function showDeleted(visit: PageRequest, refusal?: Refusal): Promise<Page> {
  const record = kindOf(visit);
  const { rows } = await readList(visit, record.plural, anyRow, {
    id: recordOf(visit),
    ...(record.soft_deletes ? { filter: deletedPreset } : {}),
    include: ['audit_trail'],
  });
  const row = rows[0] ?? {};
  const { time_zone } = visit.identity.organization;
  return rowPage(visit, record, row, {
    refusal,
    ways: html`<p class="links"><a href="${deletedListOf(record)}">All deleted ${headingOf(record).toLowerCase()}</a></p>
<p class="warning">This ${nounOf(record)} was deleted on ${timeTag(String(row.deleted_at), time_zone)}.</p>
${mayVerb(visit, record, 'restore') && restoreForm(visit, record, row)}`,
    names: await readNames(visit, [{ record, rows: [row] }]),
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
  visit: PageRequest,
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
    timeTag(String(row.created_at), visit.identity.organization.time_zone),
  ];
  return {
    title: name,
    ...(refusal ? { status: refusal.status } : {}),
    body: html`<h1><bdi>${name}</bdi></h1>
${beside(reference, isSaid ? undefined : nounOf(record))}
${refusal && html`<p class="problem" role="alert">${refusal.problem}</p>`}
${ways}
${factList([...fieldFacts(visit, record, { row, names }), added])}
${sections}
<details class="fold"><summary><b>History</b></summary>${history(visit, record, row)}</details>
${end}`,
  };
}

/** Our own words begin a heading like a sentence; what people wrote stays as it is. */
const headed = (name: string, { fields }: RecordSpec): string =>
  Object.values(fields).some(({ label, whose }) => label && whose === 'ours') ? capital(name) : name;

const beside = (reference: string | undefined, noun: string | undefined): Markup | false =>
  (reference ?? noun) !== undefined &&
  html`<p>${reference !== undefined && html`<code>${reference}</code>`}${reference !== undefined && noun !== undefined && ' · '}${noun !== undefined && html`<span class="hint">${noun}</span>`}</p>`;

function waysFrom(visit: PageRequest, record: RecordSpec, row: ShownRow): Markup {
  const best = bestPathOf(visit, record, row);
  return html`<p class="links">${mayVerb(visit, record, 'update') && html`<a href="${pathOf(record, row)}/edit">Edit</a> `}${ownWays(visit, record, row)}${best !== pathOf(record, row) && html`<a href="${best}">${capital(nounOf(record))} page</a> `}<a href="/records/${record.plural}">All ${headingOf(record).toLowerCase()}</a></p>`;
}

function history(visit: PageRequest, { name }: RecordSpec, row: ShownRow): Markup {
  const entries = z.array(historyEntry).safeParse(row.audit_trail);
  const { time_zone, currency } = visit.identity.organization;
  const { registry } = visit.site.app;
  return historyList(entries.success ? entries.data : [], name, { registry, time_zone, currency });
}

const deleteForm = (
  visit: PageRequest,
  record: RecordSpec,
  row: ShownRow,
): Markup => html`<details class="fold"><summary>Delete this ${nounOf(record)}</summary>
<form method="post" action="${pathOf(record, row)}/delete">${formFields(visit)}<p class="hint">${plain(record.actions.delete?.summary ?? '')}</p>
<button class="stop">Delete ${nounOf(record)}</button></form></details>`;

const restoreForm = (visit: PageRequest, record: RecordSpec, row: ShownRow): Markup =>
  html`<form method="post" action="${pathOf(record, row)}/restore">${formFields(visit)}<button>Restore ${nounOf(record)}</button></form>`;
