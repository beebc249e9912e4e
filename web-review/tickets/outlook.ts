import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { allForPeople } from '../for-people.ts';
import { showClock, showMoment } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { type PageRequest, readList, readMaybe } from '../site.ts';
import { type Draft, type Moving, placeIn } from './moving.ts';

/** What moving a visit would do, or why it cannot be done. */
export interface Outlook {
  problem?: string;
  /** Of the page that says it. */
  status?: number;
  /** What somebody should know and nothing stands against. */
  remarks: readonly string[];
  /** Times that would do. */
  free: readonly { date: string; time: string; label: string }[];
}

/** Tries it and leaves nothing (architecture, rule 2): what is shown is what would be. */
export async function lookAhead(
  request: PageRequest,
  { id }: Moving,
  data: { ticket_id: string; scheduled_at: string; duration_minutes: number; technician_ids: string[] },
): Promise<Outlook> {
  try {
    const call = { action: 'ticket.move_visit', data: { ...data, ticket_id: id }, preview: true };
    const { warnings } = await request.site.app.execute(request.caller, call, request.facts);
    return { remarks: allForPeople(warnings), free: [] };
  } catch (error) {
    if (!(error instanceof DeskhandError) || error.status >= 500) throw error;
    return refusalOf(request, error);
  }
}

const freeTime = z.object({ starts_at: z.string() });
const refusal = z.object({
  field: z.string().optional().catch(undefined),
  technician: z.string().optional().catch(undefined),
  conflicting_ticket: z.string().optional().catch(undefined),
  next_free: z.array(freeTime).catch([]),
});

/** Why it cannot be done, in the words of the page, with times that would do. */
export async function refusalOf(request: PageRequest, error: DeskhandError): Promise<Outlook> {
  const { time_zone } = request.identity.organization;
  const { field, technician, conflicting_ticket, next_free } = refusal.parse(error.details);
  const other = conflicting_ticket === undefined ? undefined : await readOther(request, conflicting_ticket);
  const isOvertaken = error.code === 'CONFLICT' && field === 'seen';
  return {
    problem: isOvertaken
      ? 'Somebody moved this visit while you were looking. You see where it is now; move it again if it still has to.'
      : other && technician !== undefined
        ? `${technician} is with ${other.customer} from ${showClock(other.scheduled_at, time_zone)} to ${showClock(other.ends_at, time_zone)} (${conflicting_ticket}).`
        : error.message,
    status: error.status,
    remarks: [],
    free: next_free.map(({ starts_at }) => ({
      ...placeIn(request, starts_at),
      label: showMoment(starts_at, time_zone),
    })),
  };
}

const ticketRow = z.object({ scheduled_at: z.string(), ends_at: z.string(), contact_id: z.string() });

async function readOther(request: PageRequest, id: string) {
  const ticket = await readMaybe(request, {
    type: 'tickets',
    row: ticketRow,
    id,
    query: { fields: Object.keys(ticketRow.shape) },
  });
  if (!ticket) return undefined;
  const contact = await readMaybe(request, {
    type: 'contacts',
    row: z.object({ full_name: z.string() }),
    id: ticket.contact_id,
    query: { fields: ['full_name'] },
  });
  return { ...ticket, customer: contact?.full_name ?? 'another customer' };
}

/** The next times at which somebody of the crew is free, anybody's when nobody goes yet. */
export async function nextFree(request: PageRequest, { from }: Moving): Promise<Outlook['free']> {
  const { time_zone } = request.identity.organization;
  const [technician_id] = from.who;
  const { rows } = await readList(request, 'availability', freeTime, {
    params: { duration_minutes: from.minutes, ...(technician_id === undefined ? {} : { technician_id }) },
    limit: 100,
  });
  // One of each half of a day: half an hour earlier or later is no choice.
  const halves = new Map<string, Outlook['free'][number]>();
  for (const { starts_at } of rows) {
    const { date, time } = placeIn(request, starts_at);
    const half = `${date} ${time < '12:00'}`;
    if (!halves.has(half)) halves.set(half, { date, time, label: showMoment(starts_at, time_zone) });
  }
  return [...halves.values()].slice(0, mostOffered);
}

const mostOffered = 4;

/** The free times as links to the same page. */
export function freeLinks(
  { reference }: Moving,
  { to, view, isAsked }: Draft,
  free: Outlook['free'],
): Markup | false {
  if (free.length === 0) return false;
  const link = (date: string, time: string) =>
    `/tickets/${reference}/move?${new URLSearchParams({ date, time, minutes: String(to.minutes), who: to.who.join(','), view })}`;
  return html`<p>${isAsked ? 'Free instead:' : 'Free next:'}</p><div class="buttons">${free.map(({ date, time, label }) => html`<a class="button plain" data-panel href="${link(date, time)}">${label}</a> `)}</div>`;
}
