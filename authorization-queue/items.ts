import { z } from 'zod';
import type { ReadContext } from '../core/kernel/pipeline/context.ts';
import { targetsOf } from './decide.ts';
import { type Item, listItems } from './item-queries.ts';
import type { requestRow } from './queries.ts';
import { readVersions } from './store.ts';
import { bulkRule } from './window.ts';

/** One call of a bulk, as people and its agent see it. */
export const shownItem = z.object({
  action: z.string(),
  input: z.record(z.string(), z.unknown()),
  rule_reason: z.string(),
  reasoning: z.string().nullable(),
  affected_rows: z.number(),
  /** What it would do by itself; agents read that of the whole request. */
  preview: z.record(z.string(), z.unknown()).nullable(),
  /** Pending while the request waits. */
  status: z.string(),
  /** Its records were changed since it was asked: it will not be done. */
  is_stale: z.boolean(),
  error: z.record(z.string(), z.unknown()).nullable(),
});
type ShownItem = z.infer<typeof shownItem>;
type Request = Pick<
  z.infer<typeof requestRow>,
  | 'id'
  | 'action'
  | 'input'
  | 'rule'
  | 'rule_reason'
  | 'reasoning'
  | 'affected_rows'
  | 'preview'
  | 'status'
  | 'result'
  | 'error'
> & { target_versions: Record<string, number | null> };

/**
 * Requests with the calls they hold: none for an ordinary one, all of them, the first included, for a bulk that has
 * grown, whose preview is then that of all together. So whoever shows or decides a request shows the whole of it.
 */
export async function withItems<R extends Request>(
  context: ReadContext,
  requests: readonly R[],
): Promise<(Omit<R, 'target_versions'> & { items?: ShownItem[] })[]> {
  const bulks = requests.filter(({ rule }) => rule === bulkRule).map(({ id }) => id);
  const joined = bulks.length === 0 ? [] : await listItems(context, bulks);
  const shown = [];
  for (const { target_versions, ...request } of requests) {
    const own = joined.filter(item => item.authorization_request_id === request.id);
    const first = { ...request, target_versions };
    const items = own.length === 0 ? [] : await itemsOf(context, first, own);
    const preview =
      own.length === 0 ? request.preview : together([request.preview, ...own.map(item => item.preview)]);
    shown.push({ ...request, preview, ...(items.length > 0 ? { items } : {}) });
  }
  return shown;
}

async function itemsOf(
  context: ReadContext,
  request: Request,
  joined: readonly Item[],
): Promise<ShownItem[]> {
  const ended = firstEnd.safeParse(request.result);
  const [first] = ended.success ? ended.data.items : [];
  const affected_rows = joined.reduce((rest, item) => rest - item.affected_rows, request.affected_rows);
  const own = { ...request, affected_rows, status: first?.status ?? 'pending', error: first?.error ?? null };
  const items: ShownItem[] = [];
  for (const item of [own, ...joined]) {
    const { action, input, rule_reason, reasoning, affected_rows, preview, status, error } = item;
    const waits = request.status === 'pending';
    items.push({
      ...{ action, input, rule_reason, reasoning, affected_rows, error },
      preview: context.actor.kind === 'agent' ? null : preview,
      status: status === 'pending' ? request.status : status,
      is_stale: waits && (await isStale(context, item)),
    });
  }
  return items;
}

const firstEnd = z.object({
  items: z.array(z.object({ status: z.string(), error: z.record(z.string(), z.unknown()).nullable() })),
});

async function isStale(context: ReadContext, item: Pick<Item, 'target_versions'>): Promise<boolean> {
  const now = await readVersions(context, targetsOf(context.registry, item));
  return Object.entries(item.target_versions).some(([target, version]) => now[target] !== version);
}

const lists = z.looseObject({
  changes: z.array(z.unknown()).default([]),
  outgoing: z.array(z.unknown()).default([]),
  targets: z.array(z.looseObject({ id: z.string() })).default([]),
});

/** What several calls would do together; a record that several of them are about stands once among the targets. */
function together(previews: readonly unknown[]): Record<string, unknown> {
  const all = previews.map(preview => lists.parse(preview));
  const targets = new Map(all.flatMap(one => one.targets).map(target => [target.id, target]));
  return {
    ...all[0],
    changes: all.flatMap(({ changes }) => changes),
    outgoing: all.flatMap(({ outgoing }) => outgoing),
    targets: [...targets.values()],
  };
}
