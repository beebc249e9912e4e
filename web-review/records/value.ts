import type { Field } from '../../core/kernel/records/field.ts';
import { formatMoney } from '../../core/kernel/words/money.ts';
import { mailLink, phoneLink, prose, shorten, timeTag, words } from '../format.ts';
import { type Content, html } from '../html.ts';
import type { PageRequest } from '../site.ts';

/** A row as a page reads it. */
export type ShownRow = Readonly<Record<string, unknown>>;

/** What a field is called on a page: `main_phone` is “Main phone”, `price_cents` is “Price”. */
export function titleOf(name: string): string {
  const plain = words(name.replace(/_(cents|id|user_id|at|on)$/, '').replace(/^is_/, ''));
  return `${plain.slice(0, 1).toUpperCase()}${plain.slice(1)}`;
}

export const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0);

/** A value as people read it, by what the field holds. `short`: in a list, where a text has one line. */
export function showValue(
  { identity: { organization } }: PageRequest,
  { field, value, row, short = false }: { field: Field; value: unknown; row: ShownRow; short?: boolean },
): Content {
  if (isEmpty(value)) return '';
  const text = String(value);
  switch (field.kind) {
    case 'boolean':
      return value === true ? 'yes' : 'no';
    case 'money':
      return formatMoney(Number(value), String(row.currency ?? organization.currency));
    case 'percent':
      return `${text} %`;
    case 'choice':
      return words(text);
    case 'moment':
      return timeTag(text, organization.time_zone);
    case 'phone':
      return phoneLink(text, organization.country);
    case 'email':
      return mailLink(text);
    case 'tags':
      return Array.isArray(value) ? value.map(tag => html`<span class="tag">${String(tag)}</span> `) : text;
    case 'custom_fields':
      return facts(value);
    case 'long_text':
      return short ? shorten(text.replace(/\s+/g, ' '), 120) : prose(text);
    case 'list':
    case 'own':
      return typeof value === 'object'
        ? shorten(JSON.stringify(value), short ? 80 : 600)
        : shorten(text, 600);
    default:
      return html`<bdi>${shorten(text, short ? 120 : 600)}</bdi>`;
  }
}

const facts = (value: unknown): Content =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).map(
        ([name, held]) =>
          html`<span class="tag">${words(name)}: <bdi>${shorten(String(held), 120)}</bdi></span> `,
      )
    : '';
