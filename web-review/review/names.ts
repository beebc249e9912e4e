import { z } from 'zod';
import type { Registry } from '../../core/kernel/registry/registry.ts';
import { showMoment, words } from '../format.ts';
import type { Reader } from '../history.ts';
import { mayRead, type PageRequest, readMaybe } from '../site.ts';
import type { Request } from './request.ts';

/** What the ids in a request stand for, in words. */
export type Names = ReadonlyMap<string, string>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const mostReads = 40;

/** How the values and records of requests read: local time, money, names. */
export interface RequestReader extends Reader {
  names: Names;
}

/** What is needed to write about these requests in words. */
export async function readerFor(visit: PageRequest, requests: readonly Request[]): Promise<RequestReader> {
  const { time_zone, currency } = visit.identity.organization;
  const { registry } = visit.site.app;
  return { registry, time_zone, currency, names: await readNames(visit, requests) };
}

/** Names for the targets, and for every other record that the changes speak of, as far as it is there. */
async function readNames(visit: PageRequest, requests: readonly Request[]): Promise<Names> {
  const targets = requests.flatMap(({ preview }) => preview.targets);
  const names = new Map(
    targets.map(({ id, reference, label }) => [id, [reference, label].filter(Boolean).join(' ')]),
  );
  for (const { action, entity_type, entity_id } of requests.flatMap(({ preview }) => preview.changes)) {
    if (action === 'create') names.set(entity_id, `the new ${words(entity_type)}`);
  }
  const wanted = new Map<string, string>();
  for (const { record, id } of targets) if (record === 'ticket') wanted.set(id, record);
  for (const [id, record] of requests.flatMap(request => idsOf(request, visit.site.app.registry)))
    if (!names.has(id)) wanted.set(id, record);
  const found = await Promise.all(
    [...wanted]
      .slice(0, mostReads)
      .map(async ([id, record]) => ({ id, name: await read(visit, record, id) })),
  );
  for (const { id, name } of found) if (name !== undefined) names.set(id, name);
  return names;
}

function idsOf({ preview }: Request, registry: Registry): [string, string][] {
  return preview.changes.flatMap(entry => {
    const own: [string, string][] = entry.action === 'create' ? [] : [[entry.entity_id, entry.entity_type]];
    const pointed = Object.entries(entry.changes).flatMap(([field, value]) => {
      const record = registry.pointsTo(field);
      if (record === undefined || typeof value !== 'object' || value === null) return [];
      return Object.values(value).flatMap((id): [string, string][] =>
        typeof id === 'string' && uuid.test(id) ? [[id, record]] : [],
      );
    });
    return [...own, ...pointed];
  });
}

const row = z.looseObject({ reference: z.string().optional() });
const ticket = z.object({ reference: z.string(), scheduled_at: z.string(), contact_id: z.string() });

async function read(visit: PageRequest, record: string, id: string): Promise<string | undefined> {
  const spec = visit.site.app.registry.records.get(record);
  if (!spec || !mayRead(visit, spec.plural)) return undefined;
  const found = await readMaybe(visit, { type: spec.plural, row, id });
  if (!found) return undefined;
  const visitRow = ticket.safeParse(found);
  if (record === 'ticket' && visitRow.success) return readTicket(visit, visitRow.data);
  return [found.reference, spec.label(found)].filter(Boolean).join(' ');
}

// A visit's own label is its number, which tells an owner little.
async function readTicket(visit: PageRequest, found: z.infer<typeof ticket>): Promise<string> {
  const when = showMoment(found.scheduled_at, visit.identity.organization.time_zone);
  const customer = await read(visit, 'contact', found.contact_id);
  return `${found.reference} on ${when}${customer === undefined ? '' : ` for ${customer}`}`;
}
