import type { ReadContext } from '../kernel/pipeline/context.ts';
import { undone } from '../kernel/pipeline/preview.ts';
import { type AuditedTable, findAuditedTable, listPointing } from '../kernel/records/put-back.ts';
import type { RecordSpec, Row } from '../kernel/records/record.ts';
import { nounOf } from '../kernel/records/relations.ts';
import type { Action } from '../kernel/registry/define.ts';
import type { Registered, Registry } from '../kernel/registry/registry.ts';
import { usedActions } from '../kernel/registry/registry.ts';
import { quote } from '../kernel/words/quote.ts';
import { type Called, findCalled } from './called.ts';
import { inOrder } from './flips.ts';
import { type Deed, deedsOf, type TouchedRow, touchedRows } from './touched.ts';
import { listLater, listMadeByMachine } from './undo-queries.ts';

/** One thing to be done; what was done last is taken back first. */
export type Step =
  | { kind: 'call'; action: string; input: Row; row?: TouchedRow }
  | { kind: 'end along'; row: TouchedRow }
  | { kind: 'put back' | 'insert' | 'take away'; row: TouchedRow; table: AuditedTable };

export interface Plan {
  steps: Step[];
  /** Whose levels hold for what is put back without running an action. */
  permits: { action: string; input: Row }[];
  /** Why some of it cannot be taken back, in words. */
  conflicts: string[];
}

/** What taking a call back would do; nothing is done yet. */
export async function planUndo(context: ReadContext, called: Called): Promise<Plan> {
  const { registry } = context;
  const { used, isAnew } = await originOf(context, called);
  const rows = await listWritten(context, touchedRows(called.entries), used);
  const whole = findWhole(registry, used, rows);
  if (whole) return { steps: [whole], permits: [], conflicts: [] };
  const plan: Plan = { steps: [], permits: [], conflicts: [] };
  // Backwards, whatever kind of thing it was: who was sent away before a visit was moved comes back after it is moved back.
  const backwards = [...deedsOf(called.entries), ...rows].sort((a, b) => b.at - a.at);
  for (const each of backwards) {
    if ('verb' in each) addDeed(registry, plan, each, rows);
    else await addRow(context, plan, { row: each, rows, used });
  }
  plan.steps = inOrder(registry, plan.steps);
  await addLater(context, plan, called);
  const ids = isAnew ? used.map(({ id }) => id) : used.map(reverseOf);
  // Of what was done along with an action each step is asked about, and not only those that are put back here.
  const isWhole = registry.composed.has(called.found?.id ?? '') && used.length > 1;
  plan.permits =
    isWhole || plan.steps.some(({ kind }) => kind !== 'call' && kind !== 'end along')
      ? permitsOf(registry, plan, rows, ids)
      : [];
  return plan;
}

/** What takes an action back; itself when it is simply changed again. */
const reverseOf = ({ id, spec: { undo } }: Registered<Action>): string =>
  undo === undefined || undo === 'none' ? id : undo;

/** The rows as the call itself wrote them: what follows from other rows follows from them again. */
async function listWritten(
  context: ReadContext,
  rows: readonly TouchedRow[],
  used: Origin['used'],
): Promise<TouchedRow[]> {
  const { records } = context.registry;
  const followed = new Set<string>();
  for (const [name, { listWorkedOut }] of records) {
    const ids = rows.filter(({ entity_type }) => entity_type === name).map(({ entity_id }) => entity_id);
    const isAbout = used.some(({ spec }) => spec.domain === name);
    if (ids.length === 0 || isAbout || !listWorkedOut) continue;
    for (const id of await listWorkedOut(context, ids)) followed.add(id);
  }
  return rows
    .filter(({ entity_id }) => !followed.has(entity_id))
    .flatMap(row => asWritten(row, records.get(row.entity_type)?.worked_out ?? []));
}

/** A row without the columns that follow from others; none when nothing is left of it. */
function asWritten(row: TouchedRow, worked: readonly string[]): TouchedRow[] {
  if (worked.length === 0 || row.became !== 'changed') return [row];
  const without = (values: Row) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => !worked.includes(name)));
  const after = without(row.after);
  return Object.keys(after).length === 0 ? [] : [{ ...row, before: without(row.before), after }];
}

interface Origin {
  used: Registered<Action>[];
  /** Taking back is taken back: what was done first is done anew. */
  isAnew: boolean;
}

