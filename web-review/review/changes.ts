import { generalWish } from '../../core/audit/deed-words.ts';
import { capital } from '../../core/kernel/words/capital.ts';
import { words } from '../format.ts';
import { label, showScalar } from '../history.ts';
import { type Content, html, type Markup } from '../html.ts';
import { reachWords } from '../reach.ts';
import { bothOf } from './both.ts';
import { foreign, foreignProse, wholeProse } from './foreign.ts';
import type { RequestReader } from './names.ts';
import type { Request } from './request.ts';
import { countOf } from './sentence.ts';

/** All that happens to one record: what was there before the call and what is there after it. */
export interface Affected {
  type: string;
  id: string;
  deed: string;
  isSubject: boolean;
  fields: { field: string; from: unknown; to: unknown }[];
}

/** One entry for each record; several steps of a call on the same record become one from → to. */
export function affectedBy({ preview }: Pick<Request, 'preview'>): Affected[] {
  const all: Affected[] = [];
  for (const entry of preview.changes) {
    const { entity_type: type, entity_id: id, action: deed } = entry;
    const fields = Object.entries(entry.changes).map(([field, value]) => ({ field, ...bothOf(value) }));
    const same = deed === 'update' ? all.find(other => other.id === id && isWritten(other)) : undefined;
    if (same) for (const next of fields) follow(same, next);
    else all.push({ type, id, deed, isSubject: entry.subject_id === id, fields });
  }
  return all;
}

const isWritten = ({ deed }: Affected): boolean => deed === 'create' || deed === 'update';

function follow(affected: Affected, next: Affected['fields'][number]): void {
  const known = affected.fields.find(({ field }) => field === next.field);
  if (known) known.to = next.to;
  else affected.fields.push(next);
}

// They follow from the rest and are shown, like everything, on the page "as it is stored".
const bookkeeping = new Set(['id', 'version', 'created_at', 'updated_at', 'deleted_at', 'position']);
const shownAtOnce = 12;

/** How values read, and what the changes were when somebody last looked. */
export interface ChangeReader extends RequestReader {
  /** Keys of the changes of the request that this one replaces. */
  before?: ReadonlySet<string>;
  /** Nothing is folded. */
  whole?: boolean;
}

/** Those of `all` whose like `others` does not have. */
export function missingIn(others: ReadonlySet<string>, all: readonly Affected[]): Affected[] {
  const keys = keysOf(all);
  return all.filter((_, index) => !others.has(keys[index] ?? ''));
}

/** The same for two runs that do the same: ids, numbers and moments of what comes into being are left out. */
export function keysOf(all: readonly Affected[]): string[] {
  const made = all.filter(({ deed }) => deed === 'create').map(({ id }) => id);
  return all.map(({ type, id, deed, fields }) => {
    const telling = fields.filter(({ field }) => !bookkeeping.has(field) && !isVolatile(field));
    const key = JSON.stringify([type, id, deed, telling]);
    return made.reduce((text, own, index) => text.replaceAll(own, `new ${index}`), key);
  });
}

const isVolatile = (field: string): boolean => field === 'reference' || field === 'cancelled_at';

/** Every changed field from → to, record by record. A long list is folded, not cut. */
export function changeList(all: readonly Affected[], reader: ChangeReader): Markup {
  if (all.length === 0) return html`<p class="empty">Nothing changes.</p>`;
  const isNew = new Set(reader.before && missingIn(reader.before, all));
  const item = (affected: Affected) => affectedItem(affected, isNew.has(affected), reader);
  const atOnce = reader.whole ? all.length : shownAtOnce;
  const rest = all.slice(atOnce);
  return html`<ul class="plain rows">${all.slice(0, atOnce).map(item)}</ul>
${rest.length > 0 && html`<details class="fold"><summary>${countOf(rest.length, 'more change')}</summary><ul class="plain rows">${rest.map(item)}</ul></details>`}`;
}

/** `Delete address A-1004 9 New Road` */
const deedOf = ({ type, id, deed }: Affected, { names, registry }: ChangeReader): Markup => {
  const name = deed === 'create' ? undefined : names.get(id);
  return html`${capital(generalWish(registry, `${type}.${deed}`))}${name !== undefined && html` ${foreign(name, 120)}`}`;
};

function affectedItem(affected: Affected, isNew: boolean, reader: ChangeReader): Markup {
  const known = reader.registry.records.get(affected.type)?.fields;
  const fields = affected.fields.filter(({ field, to }) => {
    const says = affected.deed !== 'create' || (to !== null && to !== '');
    return says && !bookkeeping.has(field) && !known?.[field]?.internal;
  });
  return html`<li><p><b>${deedOf(affected, reader)}</b>${isNew && html` <span class="badge waiting">new</span>`}</p>
${fields.length > 0 && html`<ul class="changes">${fields.map(change => fieldItem(change, affected, reader))}</ul>`}</li>\n`;
}

function fieldItem(
  { field, from, to }: Affected['fields'][number],
  { deed }: Affected,
  reader: ChangeReader,
): Markup {
  const before = deed === 'create' ? '' : html`<del>${showWhole(field, from, reader)}</del> → `;
  return html`<li><span class="field">${label(field)}</span> ${before}<ins>${showWhole(field, to, reader)}</ins></li>\n`;
}

const longLine = 200;
const isState = (field: string): boolean => /(^|_)(status|stage|pricing)$/.test(field);

/** A value in full: money, moments and names as people read them, everything else as it stands. */
export function showWhole(field: string, value: unknown, reader: ChangeReader): Content {
  const scalar = showScalar(field, value, reader);
  if (scalar !== undefined) return scalar;
  const text = textOf(value, reader.country);
  if (isState(field)) return foreign(words(text));
  if (field.endsWith('_id')) {
    const name = reader.names.get(text);
    return name === undefined ? html`<code>${text}</code>` : foreign(name, 120);
  }
  const prose = reader.whole ? wholeProse : foreignProse;
  return text.length > longLine || text.includes('\n') ? prose(text) : foreign(text);
}

function textOf(value: unknown, country?: string): string {
  const text = (member: unknown) => textOf(member, country);
  if (Array.isArray(value)) return value.map(text).join(', ') || 'nothing';
  if (typeof value !== 'object' || value === null) return String(value);
  const reach = reachWords(value, country);
  if (reach !== undefined) return reach;
  const members = Object.entries(value).map(([name, member]) => `${words(name)}: ${text(member)}`);
  return members.join('; ') || 'nothing';
}
