import { z } from 'zod';
import type { Field } from '../../core/kernel/records/field.ts';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import type { ChildRelation } from '../../core/kernel/records/relations.ts';
import { timeTag } from '../format.ts';
import { formFields } from '../forms.ts';
import { historyEntry, historyList } from '../history.ts';
import { type Content, html, type Markup } from '../html.ts';
import { type Page, type PageRequest, readList, readMaybe, recordOf } from '../site.ts';
import { kindOf, mayBrowse, mayVerb, pathOf } from './kind.ts';
import { isEmpty, type ShownRow, showValue, titleOf } from './value.ts';

const anyRow = z.record(z.string(), z.unknown());

/** `/records/<plural>/<reference>`: everything of one row, what points to it, and what happened with it. */
export async function showRecord(visit: PageRequest): Promise<Page> {
  const record = kindOf(visit);
  const children = childrenOf(visit, record);
  const includes = [...children.map(({ to }) => to.as ?? ''), 'audit_trail'];
  const row =
    (await readList(visit, record.plural, anyRow, { id: recordOf(visit), include: includes })).rows[0] ?? {};
  const label = record.label({ ...row });
  return {
    title: label,
    scripts: [],
    body: html`<h1><bdi>${label}</bdi>${typeof row.reference === 'string' && html` <code>${row.reference}</code>`}</h1>
<p class="links"><a href="/records/${record.plural}">All ${record.plural.replaceAll('_', ' ')}</a>${mayVerb(visit, record, 'update') && html` <a href="${pathOf(record, row)}/edit">Edit</a>`}</p>
<dl class="facts">${await facts(visit, record, row)}</dl>
${children.map(child => childSection(visit, child, row))}
<details class="fold"><summary><b>History</b></summary>${history(visit, record, row)}</details>
${mayVerb(visit, record, 'delete') && html`<form method="post" action="${pathOf(record, row)}/delete">${formFields(visit)}<button class="quiet stop">Delete this ${record.noun}</button></form>`}`,
  };
}

/** The children that are shown with a row, each once. */
function childrenOf(visit: PageRequest, { name }: RecordSpec): ChildRelation[] {
  const all = visit.site.app.registry.relations.get(name) ?? [];
  return all.filter(({ to, child }) => to.as !== undefined && mayBrowse(visit, child));
}

async function facts(visit: PageRequest, record: RecordSpec, row: ShownRow): Promise<Markup[]> {
  const shown = Object.entries(record.fields).filter(
    ([name, field]) => !field.internal && !field.label && !isEmpty(row[name]),
  );
  const lines = await Promise.all(
    shown.map(async ([name, field]) => ({ name, value: await shownValue(visit, field, row, name) })),
  );
  const { time_zone } = visit.identity.organization;
  return [
    ...lines.map(({ name, value }) => html`<div><dt>${titleOf(name)}</dt><dd>${value}</dd></div>\n`),
    html`<div><dt>Added</dt><dd>${timeTag(String(row.created_at), time_zone)}</dd></div>\n`,
  ];
}

async function shownValue(visit: PageRequest, field: Field, row: ShownRow, name: string): Promise<Content> {
  const parent = field.to && visit.site.app.registry.records.get(field.to.record);
  return parent
    ? pointer(visit, parent, String(row[name]))
    : showValue(visit, { field, value: row[name], row });
}

/** The name of what a field points to, and the way to it. */
async function pointer(visit: PageRequest, record: RecordSpec, id: string): Promise<Content> {
  if (!mayBrowse(visit, record)) return 'not shown';
  const row = await readMaybe(visit, { type: record.plural, row: anyRow, id });
  if (!row) return 'deleted';
  return html`<a href="${pathOf(record, row)}"><bdi>${record.label({ ...row })}</bdi></a>`;
}

const listed = z.array(anyRow);

function childSection(visit: PageRequest, { child, to }: ChildRelation, row: ShownRow): Markup | false {
  const rows = listed.safeParse(row[to.as ?? '']);
  if (!rows.success || rows.data.length === 0) return false;
  return html`<section><h2>${titleOf(to.as ?? '')}</h2>
<ul class="plain rows">${rows.data.map(one => childItem(visit, child, one))}</ul></section>`;
}

function childItem(visit: PageRequest, child: RecordSpec, row: ShownRow): Markup {
  const facts = Object.entries(child.fields).filter(([name, { to }]) => !to && !isEmpty(row[name]));
  const first = String(row.reference ?? row.id ?? '');
  return html`<li><p>${first !== '' && html`<a class="main" href="${pathOf(child, row)}">${first}</a> `}${facts.map(
    ([name, field], index) =>
      html`${index > 0 && ' · '}${showValue(visit, { field, value: row[name], row, short: true })}`,
  )}</p></li>\n`;
}

function history(visit: PageRequest, { name }: RecordSpec, row: ShownRow): Markup {
  const entries = z.array(historyEntry).safeParse(row.audit_trail);
  const { time_zone, currency } = visit.identity.organization;
  const { registry } = visit.site.app;
  return historyList(entries.success ? entries.data : [], name, { registry, time_zone, currency });
}