/** The actions of the call that was done first: taking back may be taken back in turn. */
async function originOf(context: ReadContext, called: Called): Promise<Origin> {
  const mark = called.entries.find(({ entity_type, action }) => entity_type === 'call' && action === undone);
  if (!mark) return { used: actionsOf(context.registry, called), isAnew: false };
  const { used, isAnew } = await originOf(context, await findCalled(context, mark.entity_id));
  return { used, isAnew: !isAnew };
}

/** The registered actions a call may have run. */
const actionsOf = ({ actions }: Registry, { found }: Called): Registered<Action>[] =>
  (found ? usedActions(found) : []).flatMap(id => actions.get(id) ?? []);

/**
 * A call with one action that knows by itself what it takes back: of a merge, of an import. It decides what of it can be, and
 * what has changed since.
 */
function findWhole(
  { actions }: Registry,
  used: readonly Registered<Action>[],
  rows: readonly TouchedRow[],
): Step | undefined {
  const [only, ...others] = used;
  if (!only || others.length > 0 || !(only.spec.effect === 'delete' || only.spec.many)) return undefined;
  const reverse = actions.get(only.spec.undo ?? '');
  const pointer = reverse && pointerOf(reverse);
  const row = rows.find(({ became, entity_type }) => became === 'created' && entity_type === pointer?.record);
  return reverse && pointer && row
    ? { kind: 'call', action: reverse.id, input: pointer.input(row.entity_id), row }
    : undefined;
}

/** The one record an action must be told; why it is done can be said here. */
function pointerOf({ inputSchema, refs }: Registered<Action>) {
  const required = Array.isArray(inputSchema.required) ? inputSchema.required.map(String) : [];
  const reasons = required.filter(name => /^(.*_)?reason$/.test(name));
  const [member, ...others] = required.filter(name => !reasons.includes(name));
  const found = refs.find(({ path }) => path.length === 1 && path[0] === member);
  if (member === undefined || others.length > 0 || !found) return undefined;
  const said = Object.fromEntries(reasons.map(name => [name, 'It was taken back.']));
  return { record: found.record, input: (id: string): Row => ({ [member]: id, ...said }) };
}

/** What the record that a call counts as has brought along, ends with it: the visits of a series. */
function endsWithItsWhole({ records }: Registry, { row, rows, used }: Place): boolean {
  const whole = used.map(({ spec }) => spec.counts_as).find(name => name !== undefined);
  if (whole === undefined) return false;
  return Object.entries(records.get(row.entity_type)?.fields ?? {}).some(
    ([name, { to }]) => to?.record === whole && isCreated(rows, whole, String(row.after[name])),
  );
}

function addDeed({ actions }: Registry, plan: Plan, deed: Deed, rows: readonly TouchedRow[]): void {
  const { entity_type, entity_id, verb, facts } = deed;
  const undo = actions.get(`${entity_type}.${verb}`)?.spec.undo;
  if (undo === undefined || undo === 'none' || isCreated(rows, entity_type, entity_id)) return;
  plan.steps.push({ kind: 'call', action: undo, input: { [`${entity_type}_id`]: entity_id, ...facts } });
}

const isCreated = (rows: readonly TouchedRow[], type: string, id: string): boolean =>
  rows.some(row => row.became === 'created' && row.entity_type === type && row.entity_id === id);

interface Place {
  row: TouchedRow;
  rows: readonly TouchedRow[];
  used: readonly Registered<Action>[];
}

async function addRow(context: ReadContext, plan: Plan, { row, rows, used }: Place): Promise<void> {
  const { entity_type, entity_id, subject_type, subject_id, became } = row;
  const isPart = subject_id !== entity_id;
  const record = context.registry.records.get(entity_type);
  if (became === 'created' && record && endsWithItsWhole(context.registry, { row, rows, used })) return;
  if (became === 'created' && record) {
    const action = endOf(context.registry, record, used);
    if (action) {
      plan.conflicts.push(...(await pointedTo(context, record, row, rows)));
      plan.steps.push({ kind: 'call', action: action.id, input: action.input(entity_id), row });
      return;
    }
  }
  if (became === 'created' && record?.endAlong) {
    plan.steps.push({ kind: 'end along', row });
    return;
  }
  // What a thing is made of ends with it.
  if (isPart && isCreated(rows, subject_type, subject_id)) return;
  const table = await findAuditedTable(context, entity_type);
  const canGo = table && (table.columns.includes('deleted_at') || table.can_delete);
  if (!table || (became === 'created' && !canGo)) {
    plan.conflicts.push(`the ${entity_type.replaceAll('_', ' ')} it made stays`);
    return;
  }
  const kind = became === 'created' ? 'take away' : became === 'deleted' ? 'insert' : 'put back';
  plan.steps.push({ kind, row, table });
}

