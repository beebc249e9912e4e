import { z } from 'zod';
import type { Prepared, PrepareTools } from '../kernel/registry/define.ts';
import type { Requests } from '../reading/day-sections.ts';
import { briefingRow } from './queries.ts';
import { mostTold } from './record.ts';

/** How many requests are looked at; a briefing shows fewer. */
const mostRequests = 100;

const request = z.object({
  reference: z.string(),
  action: z.string(),
  status: z.string(),
  rule_reason: z.string(),
  decision: z.string().nullable(),
  decision_note: z.string().nullable(),
  decided_by: z.string().nullable(),
  expires_at: z.string(),
});
const decidedRequest = request.extend({ decided_at: z.string() });
const fields = Object.keys(decidedRequest.shape);

/** What a briefing must know before its transaction, because the queue stands above the core. */
const prepared = z.object({
  since: z.string().optional(),
  until: z.string().optional(),
  told: z.array(z.string()),
  waiting: z.array(request),
  decided: z.array(request),
});

/**
 * Reads what waits for the owner and what was decided since the last briefing of this caller. A decision is told once, and
 * none is passed over: the next briefing goes on from the latest one that was told, not from when it was told, and looks a
 * minute further back for decisions that were committed late. Whoever asks again within a minute, because the answer was
 * lost, is told the same again.
 */
export async function readRequests({ read }: PrepareTools): Promise<Prepared> {
  const last = await findLast(read);
  const since = last && aMinuteBefore(last.until);
  const [waiting, decided] = await Promise.all([
    read('authorization_requests', { filter: 'pending', limit: mostRequests, fields }),
    read('authorization_requests', {
      filter: 'decided',
      limit: mostRequests,
      fields,
      params: since === undefined ? {} : { decided_since: since },
    }),
  ]);
  const fresh = z
    .array(decidedRequest)
    .parse(decided.filter(({ decided_at }) => decided_at !== null))
    .filter(({ reference }) => !last?.told.includes(reference))
    .sort((a, b) => b.decided_at.localeCompare(a.decided_at));
  const until = fresh[0]?.decided_at ?? last?.until;
  const lately = until === undefined ? '' : aMinuteBefore(until);
  const told = fresh.filter(({ decided_at }) => decided_at >= lately).map(({ reference }) => reference);
  return prepared.parse({
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    told: (fresh.length > 0 ? told : (last?.told ?? [])).slice(0, mostTold),
    waiting,
    decided: fresh,
  });
}

/** The last briefing of the caller that is more than a minute old. */
async function findLast(read: PrepareTools['read']) {
  const query = { params: { mine: true }, limit: 10, fields: Object.keys(briefingRow.shape) };
  const given = z.array(briefingRow).parse(await read('briefings', query));
  return given.find(({ is_recent }) => !is_recent);
}

export interface ReadRequests extends Requests {
  /** What the next briefing must know. */
  mark: { since?: string; until?: string; told: string[] };
}

/** What `readRequests` brought; nothing for a paused agent, for whom nothing is prepared and who is refused later. */
export function requestsOf(brought: unknown): ReadRequests {
  const { waiting, decided, told, since, until } = prepared.parse(
    brought ?? { told: [], waiting: [], decided: [] },
  );
  return {
    waiting,
    decided,
    more: decided.length >= mostRequests,
    mark: {
      told,
      ...(since === undefined ? {} : { since }),
      ...(until === undefined ? {} : { until }),
    },
  };
}

const aMinuteBefore = (instant: string): string => new Date(Date.parse(instant) - 60_000).toISOString();
