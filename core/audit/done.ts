import { z } from 'zod';
import { contactRecord } from '../contacts/contact.ts';
import { isUuid } from '../kernel/database/ids.ts';
import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { allowed } from '../kernel/pipeline/preview.ts';
import { mayRead } from '../kernel/pipeline/roles.ts';
import { listByIds } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineView } from '../kernel/registry/define.ts';
import { pageOf, requireId } from '../kernel/registry/paging.ts';
import { ranCall } from '../kernel/registry/registry.ts';
import { undoSaid } from '../kernel/registry/undoable.ts';
import { day, dayBounds, readDay } from '../kernel/words/time.ts';
import { findTakenBack } from './called.ts';
import { alongWords } from './deed-words.ts';
import { sidesOf } from './differences.ts';
import { type DoneCall, findPart, isAbout, listDone, listSaidOf } from './done-queries.ts';
import { readKnownRows } from './known-rows.ts';
import { tellInLine } from './sentence.ts';
import { calledId, type DeedReader } from './value-words.ts';

const kinds = z.enum(['user', 'agent', 'system', 'customer', 'webhook']);

const doneRow = z.object({
  id: z.string(),
  happened_at: z.string(),
  actor_kind: z.string(),
  actor_name: z.string(),
  /** `raised the price of the service S-1 «Gutter Cleaning» from $150.00 to $175.00` */
  did: z.string(),
  /** What it was about: `T-2001 on Wed, Nov 18, 2026, 2:00 PM`. */
  about: z.string().nullable(),
  reason: z.string().nullable(),
  /** The word that takes it back; null when nothing does, or somebody has. */
  undo: z.string().nullable(),
  /** Why nothing takes it back. */
  why_no_undo: z.string().nullable(),
  undone_by: z.string().nullable(),
  /** The person who allowed it, when it had waited for that. */
  allowed_by: z.string().nullable(),
  request_id: z.string(),
});
type DoneRow = z.infer<typeof doneRow>;

const params = z.strictObject({
  actor_kind: kinds.optional().meta({ description: 'agent: what was done without a person' }),
  actor_name: z.string().max(200).optional(),
  contact_id: ref('contact')
    .optional()
    .meta({ description: 'what was done about this customer and what is theirs' }),
  from: day.optional(),
  to: day.optional(),
});

/**
 * What was done, one line a call: who, when, what in a sentence, about what, why, and the word that takes it back (AUD-06,
 * issue: what the assistant did alone). What only reads, and what still waits to be allowed, is none of it.
 */
export const doneView = defineView({
  type: 'done',
  from_replica: true,
  domain: 'audit',
  summary:
    'What was done, one line a call, newest first: who, when, what in words, why, and the word that undoes it.',
  keywords: ['history', 'feed', 'what did you do', 'today', 'log', 'undo'],
  row: doneRow,
  params,
  default_fields: ['happened_at', 'actor_name', 'did', 'reason', 'undo', 'undone_by', 'allowed_by'],
  async run(context, { params: wanted, cursor, limit }) {
    requireId(cursor);
    const stretch = stretchOf(context, wanted, cursor);
    const part = await findPart(context, stretch);
    if (!part) return { rows: [] };
    const { since } = part;
    const conditions = conditionsOf(context, wanted);
    const calls = await listDone(context, { conditions, stretch, since, limit: limit + 1 });
    const { rows, ...more } = pageOf(calls, limit, last => last.id);
    // Where little matches, the rest of the trail is looked through when somebody goes on.
    return { ...(part.has_more ? { next_cursor: since } : {}), rows: await tellAll(context, rows), ...more };
  },
});

/** Between which ids. Ids are time-ordered. */
function stretchOf(
  { organization }: ReadContext,
  { from, to }: z.output<typeof params>,
  before: string | undefined,
): Sql[] {
  const bound = (text: string, name: 'from' | 'to') =>
    dayBounds(readDay(text, name), organization.time_zone)[name].toString();
  return [
    sql`true`,
    ...(before === undefined ? [] : [sql`id < ${before}::uuid`]),
    ...(from === undefined ? [] : [sql`id >= uuid7_floor(${bound(from, 'from')}::timestamptz)`]),
    ...(to === undefined ? [] : [sql`id < uuid7_floor(${bound(to, 'to')}::timestamptz)`]),
  ];
}

