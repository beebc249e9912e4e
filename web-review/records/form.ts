import { Temporal } from 'temporal-polyfill';
import type { Field } from '../../core/kernel/records/field-shape.ts';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { invalid } from '../../core/kernel/words/errors.ts';
import { plainMoney, readMoney } from '../../core/kernel/words/money.ts';
import { formatPhone } from '../../core/kernel/words/phone.ts';
import { asTyped, type Content, html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';
import { factsText, readFacts, withGone } from './facts-text.ts';
import { countLines, lineMembersOf, linesText, readLines, typedLines } from './lines.ts';
import { linesField } from './lines-form.ts';
import type { Offers } from './offers.ts';
import { fieldTitle, isEmpty, type ShownRow, saidOf } from './value.ts';

/** Kinds a form asks for in one field; the others have pages or verbs of their own. */
const asked = new Set<Field['kind']>([
  ...(['text', 'long_text', 'choice', 'number', 'money', 'percent', 'date', 'moment', 'boolean'] as const),
  ...(['phone', 'email', 'url', 'tags', 'ref', 'custom_fields'] as const),
]);

/** The fields of a record that a form can set, in their order; what follows from another one is asked for there. */
export function formFieldsOf(record: RecordSpec, verb: 'create' | 'update'): [string, Field][] {
  const { shape } = verb === 'create' ? record.writable : record.changeable;
  const isAsked = (name: string, field: Field | undefined): boolean =>
    field !== undefined && name in shape && (asked.has(field.kind) || lineMembersOf(field).length > 0);
  return Object.entries(record.fields).filter(
    ([name, field]) =>
      isAsked(name, field) &&
      !(field.follows !== undefined && isAsked(field.follows, record.fields[field.follows])),
  );
}

/** One field of a form, and what is said beside it. */
export interface FormCell {
  name: string;
  field: Field;
  typed: string;
  /** Everything typed, for lists: their lines have fields of their own. */
  texts: Readonly<Record<string, string>>;
  offers: Offers;
  isRequired: boolean;
  /** Why it could not be saved. */
  problem?: string | undefined;
  /** Of a list, which of the lines that were sent it is about, and which member. */
  problemAt?: { line: number; member?: string | undefined } | undefined;
  /** What somebody else made of it while this was being written. */
  meanwhile?: string | undefined;
}

/** One field with its label; what is wrong with it stands beside it. */
export function formField(request: PageRequest, cell: FormCell): Markup {
  const { name, field, problem, meanwhile, isRequired } = cell;
  if (field.kind === 'list') return linesField(request, cell);
  const hint = hintOf(cell);
  const told = [problem !== undefined && `${name}-problem`, hint && `${name}-hint`].filter(Boolean).join(' ');
  const attributes = html`id="${name}" name="${name}"${isRequired && html` required`}${problem !== undefined && html` aria-invalid="true"`}${told !== '' && html` aria-describedby="${told}"`}`;
  return html`<div><label for="${name}">${fieldTitle(request, name, field)}${isRequired && ' (needed)'}</label>
${widget(cell, attributes)}
${problem !== undefined && html`<p class="problem" id="${name}-problem" role="alert">${problem}</p>`}
${meanwhile !== undefined && html`<p class="warning">Somebody made it “<bdi>${meanwhile}</bdi>” meanwhile.</p>`}
${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}</div>\n`;
}

function widget(cell: FormCell, attributes: Markup): Markup {
  const { name, field, typed, offers } = cell;
  const value = asTyped(typed);
  const few = offers.options(name, field);
  if (few) return select(cell, attributes, few);
  switch (field.kind) {
    case 'long_text':
    case 'custom_fields':
      return html`<textarea ${attributes} rows="${field.kind === 'long_text' ? 4 : 3}" maxlength="20000" dir="auto" data-redact>\n${value}</textarea>`;
    case 'date':
      return html`<input ${attributes} type="date" value="${value}">`;
    case 'moment':
      return html`<input ${attributes} type="datetime-local" value="${value}">`;
    default: {
      const mode = modes[field.kind];
      // A link may name a row by its id, which says nothing to people.
      const shown = (field.to && offers.names.reference(field.to.record, typed)) ?? value;
      return html`<input ${attributes} maxlength="300" autocomplete="off"${mode && html` inputmode="${mode}"`} data-redact value="${shown}">`;
    }
  }
}

const modes: Readonly<Partial<Record<Field['kind'], string>>> = {
  phone: 'tel',
  email: 'email',
  url: 'url',
  number: 'numeric',
  percent: 'numeric',
  money: 'decimal',
};

/** What always holds something has no empty choice. */
function select(
  { field, typed, isRequired }: FormCell,
  attributes: Markup,
  options: readonly (readonly [string, string])[],
): Markup {
  const isAlwaysSaid = typed !== '' && (isRequired || field.default !== undefined);
  return html`<select ${attributes}>${!isAlwaysSaid && html`<option value="">not said</option>`}${options.map(
    ([value, shown]) => html`<option value="${value}"${value === typed && html` selected`}>${shown}</option>`,
  )}</select>`;
}

function hintOf({ name, field, typed, offers }: FormCell): Content {
  const { kind, to } = field;
  if (field.such_as !== undefined) return `Such as ${field.such_as}.`;
  if (kind === 'tags') return 'Several with commas between.';
  if (kind === 'custom_fields') return 'One a line, such as gate code: 1234.';
  if (kind === 'number' && name.endsWith('_minutes')) return 'In minutes.';
  if (!to || offers.options(name, field)) return undefined;
  const known = typed === '' ? undefined : offers.names.text(to.record, typed);
  return known === undefined
    ? 'A name or a reference.'
    : html`<bdi>${known}</bdi>; another name or reference changes it.`;
}

/** What fields hold when nobody says anything, as somebody would type it. */
export const defaultsOf = (fields: readonly [string, Field][]): Record<string, string> =>
  Object.fromEntries(
    fields.flatMap(([name, { kind, default: usual }]) => {
      if (kind === 'boolean' && typeof usual === 'boolean') return [[name, usual ? 'yes' : 'no']];
      return (kind === 'choice' || kind === 'text') && typeof usual === 'string' ? [[name, usual]] : [];
    }),
  );

/** What a form shows of a row: texts by field, as somebody would type them. */
export function typedOf(
  request: PageRequest,
  fields: readonly [string, Field][],
  row: ShownRow,
): Record<string, string> {
  const { country } = request.identity.organization;
  return Object.fromEntries(
    fields.flatMap(([name, field]): [string, string][] =>
      field.kind === 'list'
        ? typedLines(name, field, { value: row[name], country })
        : [[name, typedValue(request, field, row[name], row)]],
    ),
  );
}

function typedValue(
  { identity: { organization } }: PageRequest,
  field: Field,
  value: unknown,
  row: ShownRow,
): string {
  if (isEmpty(value)) return '';
  switch (field.kind) {
    case 'money':
      return plainMoney(Number(value), String(row.currency ?? organization.currency));
    case 'boolean':
      return value === true ? 'yes' : 'no';
    case 'phone':
      return formatPhone(String(value), organization.country);
    case 'tags':
      return Array.isArray(value) ? value.map(tag => saidOf(field, String(tag))).join(', ') : '';
    case 'moment':
      return Temporal.Instant.from(String(value))
        .toZonedDateTimeISO(organization.time_zone)
        .toPlainDateTime()
        .toString({ smallestUnit: 'minute' });
    case 'custom_fields':
      return factsText(value);
    case 'text':
      return saidOf(field, String(value));
    default:
      return String(value);
  }
}

type Texts = Readonly<Record<string, string>>;

/** What somebody typed as the member of an action; amounts in the currency of `before`. Throws VALIDATION_ERROR at the field. */
export function readTyped(name: string, field: Field, texts: Texts, before: ShownRow): unknown {
  const text = texts[name] ?? '';
  switch (field.kind) {
    case 'money':
      return readAmount(name, text, String(before.currency ?? 'USD'));
    case 'boolean':
      return text === 'yes';
    case 'tags':
      return text
        .split(',')
        .map(tag => tag.trim())
        .filter(Boolean);
    case 'custom_fields':
      return withGone(before[name], readFacts(name, text, before[name]));
    case 'list':
      return readLines(name, field, texts, before[name]);
    default:
      return text;
  }
}

/** What somebody typed as the input of a change: the members, and `clear` for those that were emptied. */
export function readChange(
  { clearable }: RecordSpec,
  fields: readonly [string, Field][],
  texts: Texts,
  before: ShownRow = {},
): Record<string, unknown> {
  const isGone = ([name]: readonly [string, Field]) => texts[name] === '' && clearable.includes(name);
  const clear = fields.filter(isGone).map(([name]) => name);
  const given = fields.filter(field => !isGone(field));
  return {
    ...Object.fromEntries(given.map(([name, field]) => [name, readTyped(name, field, texts, before)])),
    ...(clear.length > 0 ? { clear } : {}),
  };
}

/** Whether two forms say the same in a field; what a form does not have at all it does not change. */
export function isSame(name: string, field: Field, typed: Texts, known: Texts): boolean {
  if (field.kind !== 'list') return !(name in typed) || typed[name] === (known[name] ?? '');
  if (countLines(name, typed) === 0) return true;
  return linesText(name, field, typed) === linesText(name, field, known);
}

/** `1,250.50` and `$1250.5` in minor units of a currency. */
function readAmount(name: string, text: string, currency: string): number {
  const amount = readMoney(text.replace(/\s/g, ''), currency);
  if (amount !== undefined) return amount;
  throw invalid(name, 'This is not an amount.', {
    got: text.slice(0, 40),
    hint: `Write it as ${plainMoney(15_000, currency)}.`,
  });
}
