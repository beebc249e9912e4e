import { z } from 'zod';
import { isUuid } from '../database/ids.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { undone } from '../pipeline/preview.ts';
import { formatMoney } from '../words/money.ts';
import { quote, quoteStart } from '../words/quote.ts';
import { localTime } from '../words/time.ts';
import { withReferences } from './called-by.ts';
import { listHistory } from './history.ts';
import type { Include } from './record.ts';

/** What one call did to a record and its parts. */
export interface StoryEvent {
  happened_at: string;
  actor_kind: string;
  actor_name: string;
  /** `ticket.reschedule` */
  domain_action: string;
  /** In our words, with what people wrote in marks: `scheduled at: Tue 2026-11-24 10:00 → Fri 2026-11-27 10:00`. */
  changed: string[];
  reasoning: string | null;
  request_id: string | null;
}

/** The `history` include of every record: what happened in words, one entry a call, newest first (AUD-06). */
export const storyInclude = (subject: string): Include => ({
  summary: 'what happened, in words: who, what changed, why; newest first',
  async load(context, ids) {
    const stories = await readStories(context, subject, ids);
    return new Map([...stories].map(([id, events]) => [id, events.map(shown)]));
  },
});

/** As an answer shows it. */
export const shown = ({ request_id: _request, ...event }: StoryEvent) => event;

type Entry = Awaited<ReturnType<typeof listHistory>>[number];

/** The newest fifty entries of each record, those of one call together. */
export async function readStories(
  context: ReadContext,
  subject: string,
  ids: readonly string[],
): Promise<Map<string, StoryEvent[]>> {
  const record = context.registry.records.get(subject);
  if (!record) throw new Error(`there is no record ${subject}`);
  const entries = await withNames(context, await listHistory(context, record, ids, 50));
  const stories = new Map<string, StoryEvent[]>(ids.map(id => [id, []]));
  for (const entry of entries) {
    const story = stories.get(entry.about) ?? [];
    const last = story.at(-1);
    const words = sayChanges(context, entry, subject);
    if (last && last.request_id !== null && last.request_id === entry.request_id) last.changed.push(...words);
    else story.push({ ...eventOf(entry), changed: words });
  }
  return stories;
}

const eventOf = ({
  created_at,
  actor_kind,
  actor_name,
  domain_action,
  reasoning,
  request_id,
  ...entry
}: Entry) => ({
  happened_at: created_at,
  actor_kind,
  actor_name,
  domain_action: domain_action ?? `${entry.entity_type}.${entry.action}`,
  reasoning,
  request_id,
});

const pair = z.object({ old: z.unknown(), new: z.unknown() }).partial().catch({});

/** The entries with references where changes hold ids of records that have one. */
async function withNames(context: ReadContext, entries: readonly Entry[]): Promise<Entry[]> {
  const sides = entries.map(({ changes }) => ({ old: sideOf(changes, 'old'), new: sideOf(changes, 'new') }));
  const named = await withReferences(context, sides, true);
  return entries.map((entry, n) => ({
    ...entry,
    changes: Object.fromEntries(
      Object.keys(entry.changes).map(name => [
        name,
        { old: named[n]?.old[name] ?? null, new: named[n]?.new[name] ?? null },
      ]),
    ),
  }));
}

const sideOf = (changes: Record<string, unknown>, side: 'old' | 'new'): Record<string, unknown> =>
  Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, pair.parse(value)[side]]));

// What every row has and nobody wants to read: keys, columns that follow from others.
const dull = new Set([
  ...['id', 'reference', 'version', 'currency', 'position', 'ends_at', 'created_at', 'updated_at'],
  ...['organization_id', 'created_by', 'updated_by', 'digest', 'form_digest', 'extraction', 'domain_action'],
]);

/** A new row by what it holds, a changed one by what was and is; each value at most a hundred characters. */
function sayChanges(
  context: ReadContext,
  { changes, action, entity_type }: Entry,
  subject: string,
): string[] {
  // Said in whole by whoever took a call back.
  if (action === undone) return [`undone: ${String(pair.parse(changes.call).new)}`];
  const part = entity_type === subject ? '' : `${wordsOf(entity_type.replace(`${subject}_`, ''))}: `;
  const said = Object.entries(changes).flatMap(([name, value]) => {
    const { old: was, new: is } = pair.parse(value);
    if (dull.has(name) || name === `${subject}_id`) return [];
    const before = sayValue(context, name, was);
    const after = sayValue(context, name, is);
    const isEmpty = before === nothing && (after === nothing || after === 'no' || is === 0);
    if (isEmpty || before === undefined || after === undefined) return [];
    const label = wordsOf(name.replace(/_(cents|id|minutes|at)$/, ''));
    return [before === nothing ? `${label} ${after}` : `${label} ${before} → ${after}`];
  });
  if (said.length === 0) return part === '' && action !== 'delete' ? [] : [`${part}${wordsOf(action)}`];
  return action === 'update' ? said.map(words => part + words) : [`${part}${said.join(', ')}`];
}

const wordsOf = (name: string): string => (/^[\w.]+$/.test(name) ? name.replaceAll('_', ' ') : quote(name));

const nothing = 'nothing';

/** A value as people read it, in marks unless it is a fact or a word of ours; undefined for ids nobody can read. */
function sayValue({ organization, registry }: ReadContext, name: string, value: unknown): string | undefined {
  if (value === null || value === undefined || value === '') return nothing;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') {
    if (name.endsWith('_cents')) return formatMoney(value, organization.currency);
    return name.endsWith('_minutes') ? `${value} min` : String(value);
  }
  if (typeof value !== 'string') {
    const isEmpty = typeof value === 'object' && Object.keys(value).length === 0;
    return isEmpty ? nothing : quoteStart(JSON.stringify(value), 100);
  }
  if (isUuid(value)) return undefined;
  if (name.endsWith('_at') && isInstant.test(value))
    return localTime(value, organization.time_zone).slice(0, 20);
  // A state or kind is a word of ours, and so is a reference.
  return ownWord.test(name) || registry.references.has(value) ? plain(value) : quoteStart(value, 100);
}

const ownWord = /^(status|.*_status|pricing|kind|.*_type)$/;
const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const plain = (value: string): string => (/^[\w-]+$/.test(value) ? value : quoteStart(value, 100));
