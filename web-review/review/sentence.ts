import { deedOf, wishOf } from '../../core/kernel/registry/deed.ts';
import type { Registry } from '../../core/kernel/registry/registry.ts';
import { shorten } from '../format.ts';
import { showScalar } from '../history.ts';
import { type Content, html, type Markup, visible } from '../html.ts';
import { spellMixed } from './alphabets.ts';
import { bothOf } from './both.ts';
import { foreign } from './foreign.ts';
import type { Names, RequestReader } from './names.ts';
import { callsOf, type Outgoing, type Request, type Target } from './request.ts';

/** Our own words, or a name that somebody else wrote. */
type Part = string | { name: string };

const longestName = 90;
const mostNamed = 4;

/**
 * What will happen, in the server's own words: `Delete contact C-1004 Ada Moved (2 rows)`. Made of the action, the
 * records it points to and the preview; nothing in it is the agent's, and names of strangers stand apart.
 */
export const sentenceOf = (request: Request, reader: RequestReader): Markup =>
  html`${partsOfSentence(request, reader).map(
    (part): Content => (typeof part === 'string' ? part : foreign(part.name, longestName)),
  )}`;

/** The same as plain text, for titles. */
export const sentenceText = (request: Request, reader: RequestReader): string =>
  partsOfSentence(request, reader)
    .map(part => (typeof part === 'string' ? part : spellMixed(visible(shorten(part.name, longestName)))))
    .join('');

function partsOfSentence(request: Request, reader: RequestReader): Part[] {
  const { action, preview, affected_rows } = request;
  const calls = callsOf(request);
  if (calls.length > 0) {
    const mails = mailed(preview.outgoing);
    return [
      `${calls.length} calls together: ${countedWishes(request, reader)}`,
      ` (${countOf(affected_rows, 'row')})`,
      ...mails,
    ];
  }
  const [domain = ''] = action.split('.');
  const subject = preview.targets.find(({ record }) => record === domain);
  const made = subject ? undefined : newName(reader.registry, preview.changes, domain);
  const others = preview.targets.filter(target => target !== subject);
  return [
    capital(wishOf(reader.registry, action)),
    ...(subject ? [' ', ...named(subject, reader.names)] : []),
    ...(made === undefined ? [] : [' ', { name: made }]),
    whenAndHowMuch(preview.changes, reader),
    ...(others.length === 0 ? [] : [': ', ...listed(others, reader.names)]),
    ` (${countOf(affected_rows, 'row')})`,
    ...mailed(preview.outgoing),
  ];
}

/** `3 × void invoice, 2 × archive lead` */
function countedWishes(request: Request, { registry }: RequestReader): string {
  const counts = new Map<string, number>();
  for (const { action } of callsOf(request)) counts.set(action, (counts.get(action) ?? 0) + 1);
  return [...counts].map(([action, count]) => `${count} × ${wishOf(registry, action)}`).join(', ');
}

/** ` on Fri, Nov 20, 2026, 2:00 PM, $288.00`: the time and the amount of the one record it is about. */
function whenAndHowMuch(changes: Request['preview']['changes'], reader: RequestReader): string {
  const subjects = new Set(changes.map(({ subject_id }) => subject_id));
  if (subjects.size !== 1) return '';
  const own = changes.filter(({ entity_id, subject_id }) => entity_id === subject_id);
  const said = (field: string, before: (old: string) => string, after: string) => {
    const values = own.flatMap(entry => entry.changes[field] ?? []).map(bothOf);
    const [old, is] = [values[0]?.from, values.at(-1)?.to];
    if (is === undefined || is === null || is === old) return '';
    const shown = showScalar(field, is, reader) ?? '';
    return old === null || old === undefined
      ? `${after}${shown}`
      : before(showScalar(field, old, reader) ?? '') + shown;
  };
  const when = said('scheduled_at', () => ' to ', ' on ');
  return when + said('total_cents', old => `, ${old} → `, ', ');
}

/** The first letter large. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `1 row`, `2 rows` */
export const countOf = (count: number, what: string): string =>
  `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;

/** `delete contacts`: what somebody may do in general. */
export function habit(registry: Registry, action: string): string {
  const { verb, object } = deedOf(registry, action);
  const domain = action.split('.')[0] ?? '';
  const plural = registry.records.get(domain)?.plural;
  if (plural === undefined || !object.endsWith(domain)) return `do “${wishOf(registry, action)}”`;
  return `${verb} ${object.slice(0, object.length - domain.length)}${plural}`;
}

function named({ id, reference, label }: Target, names: Names): Part[] {
  // The number alone says little; a name read now says which visit it is.
  if (reference === null || label === reference) return [{ name: names.get(id) ?? label }];
  return [`${reference} `, { name: label }];
}

function listed(targets: readonly Target[], names: Names): Part[] {
  const shown = targets
    .slice(0, mostNamed)
    .flatMap((target, index) => [index > 0 ? ', ' : '', `${target.record} `, ...named(target, names)]);
  const rest = targets.length - mostNamed;
  return rest > 0 ? [...shown, ` and ${rest} more, listed below`] : shown;
}

/** What a new row is called, in its own words; a number it gets only now says nothing. */
function newName(
  registry: Registry,
  changes: Request['preview']['changes'],
  domain: string,
): string | undefined {
  const made = changes.find(entry => entry.action === 'create' && entry.entity_type === domain);
  if (!made) return undefined;
  const row = Object.fromEntries(
    Object.entries(made.changes).map(([name, value]) => [name, bothOf(value).to]),
  );
  const label = registry.records.get(domain)?.label(row);
  return label === '' || label === row.reference || label === row.id || label === domain ? undefined : label;
}

/** Whom a message goes to; '' when it does not say. */
export const addresseeOf = ({ payload }: Outgoing): string =>
  typeof payload.to === 'string' ? payload.to : '';

function mailed(outgoing: readonly Outgoing[]): Part[] {
  if (outgoing.length === 0) return [];
  const to = [...new Set(outgoing.map(addresseeOf))].filter(Boolean);
  const whom: Part[] = to
    .slice(0, mostNamed)
    .flatMap((name, index): Part[] => [index > 0 ? ', ' : ' to ', { name }]);
  const rest = to.length - mostNamed;
  return [
    ` and sends ${countOf(outgoing.length, outgoing.every(({ kind }) => kind === 'email') ? 'e-mail' : 'message')}`,
    ...whom,
    ...(rest > 0 ? [` and ${rest} more`] : []),
  ];
}
