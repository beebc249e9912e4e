import { z } from 'zod';
import { type ReadContext, roles } from '../kernel/pipeline/context.ts';
import { mayCall, mayRead } from '../kernel/pipeline/roles.ts';
import { defineView } from '../kernel/registry/define.ts';
import type { WaitingSpec } from '../kernel/registry/waiting.ts';
import { countAll } from './inbox-queries.ts';

// Reads no table by itself: each domain says what of it waits, and how that is counted.

const inboxRow = z.object({
  kind: z.string(),
  /** As people call it. */
  label: z.string(),
  /** `2 tasks due` */
  words: z.string(),
  count: z.number(),
  /** Since when, or for when, the first of them waits; null when none does. */
  oldest_at: z.string().nullable(),
  /** The data type that lists them, and what leaves exactly these. */
  list: z.string(),
  filter: z.string().nullable(),
  where: z.record(z.string(), z.string()),
});

/** What waits for whoever asks, counted (WEB): one statement, for it is asked on every page. */
export const inbox = defineView({
  type: 'inbox',
  domain: 'briefing',
  summary:
    'What waits for somebody now, counted by kind: inquiries, call-backs, tasks, mail that failed, approvals.',
  keywords: ['inbox', 'waiting', 'to do', 'how many', 'open', 'count'],
  row: inboxRow,
  params: z.strictObject({}),
  roles,
  default_fields: ['kind', 'count', 'oldest_at', 'list', 'filter', 'where'],
  async run(context) {
    const mine = waitingFor(context);
    const counted = mine.length === 0 ? [] : await countAll(context, mine);
    const rows = mine.flatMap((spec, at) => {
      const { count = 0, oldest_at = null } = counted.find(row => row.at === at) ?? {};
      const { kind, label, one, many, view, filter = null, params = {} } = spec;
      const words = `${count} ${count === 1 ? one : many}`;
      return { kind, label, words, count, oldest_at, list: view, filter, where: { ...params } };
    });
    return { rows };
  },
});

/** What the caller may read, and deal with. */
function waitingFor({ registry, actor }: ReadContext): WaitingSpec[] {
  const isFor = ({ view, settled_by }: WaitingSpec) =>
    mayRead(actor, registry.view(view).spec) &&
    (settled_by === undefined || mayCall(actor, registry.action(settled_by)));
  return registry.domains.flatMap(({ waits = [] }) => waits).filter(isFor);
}
