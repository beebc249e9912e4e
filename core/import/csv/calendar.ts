import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';
import { invalid } from '../../kernel/words/errors.ts';
import { storable } from '../square/text.ts';
import { columnsOf, type Table } from './table.ts';

const names = ['UID', 'Start', 'End', 'Services', 'Customer', 'Customer Email', 'Address', 'Notes', 'Status'];

/**
 * The events of a calendar (ICS) as a table of visits, one row an event; `line` counts events. What comes again stands
 * there once, at its first time, and says so. Local times of a named zone are read there, floating ones in the
 * business's.
 */
export function readCalendar(text: string, timeZone: string): Omit<Table, 'encoding'> {
  const events = text.match(/BEGIN:VEVENT[\s\S]*?(?:END:VEVENT|(?=BEGIN:VEVENT)|$)/gi) ?? [];
  if (events.length === 0) {
    throw invalid('content', 'This calendar has no events in it.', { hint: 'Export the calendar again.' });
  }
  const rows: Table['rows'] = [];
  const refused: Table['refused'] = [];
  const notices: Table['notices'] = [];
  for (const [index, written] of events.entries()) {
    const line = index + 1;
    try {
      const component = new ICAL.Component(
        ICAL.parse(`BEGIN:VCALENDAR\r\nVERSION:2.0\r\n${written.replace(/\r?\n/g, '\r\n')}\r\nEND:VCALENDAR`),
      );
      const event = component.getFirstSubcomponent('vevent');
      if (!event) throw new Error('no event');
      rows.push({ line, cells: cellsOf(event, timeZone).map(storable) });
      if (event.hasProperty('rrule')) {
        notices.push({ row: line, message: 'This event comes again; only its first time is taken.' });
      }
    } catch {
      refused.push({ row: line, name: '', reason: 'The event cannot be read.' });
    }
  }
  return {
    format: 'ics',
    separator: '',
    header_line: 0,
    columns: columnsOf(names),
    rows,
    refused,
    notices,
  };
}

function cellsOf(event: ICAL.Component, timeZone: string): string[] {
  const text = (name: string) => {
    const value = event.getFirstPropertyValue(name);
    return value === null ? '' : String(value);
  };
  const attendee = event.getFirstProperty('attendee');
  const called = String(attendee?.getParameter('cn') ?? '');
  const [summary, other] = [text('summary'), ''];
  return [
    text('uid'),
    timeOf(event, 'dtstart', timeZone),
    timeOf(event, 'dtend', timeZone),
    summary,
    called || other,
    String(attendee?.getFirstValue() ?? '').replace(/^mailto:/i, ''),
    text('location'),
    text('description'),
    text('status'),
  ];
}

/** `2024-03-12T09:14-05:00`; a day alone stays one. */
function timeOf(event: ICAL.Component, name: string, timeZone: string): string {
  const property = event.getFirstProperty(name);
  const value = property?.getFirstValue();
  if (!(value instanceof ICAL.Time)) return '';
  const written = value.toString();
  if (value.isDate || written.endsWith('Z')) return written;
  const zone = String(property?.getParameter('tzid') ?? timeZone);
  try {
    return Temporal.PlainDateTime.from(written).toZonedDateTime(zone).toInstant().toString();
  } catch {
    return Temporal.PlainDateTime.from(written).toZonedDateTime(timeZone).toInstant().toString();
  }
}
