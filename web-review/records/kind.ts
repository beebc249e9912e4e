import { deletedPreset } from '../../core/kernel/records/derive.ts';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import type { PageSpec } from '../../core/kernel/registry/page.ts';
import { capital } from '../../core/kernel/words/capital.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { shorten } from '../format.ts';
import { mayDo, mayRead, type PageRequest } from '../site.ts';
import { plain } from '../words.ts';
import type { ShownRow } from './value.ts';

/** The record an address names: `/records/companies`. Throws NOT_FOUND where there is none for this person. */
export function kindOf(request: PageRequest): RecordSpec {
  const plural = String(request.http.params.plural);
  const record = [...request.site.app.registry.records.values()].find(one => one.plural === plural);
  if (record && mayBrowse(request, record)) return record;
  throw new DeskhandError('NOT_FOUND', 'There is nothing at this address.');
}

/** A record that a page was made for. */
export function recordCalled({ site }: Pick<PageRequest, 'site'>, name: string): RecordSpec {
  const record = site.app.registry.records.get(name);
  if (!record) throw new Error(`no record is called ${name}`);
  return record;
}

/** Whether the generic pages of a record are for this person: the office reads what its view shows it. */
export const mayBrowse = (request: PageRequest, { plural }: RecordSpec): boolean =>
  request.identity.actor.role !== 'technician' && mayRead(request, plural);

type Verb = 'create' | 'update' | 'delete' | 'restore';

/** Whether this person may do one of the plain actions of a record. */
export function mayVerb(
  request: PageRequest,
  { name, actions, by_hand = [] }: RecordSpec,
  verb: Verb,
): boolean {
  const isPlain = actions[verb === 'restore' ? 'delete' : verb] !== undefined;
  return (isPlain || by_hand.some(one => one === verb)) && mayDo(request, `${name}.${verb}`);
}

/** Where a row stands: `/records/companies/CO-101`. */
export const pathOf = ({ plural }: RecordSpec, row: ShownRow): string =>
  `/records/${plural}/${String(row.reference ?? row.id)}`;

/** Where a row stands that was deleted. */
export const deletedPathOf = (record: RecordSpec, row: ShownRow): string => `${pathOf(record, row)}/deleted`;

/** The list of the rows that were deleted. */
export const deletedListOf = ({ plural }: RecordSpec): string => `/records/${plural}?filter=${deletedPreset}`;

/** Where a row is shown best: on the page made for such rows, else on the generic one. */
export function bestPathOf(request: PageRequest, record: RecordSpec, row: ShownRow): string {
  const page = request.site.app.registry.pathOf(record.name);
  return page ? `${page.path}/${String(row.reference ?? row.id)}` : pathOf(record, row);
}

/** The page of the navigation that such rows are opened from, when there is one made by hand: “Contacts”. */
export const placeOf = ({ site }: PageRequest, { plural }: RecordSpec): PageSpec | undefined =>
  site.app.registry.pages.find(({ path, opens }) => opens?.[plural] && !path.startsWith('/records/'));

/** What one is called: `customer`. */
export const nounOf = ({ noun }: Pick<RecordSpec, 'noun'>): string => plain(noun);

/** `Customers`, as a heading. */
export const headingOf = ({ nouns }: Pick<RecordSpec, 'nouns'>): string => capital(plain(nouns));

/** How a row is called in a heading or a list: its label, and what it is when that says only a number. */
export function nameOf(record: RecordSpec, row: ShownRow): string {
  const label = record.label({ ...row });
  if (label === row.id) return capital(nounOf(record));
  if (label === row.reference) return `${capital(nounOf(record))} ${label}`;
  const whole = isCut(record, row, label) ? `${label.trimEnd()}…` : label;
  return shorten(whole.replace(/\s+/g, ' '), 160);
}

/** Whether a label is only the beginning of what was written. */
const isCut = ({ fields }: RecordSpec, row: ShownRow, label: string): boolean =>
  Object.entries(fields).some(([name, { kind }]) => {
    const text = row[name];
    return (
      kind === 'long_text' && typeof text === 'string' && text !== label && label && text.startsWith(label)
    );
  });

/** The reference of a row beside its name, unless the name says it already. */
export const referenceBeside = (record: RecordSpec, row: ShownRow): string | undefined =>
  typeof row.reference === 'string' && !record.label({ ...row }).includes(row.reference)
    ? row.reference
    : undefined;
