import { Temporal } from 'temporal-polyfill';
import { formatPhone } from '../core/kernel/words/phone.ts';
import { toInstant } from '../core/kernel/words/time.ts';
import { type Content, html, type Markup } from './html.ts';

type When = string | Temporal.Instant;

/** `Wednesday, November 18, 2026` in the business's time zone. */
export const showDay = (when: When, timeZone: string): string =>
  format(when, timeZone, { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' });

/** A day of the calendar, which is the same in every time zone: `2026-12-18` is `Fri, Dec 18, 2026`. */
export const dayTag = (day: string): Markup => html`<time datetime="${day}">${shortDay(day)}</time>`;

/** The same as a text. */
export const shortDay = (day: string): string =>
  format(`${day.slice(0, 10)}T00:00:00Z`, 'UTC', {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    year: 'numeric',
  });

/** `Wed, Nov 18`; with the year where it is not this year's: the year stands in lists only where it says something. */
export function showShortDay(when: When, timeZone: string, now = Temporal.Now.instant()): string {
  const year = (moment: When) => format(moment, timeZone, { year: 'numeric' });
  return format(when, timeZone, {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    ...(year(when) === year(now) ? {} : { year: 'numeric' }),
  });
}

/** `2:00 PM` */
export const showClock = (when: When, timeZone: string): string =>
  format(when, timeZone, { hour: 'numeric', minute: '2-digit' });

/** `Wed, Nov 18, 2026, 2:00 PM` */
export const showMoment = (when: When, timeZone: string): string =>
  format(when, timeZone, {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
  });

/** A moment for people and for programs. */
export const timeTag = (when: string, timeZone: string): Markup =>
  html`<time datetime="${when}">${showMoment(when, timeZone)}</time>`;

function format(when: When, timeZone: string, options: Intl.DateTimeFormatOptions): string {
  const text = new Intl.DateTimeFormat('en-US', { ...options, timeZone }).format(
    toInstant(when).epochMilliseconds,
  );
  // Newer ICU data puts a narrow no-break space before AM and PM; one spelling on every system.
  return text.replace(/\u202f/g, ' ');
}

/**
 * Sentences of the core in the clock and the days of people: `Mon 2026-11-23 09:00 -06:00` is `Mon, Nov 23, 2026, 9:00 AM`,
 * `Mon 2026-11-23` is `Mon, Nov 23, 2026`, and `14:00` is `2:00 PM`.
 */
export const momentWords = (text: string, timeZone: string): string =>
  text
    .replace(
      /\b\w{3} (\d{4}-\d\d-\d\d) (\d\d:\d\d)(?: ([+-]\d\d:\d\d))?/g,
      (_, day: string, clock: string, offset: string | undefined) =>
        offset === undefined
          ? showMoment(`${day}T${clock}:00Z`, 'UTC')
          : showMoment(`${day}T${clock}${offset}`, timeZone),
    )
    .replace(/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\d{4}-\d\d-\d\d)\b/g, (_, day: string) => shortDay(day))
    .replace(/\b([01]\d|2[0-3]):([0-5]\d)\b(?! [AP]M)(?!:)/g, clock =>
      showClock(`2026-01-01T${clock}:00Z`, 'UTC'),
    );

/** The same with a link to every visit it names. */
export const visitWords = (text: string, timeZone: string): Content =>
  momentWords(text, timeZone)
    .split(/\b(T-\d+)\b/)
    .map((part, at) => (at % 2 === 1 ? html`<a href="/tickets/${part}">${part}</a>` : part));

/** `90 min`, `3 h`, `3 h 22 min` */
export function showDuration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = Math.round(minutes % 60);
  if (minutes < 120 && rest !== 0) return `${Math.round(minutes)} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** The text as it is when short, else its beginning and how much is left out: nothing is cut without a word. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const start = text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
  return `${start}… (${(text.length - start.length).toLocaleString('en-US')} more characters)`;
}

/** `in_progress` → `in progress` */
export const words = (name: string): string => name.replaceAll('_', ' ');

/** A telephone number one can tap. */
export function phoneLink(number: string, country: string): Content {
  const shown = formatPhone(number, country);
  return /^\+\d+$/.test(number) ? html`<a href="tel:${number}">${shown}</a>` : shown;
}

/** An e-mail address one can tap. */
export const mailLink = (email: string): Markup =>
  html`<a href="mailto:${encodeURIComponent(email).replace('%40', '@')}">${email}</a>`;

/** A title, and what is known. */
export type Fact = readonly [string, Content];

/** Facts with their titles; those that say nothing are left out. */
export function factList(facts: readonly Fact[]): Markup {
  const known = facts.filter(([, value]) => value && !(Array.isArray(value) && value.length === 0));
  return html`<dl class="facts">${known.map(([title, value]) => html`<div><dt>${title}</dt><dd>${value}</dd></div>\n`)}</dl>`;
}

/** A state as a small label; the word is always there, the colour only helps. */
export const badge = (state: string): Markup =>
  html`<span class="badge ${state.replace(/[^a-z_]/g, '')}">${words(state)}</span>`;

const longNote = 1200;
const manyLines = 14;

/** What people wrote, line breaks kept. A long text is folded under its beginning, whole and without a script. */
export function prose(text: string): Markup {
  const lines = text.split('\n');
  if (text.length <= longNote && lines.length <= manyLines) {
    return html`<div class="prose" dir="auto">${text}</div>`;
  }
  const beginning = text
    .trim()
    .replace(/\s+/g, ' ')
    .slice(0, 200)
    .replace(/[\ud800-\udbff]$/, '');
  return html`<details class="prose-fold">
    <summary><bdi class="beginning">${beginning}…</bdi>
    <span class="more">show all ${text.length.toLocaleString('en-US')} characters</span></summary>
    <div class="prose" dir="auto">${text}</div>
  </details>`;
}
