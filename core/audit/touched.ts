import { z } from 'zod';
import type { Row } from '../kernel/records/record.ts';
import type { TrailEntry } from './undo-queries.ts';

/** What became of one row in a call, from its first entry to its last. */
export interface TouchedRow {
  entity_type: string;
  entity_id: string;
  subject_type: string;
  subject_id: string;
  /** `deleted`: outright, and not by a mark. */
  became: 'created' | 'changed' | 'deleted';
  /** Which entry of the call first touched it: what was done last is taken back first. */
  at: number;
  /** The values before and after; of a created row all it has. */
  before: Row;
  after: Row;
}

/** Something a call did that is no change of a row the trail knows: `assign_technician`. */
export interface Deed {
  entity_type: string;
  entity_id: string;
  verb: string;
  /** What it was done with: `{technician_id: …}`. */
  facts: Row;
  /** Which entry of the call says it. */
  at: number;
}

const side = z.object({ old: z.unknown(), new: z.unknown() }).partial().catch({});
const verbs = new Set(['create', 'update', 'delete', 'restore']);

/** The rows of a call in the order in which it first touched them. What it made and took away itself is left out. */
export function touchedRows(entries: readonly TrailEntry[]): TouchedRow[] {
  const rows = new Map<string, TouchedRow>();
  for (const [at, entry] of entries.entries()) {
    if (!verbs.has(entry.action)) continue;
    const key = `${entry.entity_type}:${entry.entity_id}`;
    rows.set(key, merged(rows.get(key), entry, at));
  }
  return [...rows.values()].filter(row => !isNothing(row));
}

function merged(known: TouchedRow | undefined, entry: TrailEntry, at: number): TouchedRow {
  const { entity_type, entity_id, subject_type, subject_id, action, changes } = entry;
  const sides = Object.entries(changes).map(([name, value]) => [name, side.parse(value)] as const);
  const old = Object.fromEntries(sides.map(([name, value]) => [name, value.old ?? null]));
  const now = Object.fromEntries(sides.map(([name, value]) => [name, value.new ?? null]));
  const isOutright = action === 'delete' && !('deleted_at' in changes && now.deleted_at !== null);
  const row = { entity_type, entity_id, subject_type, subject_id, at: known?.at ?? at };
  const became = isOutright ? 'deleted' : action === 'create' ? 'created' : (known?.became ?? 'changed');
  return { ...row, became, before: { ...old, ...known?.before }, after: { ...known?.after, ...now } };
}

function isNothing({ became, before, after }: TouchedRow): boolean {
  // Made and taken away in one call.
  if (became === 'created') return after.deleted_at !== undefined && after.deleted_at !== null;
  if (became === 'deleted') return before.id === null;
  return Object.keys(after).every(name => isSame(before[name], after[name]));
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What a call did besides changing rows, newest first. */
export function deedsOf(entries: readonly TrailEntry[]): Deed[] {
  return entries
    .map((entry, at) => ({ ...entry, at }))
    .filter(({ action }) => !verbs.has(action))
    .map(({ entity_type, entity_id, action, changes, at }) => ({
      entity_type,
      entity_id,
      verb: action,
      at,
      facts: Object.fromEntries(
        Object.entries(changes).flatMap(([name, value]) => {
          const { old, new: now } = side.parse(value);
          const said = now ?? old;
          return said === undefined || said === null ? [] : [[name, said]];
        }),
      ),
    }))
    .reverse();
}
