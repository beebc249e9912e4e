import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { html, type Markup } from '../html.ts';
import { mayDo, type PageRequest } from '../site.ts';
import type { ShownRow } from './value.ts';

/** Something that can be done with a row on a page of its own. */
interface Way {
  /** Whoever may do this sees it. */
  action: string;
  label: string;
  path(reference: string): string;
  /** Whether it can still be done with this row. */
  fits(row: ShownRow): boolean;
}

const goesOn = ({ status }: ShownRow): boolean => status === 'active';

/** What can be done with the rows of some records besides editing and deleting them. */
const ways: Readonly<Record<string, readonly Way[]>> = {
  company: [
    {
      action: 'statement.send',
      label: 'Statement',
      path: reference => `/records/companies/${reference}/statement`,
      fits: ({ deleted_at }) => !deleted_at,
    },
  ],
  series: [
    {
      action: 'series.skip',
      label: 'Leave out one date',
      path: reference => `/series/${reference}/skip`,
      fits: goesOn,
    },
    { action: 'series.end', label: 'End it', path: reference => `/series/${reference}/end`, fits: goesOn },
  ],
};

/** Links to what this person can do with this row. */
export const ownWays = (request: PageRequest, { name }: RecordSpec, row: ShownRow): Markup[] =>
  (ways[name] ?? [])
    .filter(({ action, fits }) => fits(row) && mayDo(request, action))
    .map(({ label, path }) => html`<a href="${path(String(row.reference))}">${label}</a> `);
