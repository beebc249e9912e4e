import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { mayDo, mayRead, type PageRequest } from '../site.ts';

/** The record an address names: `/records/companies`. Throws NOT_FOUND where there is none for this person. */
export function kindOf(visit: PageRequest): RecordSpec {
  const plural = String(visit.request.params.plural);
  const record = [...visit.site.app.registry.records.values()].find(one => one.plural === plural);
  if (record && mayBrowse(visit, record)) return record;
  throw new DeskhandError('NOT_FOUND', 'There is nothing at this address.');
}

/** Whether the generic pages of a record are for this person: the office reads what its view shows it. */
export const mayBrowse = (visit: PageRequest, { plural }: RecordSpec): boolean =>
  visit.identity.actor.role !== 'technician' && mayRead(visit, plural);

type Verb = 'create' | 'update' | 'delete';

/** Whether this person may do one of the plain actions of a record. */
export const mayVerb = (visit: PageRequest, { name, actions }: RecordSpec, verb: Verb): boolean =>
  actions[verb] !== undefined && mayDo(visit, `${name}.${verb}`);

/** Where a row stands: `/records/companies/CO-101`. */
export const pathOf = ({ plural }: RecordSpec, row: Readonly<Record<string, unknown>>): string =>
  `/records/${plural}/${String(row.reference ?? row.id)}`;

/** `Companies`, as a heading. */
export const headingOf = ({ plural }: RecordSpec): string =>
  `${plural.slice(0, 1).toUpperCase()}${plural.slice(1).replaceAll('_', ' ')}`;
