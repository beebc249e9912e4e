/** Somebody in an event: who invites, and who is invited. */
export interface Participant {
  /** As people read it; left out where it is not to be said. */
  name?: string | undefined;
  email: string;
}

/** One entry of a calendar. Moments are ISO 8601 with offset; texts are as people wrote them. */
export interface CalendarEvent {
  /** The same through every change: calendars find the entry by it. */
  uid: string;
  /** Rises with every change of time and place. */
  sequence: number;
  changed_at: string;
  starts_at: string;
  ends_at: string;
  summary: string;
  location?: string | undefined;
  description?: string | undefined;
  /** An address, https. */
  url?: string | undefined;
  status: 'CONFIRMED' | 'TENTATIVE' | 'CANCELLED';
  organizer?: Participant | undefined;
  attendee?: Participant | undefined;
}

/** A whole file; `method` says what a mail with it asks for (RFC 5546), and a feed has none. */
export interface Calendar {
  name?: string | undefined;
  method?: 'PUBLISH' | 'REQUEST' | 'CANCEL' | undefined;
  /** How often programs should ask again. */
  refresh_hours?: number | undefined;
  events: readonly CalendarEvent[];
}

/**
 * An iCalendar file (RFC 5545, 5546, 7986). Times are instants in UTC, so that no calendar has to know our time zone to show
 * the right hour. Whatever stands in a text, it stays in its line: line breaks and separators are escaped, and what
 * a calendar cannot hold is left out. Written here and not by a library (decision 025).
 */
export function writeCalendar({ name, method, refresh_hours, events }: Calendar): string {
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Deskhand//Deskhand//EN', 'CALSCALE:GREGORIAN'];
  if (method !== undefined) lines.push(`METHOD:${method}`);
  if (name !== undefined) lines.push(`NAME:${textOf(name)}`, `X-WR-CALNAME:${textOf(name)}`);
  if (refresh_hours !== undefined) {
    lines.push(`REFRESH-INTERVAL;VALUE=DURATION:PT${refresh_hours}H`, `X-PUBLISHED-TTL:PT${refresh_hours}H`);
  }
  for (const event of events) addEvent(lines, event);
  lines.push('END:VCALENDAR');
  return `${lines.map(foldLine).join('\r\n')}\r\n`;
}

function addEvent(lines: string[], event: CalendarEvent): void {
  const { location, description, url, organizer, attendee } = event;
  const changed = momentOf(event.changed_at);
  lines.push(
    'BEGIN:VEVENT',
    `UID:${event.uid}`,
    `SEQUENCE:${event.sequence}`,
    `DTSTAMP:${changed}`,
    `LAST-MODIFIED:${changed}`,
    `DTSTART:${momentOf(event.starts_at)}`,
    `DTEND:${momentOf(event.ends_at)}`,
    `SUMMARY:${textOf(event.summary)}`,
  );
  if (location) lines.push(`LOCATION:${textOf(location)}`);
  if (description) lines.push(`DESCRIPTION:${textOf(description)}`);
  if (url) lines.push(`URL:${uriOf(url)}`);
  if (organizer) lines.push(`ORGANIZER${nameOf(organizer)}:mailto:${uriOf(organizer.email)}`);
  if (attendee) {
    // Nobody answers with a button of the calendar: the links in the mail reach us, a reply to the organizer may not.
    const how = ';CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE';
    lines.push(`ATTENDEE${how}${nameOf(attendee)}:mailto:${uriOf(attendee.email)}`);
  }
  lines.push(
    `STATUS:${event.status}`,
    `TRANSP:${event.status === 'CANCELLED' ? 'TRANSPARENT' : 'OPAQUE'}`,
    'END:VEVENT',
  );
}

/** `20261124T150000Z` */
const momentOf = (moment: string): string =>
  `${new Date(moment).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;

// Control characters have no place in a calendar; a lone half of a surrogate pair is no character.
const unheld = /[\p{Cc}\p{Cs}]/gu;
const lineBreak = /\r\n?|[\n\u0085\u2028\u2029]/g;

/** A text as a value: longer than anybody reads, it ends with a mark. */
function textOf(text: string): string {
  const clean = text.replace(lineBreak, '\n').replace(/\t/g, ' ');
  const kept = clean.length > longest ? `${clean.slice(0, longest).replace(/\p{Cs}$/u, '')}…` : clean;
  return kept
    .split('\n')
    .map(line => line.replace(unheld, '').replace(/[\\;,]/g, '\\$&'))
    .join('\\n');
}

const longest = 2_000;

/** A name as a parameter, which has no way to write a quotation mark or a line break. */
function nameOf({ name }: Participant): string {
  const clean = name?.replace(lineBreak, ' ').replace(unheld, '').replace(/"/g, '’').slice(0, 200).trim();
  return clean ? `;CN="${clean.replace(/\p{Cs}$/u, '')}"` : '';
}

/** An address as it is, without what would end its line. */
const uriOf = (uri: string): string => uri.replace(/[\s\p{Cc}\p{Cs}"<>]/gu, '');

/** A line of at most 75 octets, and the rest on lines that begin with a space; no character is cut in two. */
function foldLine(line: string): string {
  if (line.length <= 75 && isAscii(line)) return line;
  const parts: string[] = [];
  let start = 0;
  let octets = 0;
  let place = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    // The space that begins the rest counts, too.
    if (octets + size > (parts.length === 0 ? 75 : 74)) {
      parts.push(line.slice(start, place));
      start = place;
      octets = 0;
    }
    octets += size;
    place += character.length;
  }
  return [...parts, line.slice(start)].join('\r\n ');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text);
