import { Temporal } from 'temporal-polyfill';
import { newId } from '../kernel/database/ids.ts';
import { lockInBusiness } from '../kernel/database/lock.ts';
import type { Context, Organization } from '../kernel/pipeline/context.ts';
import { insertRow, updateRow } from '../kernel/records/record-queries.ts';
import { openSpans } from '../scheduling/business-hours.ts';
import { endOf } from './end-of.ts';
import { findCall, listCalls } from './queries.ts';
import type { Task } from './record.ts';
import { taskRecord } from './task.ts';

/** Something to be said to a customer by telephone, because no mail reaches them. */
export interface Call {
  /** What it is for, in the words of the messages: `confirmation`. */
  kind: string;
  contact_id: string | null;
  company_id: string | null;
  ticket_id: string | null;
  invoice_id: string | null;
  /** `Call Jane Smith: confirm the visit of Tuesday, December 1` */
  title: string;
  /** Why, and the words to say. */
  note: string;
  /** When a mail would have gone, UTC. */
  at: string;
  /** It is too late for it then: the visit begins. */
  before: string | undefined;
  /** It is said besides whatever else waits to be said about the same. */
  is_apart: boolean;
}

/**
 * Writes down that somebody has to call a customer, when a mail would have gone and the business is open (CFL-49): once for
 * each thing to be said of a visit or a bill. Who asks for it again finds the one that waits, which says what is so now and is
 * due when it is asked for now.
 */
export async function planCall(context: Context, call: Call): Promise<Task> {
  const { kind: call_kind, contact_id, company_id, ticket_id, invoice_id, note } = call;
  const said = { title: call.title.slice(0, mostTitle), note, due_at: callTime(context, call) };
  await lockInBusiness(context, `call:${contact_id ?? company_id}:${ticket_id ?? invoice_id ?? ''}`);
  const same = call.is_apart
    ? undefined
    : await findCall(context, { contact_id, ticket_id, invoice_id, call_kind });
  if (same) return updateRow(context, taskRecord, same.id, said);
  return insertRow(context, taskRecord, {
    id: newId(),
    ...said,
    call_kind,
    contact_id,
    company_id,
    ticket_id,
    invoice_id,
    source: 'workflow',
  });
}

/** As long as the title of a task may be. */
const mostTitle = 200;

/** When somebody is called: not before the business opens, unless it were too late then. */
function callTime({ now, organization }: Context, { at, before }: Pick<Call, 'at' | 'before'>): string {
  const wanted = Math.max(Date.parse(at), now.epochMilliseconds);
  const opens = openFrom(organization, wanted) ?? wanted;
  const isInTime = before === undefined || opens < Date.parse(before);
  return Temporal.Instant.fromEpochMilliseconds(isInTime ? opens : wanted).toString();
}

/** The first moment from then on at which the business is open; undefined when it is not within a week. */
export function openFrom({ business_hours, time_zone }: Organization, wanted: number): number | undefined {
  const first = Temporal.Instant.fromEpochMilliseconds(wanted).toZonedDateTimeISO(time_zone).toPlainDate();
  const span = openSpans(business_hours, time_zone, first, first.add({ days: 7 })).find(
    ({ to }) => to > wanted,
  );
  return span && Math.max(span.from, wanted);
}

/** Cancels the calls about a visit that need not be made any more, those of some kinds or all but some; the caller says why. */
export async function endCalls(
  context: Context,
  ticketId: string,
  isOver: (kind: string) => boolean = () => true,
): Promise<void> {
  for (const { id, call_kind } of await listCalls(context, ticketId))
    if (call_kind !== null && isOver(call_kind))
      await updateRow(context, taskRecord, id, { status: 'cancelled', ...endOf(context) });
}

/** Cancels the call of a kind about a bill that need not be made any more; the caller says why. */
export async function endCallAbout(context: Context, about: Parameters<typeof findCall>[1]): Promise<void> {
  const call = await findCall(context, about);
  if (call) await updateRow(context, taskRecord, call.id, { status: 'cancelled', ...endOf(context) });
}
