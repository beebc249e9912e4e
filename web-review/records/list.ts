import { z } from 'zod';
import { deletedPreset } from '../../core/kernel/records/derive.ts';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { html, type Markup } from '../html.ts';
import { type Answer, type Page, type PageRequest, readList } from '../site.ts';
import { plain } from '../words.ts';
import { exportForm } from './file.ts';
import { type Asked, addressOf, filterForm, isWhole, readAsked, requireKnown } from './filters.ts';
import { fieldsOf, rowItem } from './item.ts';
import { deletedListOf, headingOf, kindOf, mayBrowse, mayVerb, nounOf, placeOf } from './kind.ts';
import { readNames } from './names.ts';
import type { ShownRow } from './value.ts';

const anyRow = z.record(z.string(), z.unknown());

/** Rows on one page. */
const pageSize = 25;

/** `/records`: every kind of record this person may read. */
export async function listKinds(request: PageRequest): Promise<Page> {
  const records = [...request.site.app.registry.records.values()].filter(record =>
    mayBrowse(request, record),
  );
  if (records.length === 0) throw new DeskhandError('NOT_FOUND', 'There is nothing at this address.');
  const sorted = records.sort((a, b) => headingOf(a).localeCompare(headingOf(b), 'en'));
  return {
    title: 'All lists',
    body: html`<h1>All lists</h1>
<p class="hint">Everything the business keeps, by kind.</p>
<ul class="plain rows">${sorted.map(
      record => html`<li><p><a class="main" href="/records/${record.plural}">${headingOf(record)}</a></p>
<p class="hint">${leadOf(record)}</p></li>\n`,
    )}</ul>`,
  };
}

/** What a list is about: the beginning of its summary, for what follows says to agents how to ask. */
const leadOf = ({ summary }: RecordSpec): string =>
  plain(`${/^.*?(?=;|\.(?:\s|$)|$)/.exec(summary)?.[0] ?? summary}.`);

interface Found {
  rows: readonly ShownRow[];
  next_cursor?: string;
  problem?: DeskhandError;
}

/** `/records/<plural>`: the rows of a record with search, filters, sorting and pages, from its fields. */
export async function listRecords(request: PageRequest): Promise<Page> {
  const record = kindOf(request);
  const asked = readAsked(request, record);
  const { rows, next_cursor, problem } = await find(request, record, asked);
  const names = await readNames(request, [{ record, rows }]);
  const heading = headingOf(record);
  const own = placeOf(request, record);
  return {
    title: heading,
    ...(problem ? { status: problem.status } : {}),
    body: html`<h1>${heading}</h1>
<p class="hint">${leadOf(record)}</p>
<p class="links"><a href="/records">All lists</a>${own !== undefined && html` <a href="${own.path}">${own.label}</a>`}${mayVerb(request, record, 'restore') && html` <a href="${deletedListOf(record)}"${isDeletedList(asked) && html` aria-current="page"`}>Deleted</a>`}</p>
${mayVerb(request, record, 'create') && html`<p><a class="button" href="/records/${record.plural}/new">New ${nounOf(record)}</a></p>`}
${problem && problemLine(problem)}
${filterForm(request, record, asked, problem !== undefined)}
${!problem && countLine(record, asked, rows.length)}
<ul class="plain rows">${rows.map(row => rowItem(request, record, row, { names, areDeleted: isDeletedList(asked) }))}</ul>
${next_cursor !== undefined && html`<p><a class="button" rel="next" href="${addressOf(record, { ...asked, cursor: next_cursor })}">More</a></p>`}
${!problem && rows.length > 0 && exportForm(request, record, asked)}`,
  };
}

/** Whoever comes by the address of a form sees its list. */
export const toList = async (request: PageRequest): Promise<Answer> => ({
  redirect: `/records/${kindOf(request).plural}`,
});

const isDeletedList = ({ filter }: Asked): boolean => filter === deletedPreset;

/** What was typed into a filter and cannot be, such as a name two customers have, is said above the list. */
async function find(request: PageRequest, record: RecordSpec, asked: Asked): Promise<Found> {
  const { params, search, filter, sort, cursor } = asked;
  try {
    requireKnown(request, record);
    return await readList(request, record.plural, anyRow, {
      params,
      limit: pageSize,
      fields: fieldsOf(record),
      ...(search === '' ? {} : { search }),
      ...(filter === '' ? {} : { filter }),
      ...(sort === '' ? {} : { sort }),
      ...(cursor === '' ? {} : { cursor }),
    });
  } catch (error) {
    const isSayable =
      error instanceof DeskhandError && ['AMBIGUOUS', 'VALIDATION_ERROR', 'NOT_FOUND'].includes(error.code);
    if (!isSayable) throw error;
    return { rows: [], problem: error };
  }
}

const problemLine = ({ message, details }: DeskhandError): Markup =>
  html`<p class="problem" role="alert">${[message, details.hint].filter(Boolean).join(' ')}</p>`;

function countLine(record: RecordSpec, asked: Asked, count: number): Markup | false {
  const all = html`<a href="/records/${record.plural}">show all</a>`;
  if (count === 0) {
    return isWhole(asked)
      ? html`<p class="empty">Nothing here yet.</p>`
      : html`<p class="links"><span class="empty">Nothing fits.</span> ${all}</p>`;
  }
  if (isWhole(asked)) return false;
  if (isDeletedList(asked))
    return html`<p class="links"><span class="hint">Deleted, and can be restored:</span> ${all}</p>`;
  const found = asked.search !== '' && count === pageSize ? `The ${count} best matches` : 'What fits';
  return html`<p class="links"><span class="hint">${found}:</span> ${all}</p>`;
}
