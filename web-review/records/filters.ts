import { z } from 'zod';
import { deletedPreset } from '../../core/kernel/records/derive.ts';
import type { Field } from '../../core/kernel/records/field-shape.ts';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { isIndexed } from '../../core/kernel/search/indexed.ts';
import { didYouMean } from '../../core/kernel/words/did-you-mean.ts';
import { invalid } from '../../core/kernel/words/errors.ts';
import { shorten } from '../format.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { type PageRequest, textOf } from '../site.ts';
import { plain } from '../words.ts';
import { headingOf } from './kind.ts';
import { fieldTitle, titleOf } from './value.ts';

/** What a list is asked for in its address. */
export interface Asked {
  search: string;
  filter: string;
  sort: string;
  cursor: string;
  params: Record<string, string>;
}

/** What an address may say of a list besides its named filters. */
const plainly = ['q', 'filter', 'sort', 'cursor'];

/**
 * Named filters are asked for as `by_…`, so that none is taken for the search or the sorting; typed by hand, their own names
 * do as well.
 */
export function readAsked(request: PageRequest, record: RecordSpec): Asked {
  const { query } = request.http;
  const params = paramsOf(request, record).flatMap(name => {
    const text = (textOf(query, `by_${name}`) || (plainly.includes(name) ? '' : textOf(query, name))).trim();
    return text === '' ? [] : [[name, text] as const];
  });
  return {
    search: isIndexed(record) ? textOf(query, 'q').trim().slice(0, 200) : '',
    filter: textOf(query, 'filter'),
    sort: textOf(query, 'sort'),
    cursor: textOf(query, 'cursor'),
    params: Object.fromEntries(params),
  };
}

/** The named filters of a list: those of the record, and those its children say. */
function paramsOf({ site }: PageRequest, { plural }: RecordSpec): string[] {
  const names = Object.keys(site.app.registry.view(plural).spec.params.shape);
  // People fill in from and to; the day, week or month around a day is another way to say it.
  return names.includes('from') ? names.filter(name => name !== 'date' && name !== 'range') : names;
}

/** Throws VALIDATION_ERROR when an address asks a list for what it does not know, which would show all of it. */
export function requireKnown(request: PageRequest, record: RecordSpec): void {
  const names = paramsOf(request, record);
  const known = [...plainly, ...names, ...names.map(name => `by_${name}`)];
  const asked = Object.keys(z.record(z.string(), z.unknown()).parse(request.http.query));
  const unknown = asked.find(name => !known.includes(name));
  if (unknown === undefined) return;
  const [near] = didYouMean(unknown.replace(/^by_/, ''), names);
  throw invalid(unknown, `${headingOf(record)} cannot be filtered by “${shorten(unknown, 60)}”.`, {
    hint: near === undefined ? 'Choose from the filters below.' : `Did you mean by_${near}?`,
  });
}

/** Whether a list is the whole of it. */
export const isWhole = ({ search, filter, params }: Asked): boolean =>
  search === '' && filter === '' && Object.keys(params).length === 0;

/** The address of a list that is asked for something. */
export function addressOf({ plural }: Pick<RecordSpec, 'plural'>, asked: Partial<Asked>): string {
  const { search = '', filter = '', sort = '', cursor = '', params = {} } = asked;
  const query = new URLSearchParams({
    ...(search === '' ? {} : { q: search }),
    ...(filter === '' ? {} : { filter }),
    ...(sort === '' ? {} : { sort }),
    ...Object.fromEntries(Object.entries(params).map(([name, text]) => [`by_${name}`, text])),
    ...(cursor === '' ? {} : { cursor }),
  });
  return `/records/${plural}${query.size === 0 ? '' : `?${query}`}`;
}

