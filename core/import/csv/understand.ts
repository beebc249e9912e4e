import type { Context } from '../../kernel/pipeline/context.ts';
import { findKind, findMapping } from '../queries.ts';
import { type Answers, answers as answersShape } from './answers.ts';
import { fingerprintOf, guessKind, type Mapping, propose } from './mapping.ts';
import { type Sheet, sheetOf } from './sheet.ts';
import { sourceOf } from './sources.ts';
import { columnNamed, readTable } from './table.ts';
import { type Kind, kinds, requireTarget, targetsOf } from './targets.ts';

/**
 * A file as it is understood: its table, what its rows are, and what its columns are read as: what somebody says now, else
 * what was said of such a file the last time, else what its program or its names mean. Throws VALIDATION_ERROR at
 * `content`, `mapping.<column>` or `answers`.
 */
export async function understand(
  context: Context,
  given: {
    bytes: Uint8Array;
    kind?: Kind | undefined;
    mapping?: Mapping | undefined;
    answers?: Answers | undefined;
  },
): Promise<Sheet> {
  const table = await readTable(given.bytes, context.organization.time_zone);
  const source = sourceOf(table.columns);
  const fingerprint = fingerprintOf(table.columns);
  const targets = (kind: Kind) => targetsOf(context, kind);
  const before = given.kind === undefined ? kindOf((await findKind(context, fingerprint))?.kind) : undefined;
  const kind = given.kind ?? before ?? guessKind(table.columns, source, targets);
  const remembered = await findMapping(context, kind, fingerprint);
  const proposed = propose(kind, table.columns, targets(kind), source);
  const said: Mapping = {};
  for (const [name, to] of Object.entries(given.mapping ?? {})) {
    const column = columnNamed(table.columns, name, `mapping.${name}`);
    requireTarget(targets(kind), to, `mapping.${name}`);
    said[column.name] = to;
  }
  const known = new Set([...targets(kind).map(({ name }) => name), 'custom', 'skip']);
  const kept = Object.entries(remembered?.mapping ?? {}).filter(
    ([name, to]) => proposed[name] !== undefined && known.has(to),
  );
  const mapping = { ...proposed, ...Object.fromEntries(kept), ...said };
  const answered = answersShape.safeParse(remembered?.answers ?? {});
  const before_answers = answered.success ? answered.data : {};
  const all = { ...before_answers, ...given.answers };
  if (typeof before_answers.services === 'object' && typeof given.answers?.services === 'object') {
    all.services = { ...before_answers.services, ...given.answers.services };
  }
  const sheet = sheetOf(table, {
    kind,
    source: source?.kind === kind ? source : undefined,
    mapping,
    answers: all,
    targets: targets(kind),
    currency: context.organization.currency,
  });
  sheet.is_as_proposed = Object.entries(mapping).every(([name, to]) => proposed[name] === to);
  sheet.is_remembered = remembered !== undefined;
  sheet.came_as = source;
  if (table.encoding === 'windows-1252') {
    sheet.notices.unshift({ row: 1, message: 'The file is not UTF-8; it was read as Windows-1252.' });
  }
  return sheet;
}

const kindOf = (text: string | undefined): Kind | undefined => kinds.find(kind => kind === text);