function conditionsOf(context: ReadContext, wanted: z.output<typeof params>): Sql[] {
  const { actor_kind, actor_name, contact_id } = wanted;
  return [
    ...(actor_kind === undefined ? [] : [sql`actor_kind = ${actor_kind}`]),
    ...(actor_name === undefined || actor_name === '' ? [] : [sql`actor_name = ${actor_name}`]),
    ...(contact_id === undefined ? [] : [aboutCustomer(context, contact_id)]),
  ];
}

function aboutCustomer(context: ReadContext, id: string): Sql {
  const children = context.registry.relations.get(contactRecord.name) ?? [];
  return isAbout(context, {
    record: contactRecord.name,
    id,
    children: children.map(({ child, column }) => ({ name: child.name, table: child.table, column })),
  });
}

async function tellAll(context: ReadContext, calls: readonly DoneCall[]): Promise<DoneRow[]> {
  const { registry, organization } = context;
  const rows = await readKnownRows(
    registry,
    calls.flatMap(({ entries }) => entries),
    async wanted => {
      const found = [...wanted].flatMap(([name, ids]) => {
        const record = registry.records.get(name);
        return record && mayRead(context.actor, registry.view(record.plural).spec) ? [{ record, ids }] : [];
      });
      return new Map(
        await Promise.all(
          found.map(
            async ({ record, ids }) =>
              [record.name, await listByIds(context, record, ids, { deleted: true })] as const,
          ),
        ),
      );
    },
  );
  const said = await saidOf(context, calls);
  return calls.map(call => tell({ registry, organization, rows }, call, said.get(call.request_id) ?? {}));
}

function tell(reader: DeedReader, call: DoneCall, { undone_by, allowed_by }: SaidOf): DoneRow {
  const { id, request_id, happened_at, entries, ran } = call;
  const [first] = entries;
  const action = first?.domain_action ?? '';
  const found = ranCall(reader.registry, action, ran);
  const said = found && undoSaid(reader.registry, found, request_id);
  const isOpen = said !== undefined && !said.startsWith('none') && undone_by === undefined;
  return {
    id,
    request_id,
    happened_at,
    actor_kind: first?.actor_kind ?? '',
    actor_name: first?.actor_name ?? '',
    did: [
      tellInLine(reader, { action, changes: entries.map(withoutReason) }, 'past'),
      ...alongWords(reader.registry, found, 'past'),
    ].join(', and '),
    about: (first && calledId(reader, first.subject_id)) ?? null,
    reason: first?.reasoning ?? null,
    undo: isOpen ? said : null,
    why_no_undo: said?.startsWith('none: ') ? said.slice('none: '.length) : null,
    undone_by: undone_by ?? null,
    allowed_by: allowed_by ?? null,
  };
}

/** What says only why, in the words that stand beside it, is said once. */
const withoutReason = (entry: DoneCall['entries'][number]) => ({
  ...entry,
  changes: Object.fromEntries(
    Object.entries(entry.changes).filter(
      ([, value]) => entry.reasoning === null || sidesOf(value).new !== entry.reasoning,
    ),
  ),
});

/** What people said of a call itself. */
interface SaidOf {
  allowed_by?: string;
  undone_by?: string;
}

/** Who allowed which of some calls, and who has taken it back, as far as that stands. */
async function saidOf(
  context: ReadContext,
  calls: readonly DoneCall[],
): Promise<ReadonlyMap<string, SaidOf>> {
  const ids = calls.map(({ request_id }) => request_id).filter(isUuid);
  const all = new Map<string, SaidOf>();
  for (const { of, verb, actor_name, request_id } of ids.length === 0 ? [] : await listSaidOf(context, ids)) {
    const { undone_by: _before, ...known } = all.get(of) ?? {};
    if (verb === allowed) all.set(of, { ...all.get(of), allowed_by: actor_name });
    else if (request_id !== null && (await findTakenBack(context, request_id))) all.set(of, known);
    else all.set(of, { ...known, undone_by: actor_name });
  }
  return all;
}
