import { invalid } from '../../core/kernel/words/errors.ts';
import { moneyLike, plainMoney, readMoney } from '../../core/kernel/words/money.ts';
import { problemAt, type Refusal } from '../attempt.ts';
import { tick } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { field, textControl } from '../settings/fields.ts';
import type { Service } from './prices.ts';

/** The fields of a form of the price list, for those who say what is wrong. */
export const formNames = [
  'name',
  'kind',
  'pricing',
  'price_cents',
  'unit',
  'duration_minutes',
  'minutes_per_unit',
  'description',
];

type Texts = Readonly<Record<string, string>>;

const pricings: readonly (readonly [word: string, label: string, hint: string])[] = [
  ['fixed', 'Fixed', 'always this price'],
  ['per_unit', 'By the piece', 'price times how many: windows, screens, feet'],
  ['flexible', 'Agreed each time', 'the price here is where you start from, or none'],
];

/** What stands in the form of something that is known. */
export const typedOf = (service: Service): Texts => ({
  name: service.name,
  kind: service.kind,
  pricing: service.pricing,
  price_cents: service.price_cents === null ? '' : plainMoney(service.price_cents, service.currency),
  unit: service.unit ?? '',
  duration_minutes: String(service.duration_minutes ?? ''),
  minutes_per_unit: String(service.minutes_per_unit ?? ''),
  description: service.description ?? '',
});

/** The fields, with what was typed or is known. */
export function priceFields(texts: Texts, refusal: Refusal | undefined, currency: string): Markup {
  const typed = (name: string) => refusal?.typed[name] ?? texts[name] ?? '';
  const line = (name: string, label: string, hint: string, more: Markup = html``) =>
    field({ name, label, hint, problem: problemAt(refusal, name) }, textControl(typed(name), more));
  const kinds = [
    ['service', 'a service'],
    ['product', 'a product'],
  ];
  return html`${line('name', 'Name', 'As it stands on bills.', html` required`)}
${field({ name: 'kind', label: 'It is', hint: '', problem: problemAt(refusal, 'kind') }, attributes => html`<select${attributes}>${kinds.map(([word = '', label]) => html`<option value="${word}"${word === typed('kind') && html` selected`}>${label}</option>`)}</select>`)}
<fieldset><legend>Priced</legend>${pricings.map(([word, label, hint]) => tick(html`type="radio" name="pricing" value="${word}" required`, html`${label} <span class="hint">${hint}</span>`, word === (typed('pricing') || 'fixed')))}</fieldset>
${line('price_cents', 'Price', `Such as ${moneyLike(currency)}.`, html` inputmode="decimal"`)}
${line('unit', 'A piece is a', 'Only when priced by the piece: window, screen, foot.')}
${line('duration_minutes', 'Takes, in minutes', 'For the whole; calendars are planned with it.', html` inputmode="numeric"`)}
${line('minutes_per_unit', 'Minutes for a piece', 'Only when priced by the piece, in place of the minutes for the whole.', html` inputmode="numeric"`)}
${field(
  {
    name: 'description',
    label: 'Good to know about it',
    hint: '',
    problem: problemAt(refusal, 'description'),
  },
  attributes => html`<textarea${attributes} rows="3" maxlength="2000" data-redact>
${typed('description')}</textarea>`,
)}`;
}

/** What was typed otherwise than it stood there, as the input of a change; what was emptied is cleared. */
export function changesOf(texts: Texts, known: Texts, currency: string): Record<string, unknown> {
  const changed = formNames.filter(name => texts[name] !== undefined && texts[name] !== (known[name] ?? ''));
  const clear = changed.filter(name => texts[name] === '');
  const given = changed.filter(name => texts[name] !== '');
  if (clear.includes('price_cents'))
    throw invalid('price_cents', 'What had a price keeps one.', {
      hint: 'Agreed each time, it is where you start from.',
    });
  return {
    ...Object.fromEntries(given.map(name => [name, readMember(name, texts[name] ?? '', currency)])),
    ...(clear.length > 0 ? { clear } : {}),
  };
}

/** The members of something new; what was left empty is not said. */
export const membersOf = (texts: Texts, currency: string): Record<string, unknown> =>
  Object.fromEntries(
    formNames
      .filter(name => (texts[name] ?? '') !== '')
      .map(name => [name, readMember(name, texts[name] ?? '', currency)]),
  );

function readMember(name: string, text: string, currency: string): unknown {
  if (name === 'price_cents') return readPrice(text, currency);
  return name.includes('minutes') ? readMinutes(name, text) : text;
}

/** `1,250.50` and `$1250.5` in minor units. Throws VALIDATION_ERROR at the price. */
export function readPrice(text: string, currency: string): number {
  const cents = readMoney(text.replace(/\s/g, ''), currency);
  if (cents !== undefined) return cents;
  throw invalid('price_cents', 'This is not an amount.', {
    got: text.slice(0, 40),
    hint: `Write it as ${plainMoney(15_000, currency)}.`,
  });
}

function readMinutes(name: string, text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw invalid(name, 'Give a whole number of minutes.', { got: text.slice(0, 40), hint: 'Such as 90.' });
}
