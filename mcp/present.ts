import type { ErrorDetails } from '../core/kernel/errors.ts';
import { describeError } from '../core/kernel/errors.ts';
import { localTime } from '../core/kernel/time.ts';
import type { ToolAnswer } from './tool.ts';

/**
 * What an agent reads: the same facts with fewer tokens. Nothing, empty lists and ids beside a reference are left out;
 * times are local with weekday and offset; text that people wrote stands in « », so that it is never taken for an
 * instruction (architecture §6).
 */
export function compact(value: unknown, timeZone: string, name = ''): unknown {
  if (Array.isArray(value)) return value.map(item => compact(item, timeZone));
  if (isChange(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([side, member]) => [side, compact(member, timeZone, name)]),
    );
  }
  if (typeof value === 'object' && value !== null) {
    return compactMembers(value, timeZone, name === 'custom_fields');
  }
  if (typeof value !== 'string') return value;
  if (name.endsWith('_at') && isTimestamp(value)) return localTime(value, timeZone);
  return written.has(name) ? quote(value) : value;
}

// Members that hold what people wrote, on whatever record they are.
const written = new Set([
  'content',
  'notes',
  'note',
  'body',
  'raw_notes',
  'cancel_reason',
  'summary',
  'text',
  'memo',
]);

// Facts for programs; an agent that wants one asks for it by `fields`.
const forPrograms = new Set(['version', 'updated_at', 'deleted_at', 'schema_hash', 'is_system', 'file_hash']);

function compactMembers(value: object, timeZone: string, quoted: boolean): Record<string, unknown> | string {
  if ('id' in value && 'name' in value && typeof value.name === 'string' && Object.keys(value).length === 2) {
    return value.name;
  }
  // A reference, or the number of a line on its ticket, says which one is meant in fewer tokens than the id.
  const hasReference = 'reference' in value || 'position' in value;
  const result: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (isNothing(member) || forPrograms.has(name) || (name === 'id' && hasReference)) continue;
    if (name.endsWith('_local') && `${name.slice(0, -6)}_at` in value) continue;
    result[name] = quoted && typeof member === 'string' ? quote(member) : compact(member, timeZone, name);
  }
  return result;
}

/** `{old, new}` of the audit trail: both sides are values of the member it belongs to. */
function isChange(value: unknown): value is { old?: unknown; new?: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const names = Object.keys(value);
  return names.length > 0 && names.every(name => name === 'old' || name === 'new');
}

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

const isTimestamp = (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$/.test(text);

/** Marks text as somebody's words; marks inside it are made harmless. */
export const quote = (text: string): string => `«${text.replace(/[«»]/g, '"')}»`;

/** The answer of a tool: the same compact facts for clients that show the model only one of the two. */
export function answer(structured: Record<string, unknown>): ToolAnswer {
  return { structured, text: JSON.stringify(structured) };
}

/** A refusal as a tool error with all that helps to correct the call. A defect is thrown on, to be logged and hidden. */
export function refuse(error: unknown): ToolAnswer {
  if (describeError(error).code === 'INTERNAL_ERROR') throw error;
  const { type: _type, title: _title, status: _status, detail: _detail, ...known } = describeError(error);
  const facts: ErrorDetails = Object.fromEntries(
    Object.entries(known).filter(([, value]) => !isNothing(value)),
  );
  return { structured: { error: facts }, text: JSON.stringify({ error: facts }), isError: true };
}
