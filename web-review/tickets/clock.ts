import { shorten, showClock, showDay, showDuration, showMoment } from '../format.ts';
import { formFields } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import type { Current } from '../quick-action.ts';
import type { PageRequest } from '../site.ts';

/** What the clock needs to know of a visit. */
export interface ClockedVisit {
  reference: string;
  scheduled_at: string;
  technicians: readonly { id: string; name: string }[];
  time_entries: readonly TimeEntry[];
}

export interface TimeEntry {
  technician_id: string;
  clocked_in_at: string;
  clocked_out_at: string | null;
}

/** The way into the close-out of a visit (CLO-03); quiet where it is one of many, or where the visit has yet to begin. */
export const closeOutLink = (reference: string, isQuiet = false): Markup =>
  html`<a class="button${isQuiet && ' quiet'}" href="/close-out/${reference}">Finish visit</a>`;

/** Whoever is early may begin early. */
const shortlyBefore_ms = 1_800_000;

/** Whether a visit has begun, or is about to: only then is finishing it what one is likely to want. */
export const hasBegun = (
  { site }: PageRequest,
  { status, scheduled_at }: { status: string; scheduled_at: string },
): boolean =>
  status === 'in_progress' || Date.parse(scheduled_at) - shortlyBefore_ms <= site.clock().epochMilliseconds;

export interface ClockFormOptions {
  /** Whose clock; one's own when left out. */
  technicianId?: string | undefined;
  /** Those of whom one is chosen on the page. */
  choices?: readonly { id: string; name: string }[];
  /** What the button says, when it is more than "Clock in". */
  label?: string;
  /** The id of what tells this button from others like it. */
  describedBy?: string;
  /** Where to go afterwards, when that is not the visit. */
  back?: string;
}

/** A button that sets a clock (TKT-07). A technician's form need not say whose: they have no other. */
export function clockForm(
  request: PageRequest,
  reference: string,
  direction: 'in' | 'out',
  { technicianId, choices = [], label, describedBy, back }: ClockFormOptions = {},
): Markup {
  const { id: own, role } = request.identity.actor;
  const whose = role === 'technician' || choices.length > 0 ? null : (technicianId ?? own);
  return html`<form method="post" action="/tickets/${reference}/clock-${direction}">${formFields(request)}${whose !== null && hidden('technician_id', whose)}${back !== undefined && hidden('back', back)}
${choices.length > 0 && html`<label for="technician_id">Whose clock</label><select id="technician_id" name="technician_id">${choices.map(({ id, name }) => html`<option value="${id}"${id === own && html` selected`}>${name}</option>`)}</select>`}
<button class="quiet"${describedBy !== undefined && html` aria-describedby="${describedBy}"`}>${label ?? `Clock ${direction}`}</button></form>`;
}

const hidden = (name: string, value: string): Markup =>
  html`<input type="hidden" name="${name}" value="${value}">`;

/**
 * The clocks of an open visit: what runs and since when, and the buttons for those whose clock somebody may set. `mine`
 * is the visit that whoever looks at the page is at.
 */
export function clockSection(request: PageRequest, ticket: ClockedVisit, mine: Current | undefined): Markup {
  const { id: own, role } = request.identity.actor;
  const isTechnician = role === 'technician';
  const crew = ticket.technicians.filter(({ id }) => !isTechnician || id === own);
  const running = (id: string) =>
    ticket.time_entries.find(entry => entry.technician_id === id && entry.clocked_out_at === null);
  const others = crew.filter(({ id }) => running(id) === undefined);
  const isElsewhere =
    mine?.clocked_in_at && mine.reference !== ticket.reference && others.some(({ id }) => id === own);
  const free = others.filter(({ id }) => !isElsewhere || id !== own);
  return html`<section aria-label="Clock">
${ticket.technicians.length === 0 && html`<p class="empty">Nobody is assigned, so there is no clock to set.</p>`}
${crew.map(({ id, name }) => {
  const entry = running(id);
  return entry && runningClock(request, ticket.reference, { id, name }, entry);
})}
${isElsewhere && elsewhere(request, mine, { back: `/tickets/${ticket.reference}` })}
${free.length > 0 && clockForm(request, ticket.reference, 'in', chooseFrom(free, own))}
</section>`;
}

