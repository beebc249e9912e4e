import { type Finding, redactMembers } from '../../kernel/pipeline/redact-members.ts';
import { invalid } from '../../kernel/words/errors.ts';
import { redact } from '../../kernel/words/redaction.ts';
import { type Answers, type Question, readHow } from './answers.ts';
import type { Mapping } from './mapping.ts';
import type { Source } from './sources.ts';
import type { Column, Refused, Table } from './table.ts';
import { custom, type Kind, skip, type Target } from './targets.ts';
import type { DateOrder, DecimalSign } from './values.ts';

export interface Row {
  line: number;
  cells: string[];
}

/** A table with what its columns are read as: everything a reader of a kind needs to know of a row. */
export interface Sheet {
  kind: Kind;
  table: Table;
  source: Source | undefined;
  mapping: Mapping;
  answers: Answers;
  questions: Question[];
  /** What the file tells by itself of what might be asked, where all its columns agree. */
  told: Pick<Answers, 'date_order' | 'decimal_sign'>;
  targets: ReadonlyMap<string, Target>;
  /** The columns by what they are read as. */
  by: ReadonlyMap<string, readonly Column[]>;
  customs: readonly Column[];
  orderOf(column: Column): DateOrder | undefined;
  signOf(column: Column): DecimalSign;
  rows: Row[];
  refused: Refused[];
  notices: { row: number; message: string }[];
  findings: Finding[];
  /** Data rows of the file, refused ones included. */
  rows_read: number;
  /** Whether nobody has said that a column is something else than was proposed. */
  is_as_proposed: boolean;
  /** Whether such a file was taken before. */
  is_remembered: boolean;
  /** The program of the file, also when its rows are taken as something else. */
  came_as: Source | undefined;
}

/** Says of a row that it is not taken; `reason` is for the owner. */
export class NotTaken extends Error {}

export function sheetOf(
  table: Table,
  more: Pick<Sheet, 'kind' | 'source' | 'mapping' | 'answers'> & {
    targets: readonly Target[];
    currency: string;
  },
): Sheet {
  const targets = new Map(more.targets.map(target => [target.name, target]));
  const by = new Map<string, Column[]>();
  for (const column of table.columns) {
    const to = more.mapping[column.name] ?? custom;
    by.set(to, [...(by.get(to) ?? []), column]);
  }
  for (const [to, columns] of by) {
    if (columns.length < 2 || to === custom || to === skip || targets.get(to)?.several) continue;
    throw invalid(
      'mapping',
      `Two columns are read as ${to}: ${columns.map(({ name }) => name).join(', ')}.`,
      {
        hint: 'Keep one of them; the other can be custom or skip.',
      },
    );
  }
  const { rows, refused, findings } = withoutNumbers(table, column =>
    targets.get(more.mapping[column.name] ?? ''),
  );
  const how = readHow({ rows, by, targets, answers: more.answers });
  return {
    ...more,
    ...how,
    table,
    targets,
    by,
    customs: by.get(custom) ?? [],
    rows,
    refused,
    notices: [...table.notices],
    findings,
    rows_read: rows.length + refused.length,
    is_as_proposed: true,
    is_remembered: false,
    came_as: more.source,
  };
}

/** The rows without card numbers and their like, in whatever cell they stood (SAN-06). */
function withoutNumbers(table: Table, targetOf: (column: Column) => Target | undefined) {
  const names = table.columns.map(({ name }) => name);
  const badName = names.find(name => redact(name).found.length > 0);
  if (badName !== undefined) throw invalid('content', 'A column has a number for a name.');
  const phone = { type: 'string', text_kind: 'phone' } as const;
  const properties = Object.fromEntries(
    table.columns.map(column => [
      column.key,
      targetOf(column)?.kind === 'phone' ? phone : { type: 'string' as const },
    ]),
  );
  const findings: Finding[] = [];
  const rows = table.rows.map(({ line, cells }) => {
    if (!cells.some(cell => mayHoldNumber.test(cell)) && !mayHoldNumber.test(cells.join(' ')))
      return { line, cells };
    const given = Object.fromEntries(table.columns.map(({ key, index }) => [key, cells[index] ?? '']));
    const { value, findings: found } = redactMembers({ properties }, given);
    if (found.length === 0) return { line, cells };
    findings.push(...found);
    const clean = new Map(Object.entries(value ?? {}));
    return { line, cells: table.columns.map(({ key }) => String(clean.get(key) ?? '')) };
  });
  const refused = table.refused.map(one => ({
    ...one,
    name: redact(one.name).text,
    ...(one.cells ? { cells: one.cells.map(cell => redact(cell).text) } : {}),
  }));
  return { rows, refused, findings };
}

/** What redaction looks for has nine digits at least, or is a key or link of ours. */
const mayHoldNumber = /\d(?:[^\d\n]{0,3}\d){8}|[A-Za-z0-9_-]{20}|cvv|cvc|ssn/i;
