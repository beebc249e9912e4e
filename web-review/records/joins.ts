import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { momentWords, shorten } from '../format.ts';
import { type Reader, showScalar, showWhole } from '../history.ts';
import { html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';
import { mayBrowse } from './kind.ts';
import { isEmpty, type ShownRow, titleOf } from './value.ts';

/**
 * What is read together with a row and stands on its page as sections: what the record joins by itself (the services of a
 * visit, the balance of an invoice), and children whose list cannot be left to one parent.
 */
export function joinsOf(request: PageRequest, record: RecordSpec): string[] {
  const children = request.site.app.registry.relations.get(record.name) ?? [];
  const unlisted = children.filter(
    ({ child, column }) => child.fields[column]?.filter === undefined && mayBrowse(request, child),
  );
  const own = Object.keys(record.includes ?? {}).filter(name => name !== 'audit_trail');
  return [...new Set([...own, ...unlisted.flatMap(({ to }) => to.as ?? [])])];
}

/** A section for each of them that says something. */
export function joinSections(request: PageRequest, record: RecordSpec, row: ShownRow): Markup[] {
  const { organization } = request.identity;
  const reader: Reader = {
    registry: request.site.app.registry,
    time_zone: organization.time_zone,
    currency: String(row.currency ?? organization.currency),
  };
  return joinsOf(request, record).flatMap(name => {
    const value = row[name];
    const lines = (Array.isArray(value) ? value : [value]).flatMap(one => lineOf(one, reader));
    if (lines.length === 0) return [];
    return [
      html`<section><h2>${titleOf(name)}</h2>
<ul class="plain rows">${lines}</ul></section>\n`,
    ];
  });
}

/** One thing that was joined: the first words of it, and below what else is known. */
function lineOf(value: unknown, reader: Reader): Markup[] {
  if (isEmpty(value)) return [];
  if (typeof value !== 'object' || value === null)
    return [html`<li><bdi>${momentWords(String(value), reader.time_zone)}</bdi></li>\n`];
  const members = Object.entries(value).filter(([name, member]) => isTelling(name, member));
  const main = members.find(([name, member]) => typeof member === 'string' && !/_(at|on)$/.test(name));
  const facts = members
    .filter(member => member !== main)
    .map(([name, member]) => factOf(name, member, reader));
  if (main === undefined && facts.length === 0) return [];
  return [
    html`<li>${main && html`<p class="who"><bdi>${shorten(String(main[1]), 300)}</bdi></p>`}
${facts.length > 0 && html`<p class="hint">${facts.map((fact, at) => html`${at > 0 && ' · '}${fact}`)}</p>`}</li>\n`,
  ];
}

/** Keys say nothing to people, nor does where a line stands. */
const isTelling = (name: string, value: unknown): boolean =>
  !isEmpty(value) && !/^(id|position|version)$|_id$/.test(name);

const factOf = (name: string, value: unknown, reader: Reader): Markup =>
  html`${titleOf(name)}: <bdi>${showScalar(name, value, reader) ?? shorten(showWhole(value), 300).replaceAll('_', ' ')}</bdi>`;
