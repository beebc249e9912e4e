import { expect, test } from 'vitest';
import { type CalendarEvent, writeCalendar } from '../../core/calendars/write.ts';
import { examples, fc } from '../support/properties.ts';
import { readWithIcalJs, readWithNodeIcal } from './two-readers.ts';

const visit: CalendarEvent = {
  uid: '018f0000-0000-7000-8000-000000000001',
  sequence: 2,
  changed_at: '2026-11-20T12:00:00.500Z',
  starts_at: '2026-11-24T15:00:00.000Z',
  ends_at: '2026-11-24T16:30:00.000Z',
  summary: 'Jane Smith: Gutter Cleaning',
  location: '123 Main Street, Madison, AL 35758',
  description: 'Gutter Cleaning\nPhone: (256) 555-0142',
  url: 'https://crm.example/tickets/T-2001?a=1,2;b',
  status: 'CONFIRMED',
};

test('a visit is written as calendars want it, in times of the whole world', () => {
  expect(writeCalendar({ name: 'Bright Panes', refresh_hours: 1, events: [visit] })).toBe(
    [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Deskhand//Deskhand//EN',
      'CALSCALE:GREGORIAN',
      'NAME:Bright Panes',
      'X-WR-CALNAME:Bright Panes',
      'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
      'X-PUBLISHED-TTL:PT1H',
      'BEGIN:VEVENT',
      'UID:018f0000-0000-7000-8000-000000000001',
      'SEQUENCE:2',
      'DTSTAMP:20261120T120000Z',
      'LAST-MODIFIED:20261120T120000Z',
      'DTSTART:20261124T150000Z',
      'DTEND:20261124T163000Z',
      'SUMMARY:Jane Smith: Gutter Cleaning',
      'LOCATION:123 Main Street\\, Madison\\, AL 35758',
      'DESCRIPTION:Gutter Cleaning\\nPhone: (256) 555-0142',
      'URL:https://crm.example/tickets/T-2001?a=1,2;b',
      'STATUS:CONFIRMED',
      'TRANSP:OPAQUE',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ].join('\r\n'),
  );
});

test('whoever invites and is invited stands in an invitation, and nobody is asked to answer by a button of the calendar', () => {
  const text = writeCalendar({
    method: 'REQUEST',
    events: [
      {
        ...visit,
        organizer: { name: 'Bright "Panes", Inc.', email: 'office@brightpanes.example' },
        attendee: { name: 'Jane Smith', email: 'jane.smith@example.com' },
      },
    ],
  });
  const unfolded = text.replaceAll('\r\n ', '');
  expect(unfolded).toContain('ORGANIZER;CN="Bright ’Panes’, Inc.":mailto:office@brightpanes.example\r\n');
  expect(unfolded).toContain(
    'ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE;CN="Jane Smith":mailto:jane.smith@example.com\r\n',
  );
  expect(readWithIcalJs(text).method).toBe('REQUEST');
  expect(readWithNodeIcal(text).method).toBe('REQUEST');
});

const traps = [
  '\r\nATTENDEE:mailto:evil@example.com',
  '\nEND:VEVENT\nBEGIN:VEVENT\nUID:evil',
  '\\n',
  '\\',
  ',;:"',
  '👩‍🔧🪟',
  'é́́',
  '\u0000\u0007\u001b\u007f',
  '\u0085\u2028\u2029',
  '\ud83d',
  ' '.repeat(80),
  'BEGIN:VALARM',
  '字'.repeat(90),
];
const hostile = fc
  .array(
    fc.oneof(fc.constantFrom(...traps), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })),
    {
      maxLength: 12,
    },
  )
  .map(parts => parts.join(''));
const anyText = fc.oneof(hostile, fc.constantFrom('x'.repeat(10_000), '🪟,\n'.repeat(2_500)));

/** The text as a calendar can hold it: line breaks of one kind, no control characters, no half characters, no tabs. */
const held = (text: string) =>
  text
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(/\t/g, ' ')
    .split('\n')
    .map(line => line.replace(/[\p{Cc}\p{Cs}]/gu, ''))
    .join('\n');

test('whatever stands in a text stays in it: two programs read one entry, its times and its texts', () => {
  fc.assert(
    fc.property(anyText, anyText, anyText, (summary, location, name) => {
      const text = writeCalendar({
        name,
        method: 'REQUEST',
        events: [
          {
            ...visit,
            summary,
            location,
            description: summary,
            organizer: { name, email: 'office@brightpanes.example' },
            attendee: { name: summary, email: 'jane.smith@example.com' },
          },
        ],
      });
      for (const line of text.split('\r\n')) {
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
        expect(line).not.toMatch(/[\r\n]/);
      }
      // No character is cut in two by the folding.
      expect(Buffer.from(text).toString()).toBe(text);
      const facts = {
        uid: visit.uid,
        sequence: 2,
        starts: visit.starts_at,
        ends: visit.ends_at,
        status: 'CONFIRMED',
      };
      const [first, ...more] = readWithIcalJs(text).events;
      expect(more).toEqual([]);
      expect(first).toMatchObject(facts);
      if (summary.length <= 2_000) expect(first?.summary).toBe(held(summary));
      else expect(first?.summary.length).toBeLessThanOrEqual(2_001);
      const [again, ...others] = readWithNodeIcal(text).events;
      expect(others).toEqual([]);
      expect(again).toMatchObject(facts);
    }),
    { numRuns: examples(60) },
  );
});

test('plain texts come out of both programs as they went in', () => {
  const plain = fc.string({ unit: fc.constantFrom(...'abc XYZ 123,;:äß🪟\n') }).map(text => `a${text}b`);
  fc.assert(
    fc.property(plain, summary => {
      const text = writeCalendar({ events: [{ ...visit, summary }] });
      expect(readWithIcalJs(text).events[0]?.summary).toBe(summary);
      expect(readWithNodeIcal(text).events[0]?.summary).toBe(summary);
    }),
    { numRuns: examples(60) },
  );
});