/** The action that ends what a call has made: its own delete, else what the action that made it names. */
function endOf(
  { actions }: Registry,
  record: RecordSpec,
  used: readonly Registered<Action>[],
): { id: string; input(id: string): Row } | undefined {
  const ids = record.actions.delete ? [`${record.name}.delete`] : used.flatMap(({ spec }) => spec.undo ?? []);
  for (const id of ids) {
    const end = actions.get(id);
    const pointer = end && pointerOf(end);
    if (pointer?.record === record.name) return { id, input: pointer.input };
  }
  return undefined;
}

/** What has come since and belongs to a row that would go: `T-2009 (visit) belongs to C-1004`. */
async function pointedTo(
  context: ReadContext,
  record: RecordSpec,
  row: TouchedRow,
  rows: readonly TouchedRow[],
): Promise<string[]> {
  const own = rows.map(({ entity_id }) => entity_id);
  const said: string[] = [];
  for (const relation of context.registry.relations.get(record.name) ?? []) {
    const found = await listPointing(context, relation, row.entity_id, own);
    const made = await listMadeByMachine(
      context,
      found.map(({ id }) => id),
      row.entity_id,
    );
    for (const { id, name } of found) {
      if (made.includes(id)) continue;
      said.push(`${name === '' ? 'a' : name} (${nounOf(relation)}) belongs to ${nameOf(record, row)} by now`);
    }
  }
  return said;
}

/** `C-1004`, or what such a thing is called. */
export const nameOf = (record: RecordSpec | undefined, { entity_type, after, before }: TouchedRow): string =>
  String(after.reference ?? before.reference ?? record?.noun ?? entity_type.replaceAll('_', ' '));

/** What was made by the call and has been changed by somebody since is not simply ended. */
async function addLater(context: ReadContext, plan: Plan, { entries, request_id }: Called): Promise<void> {
  const ended = plan.steps.flatMap(step =>
    step.row && step.row.became === 'created' && step.kind !== 'end along' ? [step.row] : [],
  );
  const last = entries.at(-1);
  if (ended.length === 0 || !last) return;
  const later = await listLater(context, { after: last.id, request_id, rows: ended });
  for (const row of ended) {
    const own = later.filter(({ entity_id }) => entity_id === row.entity_id);
    const [changed] = touchedRows(own);
    const newest = own.at(-1);
    if (!changed || !newest) continue;
    const what = Object.keys(changed.after).slice(0, 5).join(', ').replaceAll('_', ' ');
    const name = nameOf(context.registry.records.get(row.entity_type), row);
    plan.conflicts.push(
      `${name} was changed since (${what}), by ${quote(newest.actor_name)} with ${newest.domain_action ?? newest.action}`,
    );
  }
}

/** What is put back without running an action is done by the levels of what would take the call back, or make the change anew. */
function permitsOf(
  registry: Registry,
  { steps }: Plan,
  rows: readonly TouchedRow[],
  ids: readonly string[],
): Plan['permits'] {
  const called = steps.flatMap(step => (step.kind === 'call' ? [step.action] : []));
  return [...new Set(ids)]
    .filter(id => !called.includes(id))
    .flatMap(action => pointedIn(registry.action(action), rows).map(input => ({ action, input })));
}

/** What an action would be told of the rows, once for each of them: what holds for one need not hold for the next. */
function pointedIn({ refs }: Registered<Action>, rows: readonly TouchedRow[]): Row[] {
  const members = refs.flatMap(({ path: [member = '', ...rest], record }) => {
    const own = rest.length === 0 ? rows.filter(({ entity_type }) => entity_type === record) : [];
    const [first] = own;
    return first ? [{ member, own, first }] : [];
  });
  const most = Math.max(1, ...members.map(({ own }) => own.length));
  return Array.from({ length: most }, (_each, index) =>
    Object.fromEntries(members.map(({ member, own, first }) => [member, (own[index] ?? first).entity_id])),
  );
}
