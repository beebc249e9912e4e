import { z } from 'zod';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { isIndexed } from '../../core/kernel/search/indexed.ts';
import { words } from '../format.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { type Page, type PageRequest, readList, textOf } from '../site.ts';
import { headingOf, kindOf, mayVerb, pathOf } from './kind.ts';
import { isEmpty, type ShownRow, showValue, titleOf } from './value.ts';

const anyRow = z.record(z.string(), z.unknown());

/** What a list is asked for in its address. */
interface Asked {
  search: string;
  filter: string;
  sort: string;
  cursor: string;
  params: Record<string, string>;
}

/** `/records/<plural>`: the rows of a record with search, filters, sorting and pages, from its fields. */
export async function listRecords(visit: PageRequest): Promise<Page> {
  const record = kindOf(visit);
  const asked = readAsked(visit, record);
  const { rows, next_cursor } = await readList(visit, record.plural, anyRow, {
    params: asked.params,
    references: true,
    limit: 50,
    fields: fieldsOf(record),
    ...(asked.search === '' ? {} : { search: asked.search }),
    ...(asked.filter === '' ? {} : { filter: asked.filter }),
    ...(asked.sort === '' ? {} : { sort: asked.sort }),
    ...(asked.cursor === '' ? {} : { cursor: asked.cursor }),
  });
  const heading = headingOf(record);
  return {
    title: heading,
    body: html`<h1>${heading}</h1>
<p class="hint">${record.summary}</p>
${mayVerb(visit, record, 'create') && html`<p><a class="button" href="/records/${record.plural}/new">New ${record.noun}</a></p>`}
${filterForm(record, asked)}
${rows.length === 0 && html`<p class="empty">Nothing here${isPlain(asked) ? ' yet' : ' that fits'}.</p>`}
<ul class="plain rows">${rows.map(row => item(visit, record, row))}</ul>
${next_cursor !== undefined && html`<p><a class="button" rel="next" href="${addressOf(record, { ...asked, cursor: next_cursor })}">More</a></p>`}`,
  };
}

const fieldsOf = (record: RecordSpec): string[] => [
  ...new Set([
    ...record.default_fields,
    ...(record.fields.currency ? ['currency'] : []),
    ...labelFields(record),
  ]),
];

const labelFields = ({ fields }: RecordSpec): string[] =>
  Object.entries(fields).flatMap(([name, { label }]) => (label ? [name] : []));

function readAsked({ request }: PageRequest, record: RecordSpec): Asked {
  const { query } = request;
  const params = Object.keys(record.params.shape).flatMap(name => {
    const text = textOf(query, `by_${name}`).trim();
    return text === '' ? [] : [[name, text] as const];
  });
  return {
    search: textOf(query, 'q').trim().slice(0, 200),
    filter: textOf(query, 'filter'),
    sort: textOf(query, 'sort'),
    cursor: textOf(query, 'cursor'),
    params: Object.fromEntries(params),
  };
}

const isPlain = ({ search, filter, params }: Asked): boolean =>
  search === '' && filter === '' && Object.keys(params).length === 0;

function addressOf({ plural }: RecordSpec, { search, filter, sort, cursor, params }: Asked): string {
  const query = new URLSearchParams({
    ...(search === '' ? {} : { q: search }),
    ...(filter === '' ? {} : { filter }),
    ...(sort === '' ? {} : { sort }),
    ...Object.fromEntries(Object.entries(params).map(([name, text]) => [`by_${name}`, text])),
    ...(cursor === '' ? {} : { cursor }),
  });
  return `/records/${plural}${query.size === 0 ? '' : `?${query}`}`;
}

function filterForm(record: RecordSpec, asked: Asked): Markup {
  const presets = Object.entries(record.filters ?? {});
  return html`<form method="get" action="/records/${record.plural}" class="search">
${
  isIndexed(record) &&
  html`<label for="words">Words</label>
<input id="words" name="q" type="search" maxlength="200" value="${asTyped(asked.search)}">`
}
<details class="fold"${!isPlain({ ...asked, search: '' }) && html` open`}><summary>Filter and sort</summary><div class="fields">
${
  presets.length > 0 &&
  choice(
    'filter',
    'Only',
    presets.map(([name, { summary }]) => [name, summary]),
    asked.filter,
  )
}
${Object.keys(record.params.shape).map(name => filterField(record, name, asked.params[name] ?? ''))}
${choice('sort', 'Sorted by', sortsOf(record), asked.sort)}
</div></details>
<button class="quiet">Show</button>
</form>`;
}

const sortsOf = (record: RecordSpec): (readonly [string, string])[] =>
  record.sorts.flatMap(name => [
    [name, `${titleOf(name)}, up`],
    [`-${name}`, `${titleOf(name)}, down`],
  ]);

function filterField(record: RecordSpec, name: string, typed: string): Markup {
  const options = optionsOf(record, name);
  if (options)
    return choice(
      `by_${name}`,
      titleOf(name),
      options.map(word => [word, words(word)]),
      typed,
    );
  const isDay = name === 'from' || name === 'to';
  return html`<div><label for="by_${name}">${titleOf(name)}</label>
<input id="by_${name}" name="by_${name}"${isDay && html` type="date"`} maxlength="200" value="${asTyped(typed)}"></div>\n`;
}

/** The words a filter can be, when it is one of a few. */
function optionsOf(record: RecordSpec, name: string): readonly string[] | undefined {
  const field = Object.entries(record.fields).find(
    ([column, { filter }]) => filter === name || (filter === true && column === name),
  )?.[1];
  return field?.kind === 'boolean' ? ['true', 'false'] : field?.options;
}

const choice = (
  name: string,
  label: string,
  options: readonly (readonly [string, string])[],
  chosen: string,
): Markup => html`<div><label for="${name}">${label}</label> <select id="${name}" name="${name}">
<option value="">any</option>${options.map(([value, shown]) => html`<option value="${value}"${value === chosen && html` selected`}>${shown}</option>`)}
</select></div>\n`;

function item(visit: PageRequest, record: RecordSpec, row: ShownRow): Markup {
  const shown = record.default_fields.filter(
    name => name in record.fields && !record.fields[name]?.label && !isEmpty(row[name]),
  );
  return html`<li>
<p><a class="main" href="${pathOf(record, row)}"><bdi>${record.label({ ...row })}</bdi></a>${typeof row.reference === 'string' && html` <code>${row.reference}</code>`}</p>
<p class="hint">${shown.map((name, index) => {
    const field = record.fields[name];
    return (
      field &&
      html`${index > 0 && ' · '}${titleOf(name)}: ${showValue(visit, { field, value: row[name], row, short: true })}`
    );
  })}</p>
</li>\n`;
}
