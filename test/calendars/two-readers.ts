import ICAL from 'ical.js';
import nodeIcal from 'node-ical';

/** An entry as a calendar program understands it. */
export interface ReadEvent {
  uid: string;
  sequence: number;
  starts: string;
  ends: string;
  summary: string;
  location: string | null;
  description: string | null;
  status: string;
}

/** What a calendar program makes of a file, in the order of the file. */
export interface ReadCalendar {
  method: string | null;
  events: ReadEvent[];
}

/** Read by ical.js, the library of Thunderbird. Throws for what is no calendar. */
export function readWithIcalJs(text: string): ReadCalendar {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const method = calendar.getFirstPropertyValue('method');
  const events = calendar.getAllSubcomponents('vevent').map(component => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid,
      sequence: event.sequence ?? 0,
      starts: event.startDate.toJSDate().toISOString(),
      ends: event.endDate.toJSDate().toISOString(),
      summary: event.summary,
      location: event.location ?? null,
      description: event.description ?? null,
      status: String(component.getFirstPropertyValue('status')),
    };
  });
  return { method: method === null ? null : String(method), events };
}

/** Read by node-ical, which shares no code with it. */
export function readWithNodeIcal(text: string): ReadCalendar {
  const parts = Object.values(nodeIcal.sync.parseICS(text));
  const events = parts.flatMap(part =>
    part?.type === 'VEVENT'
      ? [
          {
            uid: part.uid,
            sequence: Number(part.sequence ?? 0),
            starts: part.start.toISOString(),
            ends: part.end?.toISOString() ?? '',
            summary: textOf(part.summary) ?? '',
            location: textOf(part.location),
            description: textOf(part.description),
            status: String(part.status),
          },
        ]
      : [],
  );
  const method = parts.flatMap(part => (part?.type === 'VCALENDAR' ? [part.method] : []))[0];
  return { method: method === undefined ? null : String(method), events };
}

/** A text with parameters is an object, without them a string. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && 'val' in value) return String(value.val);
  return null;
}