/** The form over a list: words, and folded away its filters and how it is sorted; open where one is in use or wrong. */
export function filterForm(request: PageRequest, record: RecordSpec, asked: Asked, isWrong: boolean): Markup {
  const presets = Object.entries(record.filters ?? {}).map(
    ([name, { summary }]) => [name, plain(summary)] as const,
  );
  // What was deleted has a link of its own.
  const filter = asked.filter === deletedPreset ? '' : asked.filter;
  const isFiltered = isWrong || !isWhole({ ...asked, filter, search: '' }) || asked.sort !== '';
  return html`<form method="get" action="/records/${record.plural}" role="search" aria-label="${headingOf(record)}" class="search">
${isIndexed(record) && searchField(record, asked.search)}
<details class="fold"${isFiltered && html` open`}><summary>Filter and sort</summary><div class="fields">
${presets.length > 0 && choice({ name: 'filter', label: 'Only', options: presets, chosen: asked.filter })}
${paramsOf(request, record).map(name => filterField(request, record, name, asked.params[name] ?? ''))}
${choice({ name: 'sort', label: 'Sorted by', options: sortsOf(request, record), chosen: asked.sort, none: 'as usual' })}
</div><button class="quiet">Show</button></details>
</form>`;
}

const searchField = (
  record: RecordSpec,
  typed: string,
): Markup => html`<label for="words">Search ${headingOf(record).toLowerCase()}</label>
<div class="row"><input id="words" name="q" type="search" maxlength="200" value="${asTyped(typed)}"><button>Search</button></div>`;

function sortsOf(request: PageRequest, record: RecordSpec): (readonly [string, string])[] {
  return record.sorts.flatMap(name => {
    const field = record.fields[name];
    const title = fieldTitle(request, name, field);
    const [up, down] = orders[field?.kind ?? 'moment'] ?? ['lowest first', 'highest first'];
    return [
      [name, `${title}, ${up}`],
      [`-${name}`, `${title}, ${down}`],
    ];
  });
}

const orders: Readonly<Partial<Record<Field['kind'], readonly [string, string]>>> = {
  text: ['A to Z', 'Z to A'],
  date: ['oldest first', 'newest first'],
  moment: ['oldest first', 'newest first'],
};

function filterField(request: PageRequest, record: RecordSpec, name: string, typed: string): Markup {
  const [column, field] = Object.entries(record.fields).find(
    ([column, { filter }]) => filter === name || (filter === true && column === name),
  ) ?? [name];
  const label = column === name ? fieldTitle(request, name, field) : titleOf(name);
  const options =
    field?.kind === 'boolean' ? yesNo : field?.options?.map(word => [word, plain(word)] as const);
  if (options) return choice({ name: `by_${name}`, label, options, chosen: typed });
  const hint = hintOf(name, field);
  const isDay = name === 'from' || name === 'to';
  return html`<div><label for="by_${name}">${label}</label>
<input id="by_${name}" name="by_${name}"${isDay && html` type="date"`} maxlength="200" autocomplete="off"${hint !== false && html` aria-describedby="by_${name}-hint"`} value="${asTyped(typed)}">${hint}</div>\n`;
}

const yesNo: readonly (readonly [string, string])[] = [
  ['true', 'yes'],
  ['false', 'no'],
];

function hintOf(name: string, field: Field | undefined): Markup | false {
  const hint =
    field?.kind === 'custom_fields'
      ? 'Such as gate code, or gate code=1234.'
      : field?.to && 'A name or a reference.';
  return hint !== undefined && html`<p class="hint" id="by_${name}-hint">${hint}</p>`;
}

interface Choice {
  name: string;
  label: string;
  options: readonly (readonly [string, string])[];
  chosen: string;
  none?: string;
}

const choice = ({
  name,
  label,
  options,
  chosen,
  none = 'any',
}: Choice): Markup => html`<div><label for="${name}">${label}</label> <select id="${name}" name="${name}">
<option value="">${none}</option>${options.map(([value, shown]) => html`<option value="${value}"${value === chosen && html` selected`}>${shown}</option>`)}
</select></div>\n`;
