import { z } from 'zod';
import type { Field } from '../../core/kernel/records/field-shape.ts';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { capital } from '../../core/kernel/words/capital.ts';
import { formatMoney } from '../../core/kernel/words/money.ts';
import {
  dayTag,
  mailLink,
  momentWords,
  phoneLink,
  prose,
  shorten,
  showDuration,
  timeTag,
  words,
} from '../format.ts';
import { showWhole } from '../history.ts';
import { type Content, html } from '../html.ts';
import { reachOf } from '../reach.ts';
import type { PageRequest } from '../site.ts';
import { plain } from '../words.ts';

/** A row as a page reads it. */
export type ShownRow = Readonly<Record<string, unknown>>;

/** What a field is called on a page: `main_phone` is “Main phone”, `price_cents` is “Price”. */
export function titleOf(name: string): string {
  const known = usual[name];
  if (known !== undefined) return known;
  const title = words(name.replace(/_(cents|id|user_id|at|on|minutes)$/, '').replace(/^is_/, ''))
    .replace(/([a-z])(\d+)$/, '$1 $2')
    .replace(/\bemail/, 'e-mail')
    .replace(/^ai\b/, 'AI');
  return plain(capital(title));
}

// Members every row has, and the two ends of a filter by days.
const usual: Readonly<Record<string, string>> = {
  created_at: 'Added',
  updated_at: 'Changed',
  from: 'From',
  to: 'To',
};

/** The same, in the words of what a field points to: `contact_id` is “Customer”. */
export function fieldTitle({ site }: Pick<PageRequest, 'site'>, name: string, field?: Field): string {
  if (field?.title !== undefined) return field.title;
  const parent = field?.to && site.app.registry.records.get(field.to.record);
  return parent && name === `${parent.name}_id` ? titleOf(parent.noun) : titleOf(name);
}

export const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0);

/** Whether a field says something of a row that nobody would guess: what the database put in itself does not. */
export function isTelling({ fields }: RecordSpec, name: string, row: ShownRow): boolean {
  const field = fields[name];
  if (!field || field.internal || isEmpty(row[name])) return false;
  // It stands beside every amount.
  if (name === 'currency') return false;
  const isUsual = field.default !== undefined && row[name] === field.default;
  return !isUsual || field.kind === 'choice' || field.writable === undefined;
}

/** Whether a field says no more than another one that is shown: the first e-mail address of several. */
export const followsShown = ({ fields }: RecordSpec, { follows }: Field, row: ShownRow): boolean =>
  follows !== undefined && fields[follows] !== undefined && !isEmpty(row[follows]);

/** A value as people read it, by what the field holds. `short`: in a list, where a text has one line. */
export function showValue(
  { identity: { organization } }: PageRequest,
  { name, field, row }: { name: string; field: Field; row: ShownRow },
  short = false,
): Content {
  const value = row[name];
  if (isEmpty(value)) return '';
  const text = String(value);
  switch (field.kind) {
    case 'boolean':
      return value === true ? 'yes' : 'no';
    case 'number':
      return name.endsWith('_minutes') ? showDuration(Number(value)) : Number(value).toLocaleString('en-US');
    case 'money':
      return formatMoney(Number(value), String(row.currency ?? organization.currency));
    case 'percent':
      return `${text} %`;
    case 'choice':
      return plain(saidOf(field, text));
    case 'date':
      return dayTag(text);
    case 'moment':
      return timeTag(text, organization.time_zone);
    case 'phone':
      return phoneLink(text, organization.country);
    case 'email':
      return mailLink(text);
    case 'url':
      return webLink(text);
    case 'tags':
      return Array.isArray(value)
        ? value.map(tag => html`<span class="tag">${saidOf(field, String(tag))}</span> `)
        : text;
    case 'custom_fields':
      return facts(value);
    case 'long_text':
      return short ? html`<bdi>${shorten(text.replace(/\s+/g, ' '), 160)}</bdi>` : prose(text);
    case 'list':
    case 'own':
      return several(value, organization, short);
    default:
      if (/^\d\d:\d\d$/.test(text) && name.endsWith('_time'))
        return momentWords(text, organization.time_zone);
      return html`<bdi>${shorten(saidOf(field, text), short ? 160 : 600)}</bdi>`;
  }
}

/** A word as people read and type it. */
export const saidOf = (field: Field, word: string): string => field.said?.(word) ?? word;

/** An address of the web one can follow; whatever else stands there is only a text. */
const webLink = (text: string): Content =>
  /^https?:\/\//i.test(text)
    ? html`<a href="${text}" rel="noopener noreferrer"><bdi>${shorten(text, 200)}</bdi></a>`
    : html`<bdi>${shorten(text, 200)}</bdi>`;

interface House {
  country: string;
  currency: string;
}

const several = (value: unknown, house: House, short: boolean): Content =>
  Array.isArray(value) && !short
    ? value.map((one, at) => html`${at > 0 && html`<br>`}${entry(one, house)}`)
    : html`<bdi>${shorten(showWhole(value), short ? 120 : 600)}</bdi>`;

/** A service that is agreed on, of a series or a wish. */
const service = z.looseObject({
  service_id: z.string(),
  name: z.string(),
  quantity: z.number(),
  unit_price_cents: z.number().nullish(),
  duration_minutes: z.number().nullish(),
  description: z.string().nullish(),
});

/** `20 × Screen Cleaning, $5.00 each, 30 min`; what is not said of it is as the price list has it. */
const serviceWords = (work: z.infer<typeof service>, currency: string): Content => {
  const { name, quantity, unit_price_cents: price, duration_minutes: minutes, description } = work;
  const more = [
    price == null ? [] : `${formatMoney(price, currency)}${quantity === 1 ? '' : ' each'}`,
    minutes == null ? [] : showDuration(minutes),
    description == null ? [] : description,
  ].flat();
  return html`<bdi>${shorten([`${quantity === 1 ? '' : `${quantity} × `}${name}`, ...more].join(', '), 300)}</bdi>`;
};

/** One of several: an address or a number to tap with what kind it is, or whatever it says. */
function entry(one: unknown, { country, currency }: House): Content {
  if (typeof one === 'string' && /^\d{4}-\d\d-\d\d$/.test(one)) return dayTag(one);
  const work = service.safeParse(one).data;
  if (work) return serviceWords(work, currency);
  const { email, number, kinds = [] } = reachOf(one) ?? {};
  const way = email === undefined ? number && phoneLink(number, country) : mailLink(email);
  if (way === undefined) return html`<bdi>${shorten(showWhole(one), 300)}</bdi>`;
  return html`${way}${kinds.length > 0 && html` <span class="hint">${kinds.join(', ')}</span>`}`;
}

const facts = (value: unknown): Content =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).map(
        ([name, held]) =>
          html`<span class="tag">${words(name)}: <bdi>${shorten(showWhole(held), 120)}</bdi></span> `,
      )
    : '';