function chooseFrom(free: readonly { id: string; name: string }[], own: string | null): ClockFormOptions {
  const [only] = free;
  if (!only || free.length > 1) return { choices: free };
  return { technicianId: only.id, ...(only.id === own ? {} : { label: `Clock ${only.name} in` }) };
}

function runningClock(
  request: PageRequest,
  reference: string,
  { id, name }: { id: string; name: string },
  entry: TimeEntry,
): Markup {
  const isOwn = id === request.identity.actor.id;
  const by = showLength(minutesOf(request, entry));
  return html`<p>${isOwn ? 'Your clock' : html`The clock of ${name}`} runs since ${sinceTag(request, entry.clocked_in_at)}: ${by} by now.</p>
${clockForm(request, reference, 'out', { technicianId: id, ...(isOwn ? {} : { label: `Clock ${name} out` }) })}`;
}

/** A clock that runs on another visit, with the way out of it and back. */
export function elsewhere(
  request: PageRequest,
  { reference, customer, clocked_in_at }: Current,
  { back, technicianId }: { back?: string; technicianId?: string } = {},
): Markup {
  const isOwn = technicianId === undefined || technicianId === request.identity.actor.id;
  return html`<p>${isOwn ? 'Your clock' : 'This clock'} runs on <a href="/tickets/${reference}">${reference} · <bdi>${shorten(customer, 60)}</bdi></a>${clocked_in_at !== null && html` since ${sinceTag(request, clocked_in_at)}`}.</p>
${clockForm(request, reference, 'out', { technicianId, label: 'Clock out there', ...(back === undefined ? {} : { back }) })}`;
}

/** The clocked times of a visit, each with how long it was (GAP-04). */
export function workedTimes(request: PageRequest, ticket: ClockedVisit): Markup[] {
  const names = new Map(ticket.technicians.map(({ id, name }) => [id, name]));
  return ticket.time_entries.map(entry => {
    const until =
      entry.clocked_out_at === null ? 'now' : momentTag(request, entry.clocked_out_at, entry.clocked_in_at);
    return html`${names.get(entry.technician_id) ?? 'Somebody'} ${momentTag(request, entry.clocked_in_at, ticket.scheduled_at)} to ${until} (${showLength(minutesOf(request, entry))})`;
  });
}

/** Since when, for a sentence; with the day unless it is today. */
export const showSince = (request: PageRequest, when: string): string =>
  showMomentBeside(request, when, request.site.clock().toString());

export const sinceTag = (request: PageRequest, when: string): Markup =>
  html`<time datetime="${when}">${showSince(request, when)}</time>`;

const momentTag = (request: PageRequest, when: string, beside: string): Markup =>
  html`<time datetime="${when}">${showMomentBeside(request, when, beside)}</time>`;

/** A time of day; with its day when that is not the one of `beside`. */
function showMomentBeside(request: PageRequest, when: string, beside: string): string {
  const { time_zone } = request.identity.organization;
  const dayOf = (moment: string) => showDay(moment, time_zone);
  return dayOf(when) === dayOf(beside) ? showClock(when, time_zone) : showMoment(when, time_zone);
}

/** How long a clock ran. */
export const showLength = (minutes: number): string =>
  minutes < 1 ? 'less than a minute' : showDuration(minutes);

function minutesOf(request: PageRequest, { clocked_in_at, clocked_out_at }: TimeEntry): number {
  const end = clocked_out_at === null ? request.site.clock().epochMilliseconds : Date.parse(clocked_out_at);
  return Math.max(0, Math.round((end - Date.parse(clocked_in_at)) / 60_000));
}
