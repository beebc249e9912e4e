import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { type ChildRelation, nounsOf } from '../../core/kernel/records/relations.ts';
import { html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';
import { addressOf } from './filters.ts';
import { fieldsOf, rowItem } from './item.ts';
import { headingOf, mayBrowse, mayVerb, nounOf } from './kind.ts';
import type { Names, Pointing } from './names.ts';
import type { ShownRow } from './value.ts';

/** So many children of a kind stand on the page of their parent; the list has them all. */
const shownEach = 10;

/** The children of one kind, as they are shown with their parent. */
export interface Section {
  relation: ChildRelation;
  /** The named filter of the child's list that leaves those of one parent. */
  filter: string;
  rows: readonly ShownRow[];
  hasMore: boolean;
}

/** Reads what points to a row, by kind: the newest few of each, all kinds together. */
export async function readChildren(
  request: PageRequest,
  record: RecordSpec,
  row: ShownRow,
): Promise<readonly Section[]> {
  const lists = relationsOf(request, record);
  if (lists.length === 0) return [];
  const read = await request.site.app.readTogether(
    request.caller,
    lists.map(one => queryOf(one, String(row.id))),
    request.facts,
  );
  const sections = lists.map((list, at): Section => {
    const { rows = [], next_cursor } = read[at] ?? {};
    return { ...list, rows, hasMore: next_cursor !== undefined };
  });
  return sections.filter(
    ({ rows, relation }) => rows.length > 0 || (relation.to.as !== undefined && mayAdd(request, relation)),
  );
}

/** The rows of some sections, for who reads the names of what they point to. */
export const rowsOf = (sections: readonly Section[]): Pointing =>
  sections.map(({ relation, rows }) => ({ record: relation.child, rows }));

/** The sections of a page, each with the way to all of its kind and to a new one. */
export const childSections = (
  request: PageRequest,
  { sections, row, names }: { sections: readonly Section[]; row: ShownRow; names: Names },
): Markup[] => sections.map(section => sectionOf(request, section, String(row.reference ?? row.id), names));

type ChildList = Pick<Section, 'relation' | 'filter'>;

/** Every list that can be left to the rows of one parent, each kind once. */
function relationsOf(request: PageRequest, { name }: RecordSpec): ChildList[] {
  const all = request.site.app.registry.relations.get(name) ?? [];
  return all.flatMap(relation => {
    const { filter } = relation.child.fields[relation.column] ?? {};
    if (filter === undefined || !mayBrowse(request, relation.child)) return [];
    return [{ relation, filter: filter === true ? relation.column : filter }];
  });
}

function queryOf({ relation: { child, to }, filter }: ChildList, id: string) {
  const order = to.order ?? '-created_at';
  return {
    type: child.plural,
    query: {
      params: { [filter]: id },
      limit: shownEach,
      fields: fieldsOf(child),
      sort: child.sorts.includes(order.replace(/^-/, '')) ? order : '-created_at',
    },
  };
}

const mayAdd = (request: PageRequest, { child, column }: ChildRelation): boolean =>
  mayVerb(request, child, 'create') && column in child.writable.shape;

function sectionOf(
  request: PageRequest,
  { relation, filter, rows, hasMore }: Section,
  parent: string,
  names: Names,
): Markup {
  const { child, column } = relation;
  // Where only some of them count as a history, their noun is not that of all.
  const heading = headingOf({ nouns: relation.to.counted ? child.nouns : nounsOf(relation) });
  const all = addressOf(child, { params: { [filter]: parent } });
  return html`<section><h2>${heading}</h2>
${rows.length === 0 && html`<p class="empty">None yet.</p>`}
<ul class="plain rows">${rows.map(one => rowItem(request, child, one, { names, without: column, isLinkedToBest: true }))}</ul>
<p class="links">${rows.length > 0 && html`<a href="${all}">${hasMore ? `All ${heading.toLowerCase()}` : 'Show as a list'}</a> `}${
    mayAdd(request, relation) &&
    html`<a href="/records/${child.plural}/new?${new URLSearchParams({ [column]: parent }).toString()}">New ${nounOf(child)}</a>`
  }</p></section>\n`;
}
