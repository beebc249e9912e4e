import type { Registry } from '../../core/kernel/registry/registry.ts';
import { type Content, html, type Markup } from '../html.ts';
import { foreign } from './foreign.ts';

const longestName = 110;
const mostOfSum = 30;

/**
 * A sentence of ours for a page: what stands in marks was written by somebody and keeps to itself, a name stands before the
 * number it is known by, and both lead to where it is shown. Amounts stand out.
 */
export const toldMarkup = (registry: Registry, text: string): Markup =>
  html`${[...text.matchAll(pieces)].map(found => piece(registry, found.groups ?? {}))}`;

const pieces =
  /(?<reference>\b[A-Z]{1,6}(?:-\d{4})?-\d+\b)(?: «(?<of>[^«»]*)»)?|«(?<name>[^«»]*)»|(?<sum>-?\$[\d,]+(?:\.\d\d)?)|(?<ours>[^«$A-Z]+|.)/gsu;

function piece(
  registry: Registry,
  { reference, of, name, sum, ours }: Record<string, string | undefined>,
): Content {
  if (name !== undefined) return html`<b>${foreign(name, longestName)}</b>`;
  if (sum !== undefined) return html`<b>${sum.slice(0, mostOfSum)}</b>`;
  if (reference === undefined) return ours ?? '';
  const path = pathOf(registry, reference);
  const called =
    of === undefined ? html`<span class="ref">${reference}</span>` : html`<b>${foreign(of, longestName)}</b>`;
  const link = path === undefined ? called : html`<a href="${path}">${called}</a>`;
  return of === undefined ? link : html`${link} <small class="ref">${reference}</small>`;
}

/** Where the record of a reference is shown; undefined for what only looks like one. */
function pathOf(registry: Registry, reference: string): string | undefined {
  const type = registry.references.typeOf(reference);
  const record = [...registry.records.values()].find(({ plural }) => plural === type);
  if (!record) return undefined;
  return `${registry.pathOf(record.name)?.path ?? `/records/${record.plural}`}/${reference}`;
}

/** The same as plain text, for titles. */
export const toldText = (text: string): string => text.replace(/[«»]/g, '');
