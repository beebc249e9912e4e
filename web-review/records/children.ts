import { z } from 'zod';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import type { ChildRelation } from '../../core/kernel/records/relations.ts';
import { html, type Markup } from '../html.ts';
import { type PageRequest, readList } from '../site.ts';
import { addressOf } from './filters.ts';
import { fieldsOf, rowItem } from './item.ts';
import { headingOf, mayBrowse, mayVerb } from './kind.ts';
import { type Names, readNames } from './names.ts';
import type { ShownRow } from './value.ts';

const anyRow = z.record(z.string(), z.unknown());

/** So many children of a kind stand on the page of their parent; the list has them all. */
const shownEach = 10;

/** The children of one kind, as they are shown with their parent. */
interface Section {
  relation: ChildRelation;
  /** The named filter of the child's list that leaves those of one parent. */
  filter: string;
  rows: readonly ShownRow[];
  hasMore: boolean;
}

/** What points to a row, by kind: the newest few with their names, the way to all of them and to a new one. */
export async function childSections(
  visit: PageRequest,
  record: RecordSpec,
  row: ShownRow,
): Promise<Markup[]> {
  const sections = await Promise.all(
    relationsOf(visit, record).map(one => readSection(visit, one, String(row.id))),
  );
  const shown = sections.filter(
    ({ rows, relation }) => rows.length > 0 || (relation.to.as !== undefined && mayAdd(visit, relation)),
  );
  const names = await readNames(
    visit,
    shown.map(({ relation, rows }) => ({ record: relation.child, rows })),
  );
  const reference = String(row.reference ?? row.id);
  return shown.map(section => sectionOf(visit, section, reference, names));
}

/** Every list that can be left to the rows of one parent, each kind once. */
function relationsOf(
  visit: PageRequest,
  { name }: RecordSpec,
): { relation: ChildRelation; filter: string }[] {
  const all = visit.site.app.registry.relations.get(name) ?? [];
  return all.flatMap(relation => {
    const { filter } = relation.child.fields[relation.column] ?? {};
    if (filter === undefined || !mayBrowse(visit, relation.child)) return [];
    return [{ relation, filter: filter === true ? relation.column : filter }];
  });
}

async function readSection(
  visit: PageRequest,
  { relation, filter }: { relation: ChildRelation; filter: string },
  id: string,
): Promise<Section> {
  const { child, to } = relation;
  const order = to.order ?? '-created_at';
  const { rows, next_cursor } = await readList(visit, child.plural, anyRow, {
    params: { [filter]: id },
    references: true,
    limit: shownEach,
    fields: fieldsOf(child),
    sort: child.sorts.includes(order.replace(/^-/, '')) ? order : '-created_at',
  });
  return { relation, filter, rows, hasMore: next_cursor !== undefined };
}

const mayAdd = (visit: PageRequest, { child, column }: ChildRelation): boolean =>
  mayVerb(visit, child, 'create') && column in child.writable.shape;

function sectionOf(
  visit: PageRequest,
  { relation, filter, rows, hasMore }: Section,
  parent: string,
  names: Names,
): Markup {
  const { child, column } = relation;
  const heading = headingOf({ noun: relation.to.noun ?? child.noun });
  const all = addressOf(child, { params: { [filter]: parent } });
  return html`<section><h2>${heading}</h2>
${rows.length === 0 && html`<p class="empty">None yet.</p>`}
<ul class="plain rows">${rows.map(one => rowItem(visit, child, one, { names, without: column, isLinkedToBest: true }))}</ul>
<p class="links">${rows.length > 0 && html`<a href="${all}">${hasMore ? `All ${heading.toLowerCase()}` : 'Show as a list'}</a> `}${
    mayAdd(visit, relation) &&
    html`<a href="/records/${child.plural}/new?${new URLSearchParams({ [column]: parent }).toString()}">New ${child.noun}</a>`
  }</p></section>\n`;
}
