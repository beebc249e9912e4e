import type { Field } from '../../core/kernel/records/field-shape.ts';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { timeTag } from '../format.ts';
import { type Content, html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';
import { bestPathOf, deletedPathOf, nameOf, pathOf, referenceBeside } from './kind.ts';
import type { Names } from './names.ts';
import { fieldTitle, isTelling, type ShownRow, showValue, titleOf } from './value.ts';

/** Members a list has to read to show its rows. */
export const fieldsOf = ({ fields, default_fields }: RecordSpec): string[] => [
  ...new Set([
    ...default_fields,
    ...(fields.currency ? ['currency'] : []),
    ...Object.entries(fields).flatMap(([name, { label }]) => (label ? [name] : [])),
  ]),
];

/** How a list of rows is written. */
export interface Listing {
  names: Names;
  /** A column that says the same of all rows, such as whose they are. */
  without?: string;
  /** Whether rows open on the pages made by hand, where there are such. */
  isLinkedToBest?: boolean;
  /** Whether they were deleted: each opens where it can be restored. */
  areDeleted?: boolean;
}

/** One row in a list: its name, its reference, and what its list tells. */
export function rowItem(request: PageRequest, record: RecordSpec, row: ShownRow, listing: Listing): Markup {
  const own = listing.areDeleted ? deletedPathOf(record, row) : pathOf(record, row);
  const href = listing.isLinkedToBest ? bestPathOf(request, record, row) : own;
  const reference = referenceBeside(record, row);
  const facts = factsOf(request, record, row, listing);
  return html`<li>
<p><a class="main" href="${href}"><bdi>${nameOf(record, row)}</bdi></a>${reference !== undefined && html` <code>${reference}</code>`}</p>
${facts.length > 0 && html`<p class="hint">${facts.map((fact, index) => html`${index > 0 && ' · '}${fact}`)}</p>`}
</li>\n`;
}

function factsOf(
  request: PageRequest,
  record: RecordSpec,
  row: ShownRow,
  { names, without }: Listing,
): Content[] {
  const label = record.label({ ...row });
  const shown = record.default_fields.filter(
    name =>
      name !== without &&
      !record.fields[name]?.label &&
      isTelling(record, name, row) &&
      !isUsual(record.fields[name], row[name]) &&
      !isIn(label, row[name]),
  );
  const facts = shown.flatMap(name => {
    const field = record.fields[name];
    return field ? [fact(request, { name, field, row }, names)] : [];
  });
  const { time_zone } = request.identity.organization;
  const added = record.default_fields.includes('created_at') && typeof row.created_at === 'string';
  return added
    ? [...facts, html`${titleOf('created_at')} ${timeTag(String(row.created_at), time_zone)}`]
    : facts;
}

/** Yes and no, counts and amounts that are what they usually are. */
const isUsual = (field: Field | undefined, value: unknown): boolean =>
  field?.kind !== 'choice' && field?.default !== undefined && field.default === value;

/** Whether the name of a row says it already, or the beginning of it. */
const isIn = (label: string, value: unknown): boolean =>
  typeof value === 'string' && label !== '' && (label.includes(value) || value.startsWith(label));

function fact(
  request: PageRequest,
  cell: { name: string; field: Field; row: ShownRow },
  names: Names,
): Content {
  const { name, field, row } = cell;
  const value = field.to
    ? html`<bdi>${names.text(field.to.record, row[name]) ?? 'removed since'}</bdi>`
    : showValue(request, cell, true);
  return speaksForItself(name, field) ? value : html`${fieldTitle(request, name, field)}: ${value}`;
}

const plainKinds: readonly Field['kind'][] = ['phone', 'email', 'url', 'tags', 'long_text', 'custom_fields'];

/** A telephone number needs no title, nor does “active”. */
const speaksForItself = (name: string, { kind, to }: Field): boolean =>
  plainKinds.includes(kind) ||
  (kind === 'choice' && /^(status|kind|type|role|direction)$/.test(name)) ||
  name === `${to?.record}_id`;
