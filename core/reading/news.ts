import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { isUuid } from '../kernel/database/ids.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { defineView } from '../kernel/registry/define.ts';
import { day, readDay } from '../kernel/words/time.ts';
import { findNews, type NewsEntry } from './news-queries.ts';

/**
 * Whether anything happened since, and what of it changed a day, in a line: `Theo’s 12:30 PM moved to 3:00 PM`. Open pages
 * ask for it every few seconds, so it costs one look into an index while nothing happens (WEB).
 */
export const news = defineView({
  type: 'news',
  domain: 'scheduling',
  summary: 'What others changed about the visits of a day since the page was opened; for open pages.',
  human_only: true,
  row: z.object({
    id: z.string(),
    /** What changed about the day; null when nothing that concerns it. */
    told: z.string().nullable(),
    /** The one visit it is about. */
    reference: z.string().nullable(),
  }),
  params: z.strictObject({
    since: z.string().max(40).optional(),
    day: day.optional(),
  }),
  roles: ['owner', 'admin', 'member', 'technician'],
  async run(context, { params }) {
    const found = await findNews(context, sinceOf(params.since));
    if (!found) return { rows: [] };
    const { time_zone } = context.organization;
    const today = context.now.toZonedDateTimeISO(time_zone).toPlainDate();
    const asked = params.day === undefined ? today : readDay(params.day, 'day');
    const told = tell(context, found.told, asked);
    const [first, ...more] = told;
    if (!first) return { rows: [{ id: found.newest, told: null, reference: null }] };
    const words = more.length > 0 ? `${told.length} visits changed` : first.words;
    return {
      rows: [{ id: found.newest, told: words, reference: more.length > 0 ? null : first.reference }],
    };
  },
});

const longestAgo = Temporal.Duration.from({ hours: 1 });

/** The entry after which things are new: the one a page has seen, or the moment it was made; long ago is not news. */
function sinceOf(since: string | undefined): string | undefined {
  if (since === undefined) return undefined;
  if (isUuid(since)) return since;
  if (!/^\d{13}$/.test(since)) return undefined;
  const ago = Temporal.Now.instant().epochMilliseconds - Number(since);
  if (ago > longestAgo.total('milliseconds')) return undefined;
  // Ids begin with their time.
  return `${Number(since).toString(16).padStart(12, '0').replace(/^.{8}/, '$&-')}-7000-8000-000000000000`;
}

const side = z.object({ old: z.unknown(), new: z.unknown() }).partial().catch({});

interface Told {
  /** What leads to it; null for a visit that who asks does not see. */
  reference: string | null;
  words: string;
}

/** One line a visit that was or is on this day: the last thing that happened to it. */
function tell(context: ReadContext, entries: readonly NewsEntry[], asked: Temporal.PlainDate): Told[] {
  const told = new Map<string, Told>();
  const movedFrom = new Map<string, NewsEntry>();
  for (const entry of entries) movedFrom.set(entry.ticket_id, entry);
  for (const entry of entries) {
    const from = side.parse(entry.changes.rescheduled_from_id).new;
    const before = typeof from === 'string' ? movedFrom.get(from) : undefined;
    if (before) told.delete(before.ticket_id);
    const words = wordsOf(context, entry, asked, before);
    if (words !== undefined)
      told.set(entry.ticket_id, { reference: entry.is_seen ? entry.reference : null, words });
  }
  return [...told.values()];
}

function wordsOf(
  context: ReadContext,
  entry: NewsEntry,
  asked: Temporal.PlainDate,
  before: NewsEntry | undefined,
): string | undefined {
  const { changes, scheduled_at, action } = entry;
  if (!entry.is_seen) return leftWords(localOf(context, scheduled_at), asked);
  const { old: moved } = side.parse(changes.scheduled_at);
  const was = before?.scheduled_at ?? (typeof moved === 'string' ? moved : scheduled_at);
  const [old, now] = [localOf(context, was), localOf(context, scheduled_at)];
  const isHere = [old, now].some(at => at.toPlainDate().equals(asked));
  if (!isHere) return undefined;
  const said = (at: Temporal.ZonedDateTime) => clockOn(at, asked);
  const whose = `${nameOf(entry)} ${said(old)}`;
  if (!old.equals(now)) return `${whose} moved to ${said(now)}`;
  if (action === 'create') return `New at ${said(now)}${crewOf(entry)}`;
  if (action.endsWith('_technician'))
    return `The visit at ${said(now)} is now ${crewOf(entry).trim() || 'for nobody yet'}`;
  const status = side.parse(changes.status).new;
  return typeof status === 'string' && states[status] !== undefined
    ? `${whose} ${states[status]}`
    : undefined;
}

/** To who was taken off a visit, all there is to say: neither when it is now nor who goes. */
const leftWords = (was: Temporal.ZonedDateTime, asked: Temporal.PlainDate): string | undefined =>
  was.toPlainDate().equals(asked) ? `You do not go to the ${clockOn(was, asked)} visit any more` : undefined;

const states: Readonly<Record<string, string>> = {
  cancelled: 'is cancelled',
  closed: 'is done',
  in_progress: 'has begun',
  scheduled: 'is on again',
};

const localOf = ({ organization }: ReadContext, at: string): Temporal.ZonedDateTime =>
  Temporal.Instant.from(at).toZonedDateTimeISO(organization.time_zone);

/** `12:30 PM` on the day itself, `Thu, Dec 3, 10:00 AM` on others. */
function clockOn(at: Temporal.ZonedDateTime, asked: Temporal.PlainDate): string {
  const isHere = at.toPlainDate().equals(asked);
  const text = new Intl.DateTimeFormat('en-US', {
    ...(isHere ? {} : { weekday: 'short', month: 'short', day: 'numeric' }),
    hour: 'numeric',
    minute: '2-digit',
    timeZone: at.timeZoneId,
  }).format(at.epochMilliseconds);
  return text.replace(/\u202f/g, ' ');
}

/** `Theo’s`; `The visit at` when nobody goes. */
const nameOf = ({ technicians }: NewsEntry): string =>
  technicians.length === 0 ? 'The visit at' : `${technicians.join(' and ')}’s`;

const crewOf = ({ technicians }: NewsEntry): string =>
  technicians.length === 0 ? '' : ` for ${technicians.join(' and ')}`;
