import { z } from 'zod';
import type { RecordSpec } from '../core/kernel/records/record.ts';
import { looksLikeReference } from '../core/kernel/records/reference.ts';
import { doneWords, wishOf } from '../core/kernel/registry/deed.ts';
import type { Registry } from '../core/kernel/registry/registry.ts';
import { capital } from '../core/kernel/words/capital.ts';
import { formatMoney } from '../core/kernel/words/money.ts';
import { shortDay, shorten, showDuration, showMoment, timeTag, words } from './format.ts';
import { type Content, html, type Markup } from './html.ts';
import { reachWords } from './reach.ts';
import { plain } from './words.ts';

/** An entry of the audit trail, as lists and records show it. */
export const historyEntry = z.object({
  entity_type: z.string(),
  entity_id: z.string().optional(),
  subject_type: z.string().optional(),
  subject_id: z.string().optional(),
  action: z.string(),
  domain_action: z.string().nullable(),
  changes: z.record(z.string(), z.unknown()),
  actor_kind: z.string(),
  actor_name: z.string(),
  reasoning: z.string().nullable(),
  request_id: z.string().nullish(),
  created_at: z.string(),
});
export type HistoryEntry = z.infer<typeof historyEntry>;

/** How values are shown: local time, money, and names for the ids that are known. */
export interface Reader {
  registry: Registry;
  time_zone: string;
  currency: string;
  /** Whose telephone numbers are written as at home; all as from abroad without one. */
  country?: string;
  names?: ReadonlyMap<string, string>;
}

/** The newest first: what happened, who did it, what changed from what to what, and why (AUD-06). */
export function historyList(entries: readonly HistoryEntry[], subject: string, reader: Reader): Markup {
  if (entries.length === 0) return html`<p class="empty">Nothing has happened yet.</p>`;
  return html`<ol class="history">${eventsOf(entries).map(event => eventItem(event, subject, reader))}</ol>`;
}

/** Entries that one call left belong together: a booking is one event, though it writes ten rows. */
export function eventsOf(entries: readonly HistoryEntry[]): HistoryEntry[][] {
  const events: HistoryEntry[][] = [];
  for (const entry of entries) {
    const last = events.at(-1);
    if (last?.[0] && isSameCall(last[0], entry)) last.push(entry);
    else events.push([entry]);
  }
  return events;
}

function isSameCall(a: HistoryEntry, b: HistoryEntry): boolean {
  if (a.request_id && b.request_id) return a.request_id === b.request_id;
  const apart = Math.abs(Date.parse(a.created_at) - Date.parse(b.created_at));
  return (
    apart < 1000 &&
    a.domain_action === b.domain_action &&
    a.actor_name === b.actor_name &&
    a.reasoning === b.reasoning
  );
}

/** What an event is about: how people call it, and where it is shown. */
export interface Subject {
  id: string;
  label: string;
  href: string;
}

/** Who did what and when, and why: `Dana booked T-2001`, `Office Manager (agent) asked to delete contact`. */
export function eventLine(event: readonly HistoryEntry[], reader: Reader, subject?: Subject): Content {
  const first = event[0];
  if (!first) return '';
  return html`<p><b><bdi>${shorten(actorName(first), 80)}</bdi></b>${actorKind(first)} ${deedWords(event, first, reader.registry, subject)}</p>
<p class="when">${timeTag(first.created_at, reader.time_zone)}</p>
${first.reasoning !== null && html`<p class="why" dir="auto">Why: “${shorten(first.reasoning, 600)}”</p>`}`;
}

/** Those who tell of something are known by the names of their addresses: `stripe`. */
const actorName = ({ actor_kind, actor_name }: HistoryEntry): string =>
  actor_kind === 'webhook' ? capital(actor_name) : actor_name;

/** What acts, where the name does not say it. */
const actorKind = ({ actor_kind }: HistoryEntry): string =>
  actor_kind === 'user' || actor_kind === 'webhook' ? '' : ` (${actor_kind})`;

/** `ticket.update_line` → `updated line of ticket`, in the words of the registration. */
function deedWords(
  event: readonly HistoryEntry[],
  { domain_action, entity_type, action }: HistoryEntry,
  registry: Registry,
  subject: Subject | undefined,
): Content {
  const link = subject && html` <a href="${subject.href}"><bdi>${shorten(subject.label, 80)}</bdi></a>`;
  const name = domain_action ?? `${entity_type}.${action}`;
  // A stored request carries the name of the action that was asked for, which has not happened.
  if (entity_type === 'authorization_request' && action === 'create')
    return html`asked to ${plain(wishOf(registry, name))}${link}`;
  if (name === 'audit.log') return html`noted: ${words(action)}${link}`;
  if (!name.includes('.'))
    return html`${flowWords(registry, name)}${subject && !looksLikeReference(subject.label) && ' for'}${link}`;
  const made = madeBy(event, name);
  if (!made) return html`${plain(doneWords(registry, name))}${link}`;
  const phrase = plain(doneWords(registry, name, made.reference));
  if (made.reference !== subject?.label)
    return html`${phrase}${subject && made.id !== subject.id && ' for'}${link}`;
  const [before, after] = phrase.split(` ${made.reference}`);
  return html`${before}${link}${after}`;
}

