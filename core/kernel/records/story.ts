import { z } from 'zod';
import type { ReadContext } from '../pipeline/context.ts';
import { undone } from '../pipeline/preview.ts';
import { withReferences } from './called-by.ts';
import { listHistory } from './history.ts';
import type { Include } from './record.ts';
import { sayChange, wordsOf } from './story-words.ts';

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
  for (const named of entries) {
    const { entry } = named;
    const story = stories.get(entry.about) ?? [];
    const last = story.at(-1);
    const words = sayChanges(context, named, subject);
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

/** An entry with what people call those its changes point to: `C-1042 «Jane Smith»`, `Theo`. */
interface Named {
  entry: Entry;
  called: { old: Record<string, unknown>; new: Record<string, unknown> };
}

async function withNames(context: ReadContext, entries: readonly Entry[]): Promise<Named[]> {
  const sides = entries.map(({ changes }) => ({ old: sideOf(changes, 'old'), new: sideOf(changes, 'new') }));
  const named = await withReferences(context, sides, 'named');
  return entries.map((entry, n) => ({ entry, called: named[n] ?? { old: {}, new: {} } }));
}

const sideOf = (changes: Record<string, unknown>, side: 'old' | 'new'): Record<string, unknown> =>
  Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, pair.parse(value)[side]]));

/** A new row by what it holds, a changed one by what was and is. */
function sayChanges(context: ReadContext, { entry, called }: Named, subject: string): string[] {
  const { changes, action, entity_type } = entry;
  // Said in whole by whoever took a call back.
  if (action === undone) return [`undone: ${String(pair.parse(changes.call).new)}`];
  const part = entity_type === subject ? '' : `${wordsOf(entity_type.replace(`${subject}_`, ''))}: `;
  const said = Object.entries(changes).flatMap(([name, value]) => {
    const { old: was, new: is } = pair.parse(value);
    return (
      sayChange(context, {
        entity_type,
        subject,
        name,
        old: { value: was, called: called.old[name] },
        new: { value: is, called: called.new[name] },
      }) ?? []
    );
  });
  if (said.length === 0) return part === '' && action !== 'delete' ? [] : [`${part}${wordsOf(action)}`];
  return action === 'update' ? said.map(words => part + words) : [`${part}${said.join(', ')}`];
}
