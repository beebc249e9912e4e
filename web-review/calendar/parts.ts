import { showClock } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';
import type { Person, PlannedVisit } from './plan.ts';

/** Somebody's initials on their colour. The name stands beside it, or is read out instead. */
export const badgeOf = ({ initials, hue }: Person, name?: string): Markup =>
  html`<abbr class="face hue-${hue}"${name !== undefined ? html` title="${name}"` : html` aria-hidden="true"`}>${initials}</abbr> `;

/** `9:30 AM`; with the name of the zone on a day the clocks change, for an hour may come twice. */
export function clockOf(request: PageRequest, { scheduled_at }: Pick<PlannedVisit, 'scheduled_at'>): string {
  const { time_zone } = request.identity.organization;
  const at = new Date(scheduled_at);
  const zone = (moment: Date) => zoneOf(moment, time_zone);
  const isPlain = zone(new Date(at.getTime() - halfDay)) === zone(new Date(at.getTime() + halfDay));
  return isPlain ? showClock(scheduled_at, time_zone) : `${showClock(scheduled_at, time_zone)} ${zone(at)}`;
}

const halfDay = 12 * 3_600_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function zoneOf(moment: Date, timeZone: string): string {
  const format =
    formats.get(timeZone) ?? new Intl.DateTimeFormat('en-US', { timeZoneName: 'short', timeZone });
  formats.set(timeZone, format);
  return format.formatToParts(moment).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

/** The way to a visit. */
export const visitLink = ({ reference }: Pick<PlannedVisit, 'reference'>, words: Markup): Markup =>
  html`<a href="/tickets/${reference}">${words}</a>`;

/** The form that moves a visit, for fingers and keyboards: what dragging does with a mouse. */
export const moveLink = (reference: string, view: 'day' | 'week'): Markup =>
  html`<a class="mv" href="/tickets/${reference}/move?view=${view}">Move</a>`;
