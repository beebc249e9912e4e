import { z } from 'zod';
import type { App } from '../../core/app.ts';
import type { ReadQuery } from '../../core/kernel/registry/define.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { type Presenter, presenter } from '../present.ts';
import { type McpResources, ResourceRefusal } from '../resource.ts';
import { callerOf, type McpSession } from '../tool.ts';
import { listed, pictureAt, readPicture } from './figures.ts';

const mimeType = 'application/json';
const today = 'deskhand://today';

/** Visits of a day that are shown; more than any crew does. */
const mostVisits = 100;

/** Records by what people call them, the day, and the figures as pictures: what an owner attaches to a conversation by hand. */
export function createResources(app: App): McpResources {
  const present = presenter(app.registry);
  return {
    list: [
      {
        uri: today,
        name: 'today',
        title: 'Today',
        description: 'The visits of today in travel order.',
        mimeType,
      },
      ...listed,
    ],
    templates: [
      {
        uriTemplate: 'deskhand://{reference}',
        name: 'record',
        title: 'A record by its reference',
        description:
          'A customer (C-1042), visit (T-2071), lead (L-1003), note, request (R-12) or other record.',
        mimeType,
      },
    ],
    async read(uri, session) {
      const picture = pictureAt(uri);
      const reference = /^deskhand:\/\/([\w-]{1,40})\/?$/i.exec(uri)?.[1];
      if (reference === undefined && picture === undefined) return undefined;
      const reader = readerOf(app, session);
      try {
        if (picture) return { uri, ...(await readPicture(app, reader, { present, picture })) };
        if (reference === undefined) return undefined;
        const facts =
          reference.toLowerCase() === 'today'
            ? await readToday(reader, present)
            : await readRecord(app, reader, present, reference.toUpperCase());
        return facts === undefined ? undefined : { uri, mimeType, text: JSON.stringify(facts) };
      } catch (error) {
        throw refusalOf(error, present);
      }
    },
  };
}

type Reader = (type: string, query: ReadQuery) => ReturnType<App['read']>;

function readerOf(app: App, session: McpSession): Reader {
  const { request_id } = session;
  const caller = callerOf(session);
  return (type, query) => app.read(caller, type, { ...query, references: 'named' }, { request_id });
}

async function readToday(read: Reader, { compact }: Presenter): Promise<unknown> {
  const { rows, time_zone, next_cursor } = await read('calendar', { limit: mostVisits });
  return {
    visits: rows.map(row => compact(row, time_zone, 'calendar')),
    ...(next_cursor === undefined ? {} : { more: 'crm_query calendar shows the rest' }),
  };
}

/** What people want to see of a record at once, besides its own members. */
const includes: Readonly<Record<string, readonly string[]>> = {
  tickets: ['lines', 'technicians', 'rescheduled_to'],
};

/** A record as `crm_query` answers it by id; a customer with what one wants to know before booking. */
async function readRecord(app: App, read: Reader, present: Presenter, reference: string): Promise<unknown> {
  const type = app.registry.references.typeOf(reference);
  if (type === undefined) return undefined;
  const include = includes[type];
  const { rows, time_zone } = await read(type, { id: reference, ...(include ? { include } : {}) });
  const row = members.parse(present.compact(rows[0], time_zone, type));
  if (type !== 'contacts') return row;
  return { ...row, booking_context: await readBookingContext(read, present, reference) };
}

const members = z.record(z.string(), z.unknown());
/** What the customer's own row says already. */
const saidBefore = new Set(['id', 'reference', 'full_name', 'phone', 'email', 'summary']);

async function readBookingContext(read: Reader, { compact }: Presenter, contact: string): Promise<unknown> {
  const { rows, time_zone } = await read('booking_context', { params: { contact_id: contact } });
  const facts = Object.entries(rows[0] ?? {}).filter(([name]) => !saidBefore.has(name));
  return compact(Object.fromEntries(facts), time_zone, 'booking_context');
}

const refused = z.object({
  error: z.looseObject({ code: z.string(), message: z.string(), hint: z.string().optional() }),
});

function refusalOf(error: unknown, { refuse }: Presenter): unknown {
  if (!(error instanceof DeskhandError)) return error;
  const { error: facts } = refused.parse(refuse(error, 'read').structured);
  const { code, message, hint } = facts;
  return new ResourceRefusal(`${code}: ${message}${hint === undefined ? '' : ` ${hint}`}`, facts);
}