/** `schedule_appointment` → `booked a visit`, in the words of the registration. */
function flowWords(registry: Registry, name: string): string {
  const deed = registry.workflows.get(name)?.spec.deed;
  if (!deed) return `did ${words(name)}`;
  const article = /^(the|an?) /.test(deed.object) ? '' : /^[aeiou]/.test(deed.object) ? 'an ' : 'a ';
  return `${deed.past} ${article}${deed.object}`;
}

/** What an action made that has a reference of its own: `ticket.create` a visit. */
function madeBy(event: readonly HistoryEntry[], name: string): { id: string; reference: string } | undefined {
  const [domain] = name.split('.');
  const entry = event.find(({ entity_type, action }) => action === 'create' && entity_type === domain);
  const { new: reference } = change.parse(entry?.changes.reference);
  return entry && typeof reference === 'string' ? { id: entry.entity_id ?? '', reference } : undefined;
}

const fewFacts = 3;

function eventItem(event: readonly HistoryEntry[], subject: string, reader: Reader): Markup {
  const changes = event.flatMap(entry => changesOf(entry, subject, reader));
  const list = html`<ul class="changes">${changes}</ul>`;
  const isFolded = changes.length > fewFacts && event.some(entry => entry.action === 'create');
  return html`<li>${eventLine(event, reader)}
${isFolded ? html`<details><summary>${changes.length} facts</summary>${list}</details>` : changes.length > 0 && list}</li>\n`;
}

// What every new row has and nobody wants to read: keys, defaults, columns that follow from others.
const dull = new Set([
  'id',
  'reference',
  'version',
  'currency',
  'position',
  'source',
  'ends_at',
  'kind',
  'country',
  'extraction',
  'form_digest',
]);

const change = z.object({ old: z.unknown(), new: z.unknown() }).partial().catch({});

function changesOf(entry: HistoryEntry, subject: string, reader: Reader): Markup[] {
  const { entity_type } = entry;
  const record = reader.registry.records.get(entity_type);
  const part =
    entity_type === subject ? '' : plain(record?.noun ?? words(entity_type.replace(`${subject}_`, '')));
  return Object.entries(entry.changes).flatMap(([field, value]) => {
    const { old: before, new: after } = change.parse(value);
    const isNew = before === null || before === undefined;
    if (dull.has(field) || (isNew && (after === false || after === 0))) return [];
    if (!isForReaders(record, entry, { field, isBeside: part !== '' })) return [];
    const was = showValue(field, before, reader);
    const is = showValue(field, after, reader);
    if (was === undefined || is === undefined) return [];
    return [
      html`<li><span class="field">${part && `${part} `}${label(field)}</span>
${!isNew && html`<del>${was}</del> → `}<ins>${is}</ins></li>\n`,
    ];
  });
}

/**
 * Whether a column says something to whoever reads the history: what only our own code keeps does not, and of a row that was made
 * beside what the page is about, such as a mail that is planned along with a visit, its lists say enough.
 */
function isForReaders(
  record: RecordSpec | undefined,
  { action }: HistoryEntry,
  { field, isBeside }: { field: string; isBeside: boolean },
): boolean {
  const known = record?.fields[field];
  if (!known) return true;
  if (known.told === false || known.internal) return false;
  return action !== 'create' || !isBeside || known.list === true || known.label === true;
}

/** A column as people call it: `unit_price_cents` → `unit price`. */
export const label = (field: string): string => plain(field.replace(/_(cents|at|id|minutes)$/, ''));

/** A value as people read it; undefined for ids nobody knows a name for. */
function showValue(field: string, value: unknown, reader: Reader): string | undefined {
  const scalar = showScalar(field, value, reader);
  if (scalar !== undefined) return scalar;
  if (typeof value === 'string') {
    if (field.endsWith('_id') || (field.endsWith('_by') && isUuid(value))) return reader.names?.get(value);
    return /^[a-z]+(_[a-z]+)+$/.test(value) ? words(value) : shorten(value, 300);
  }
  return shorten(showWhole(value, reader.country), 300);
}

/** Nothing, yes and no, numbers, money and moments as people read them; undefined for everything else. */
export function showScalar(field: string, value: unknown, reader: Reader): string | undefined {
  if (value === null || value === undefined || value === '') return 'nothing';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') {
    if (field.endsWith('_cents')) return formatMoney(value, reader.currency);
    return field.endsWith('_minutes') ? showDuration(value) : value.toLocaleString('en-US');
  }
  if (typeof value !== 'string') return undefined;
  if (field.endsWith('_at') && isInstant(value)) return showMoment(value, reader.time_zone);
  return field.endsWith('_on') && isDay(value) ? shortDay(value) : undefined;
}

/** Lists and objects in words: `days: mon, tue; note: call first`. */
export function showWhole(value: unknown, country?: string): string {
  const show = (member: unknown) => showWhole(member, country);
  if (Array.isArray(value)) return value.map(show).join(', ') || 'nothing';
  if (typeof value === 'string' && /^[a-z]+(_[a-z]+)+$/.test(value)) return words(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const reach = reachWords(value, country);
  if (reach !== undefined) return reach;
  // What only a program can follow says nothing to anybody.
  const members = Object.entries(value).filter(
    ([, member]) => !(typeof member === 'string' && isUuid(member)),
  );
  return members.map(([name, member]) => `${words(name)}: ${show(member)}`).join('; ') || 'nothing';
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

const isInstant = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text));
