import { Temporal } from 'temporal-polyfill';
import type { Field } from '../../core/kernel/records/field.ts';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { invalid } from '../../core/kernel/words/errors.ts';
import { formatPhone } from '../../core/kernel/words/phone.ts';
import { words } from '../format.ts';
import { asTyped, html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';
import { isEmpty, type ShownRow, titleOf } from './value.ts';

/** Kinds a form asks for in one field; the others have pages or verbs of their own. */
const asked = new Set<Field['kind']>([
  ...(['text', 'long_text', 'choice', 'number', 'money', 'percent', 'date', 'moment', 'boolean'] as const),
  ...(['phone', 'email', 'url', 'tags', 'ref', 'custom_fields'] as const),
]);

/** The fields of a record that a form can set, in their order. */
export function formFieldsOf(record: RecordSpec, verb: 'create' | 'update'): [string, Field][] {
  const { shape } = verb === 'create' ? record.writable : record.changeable;
  return Object.entries(record.fields).filter(([name, { kind }]) => name in shape && asked.has(kind));
}

/** One field with its label; what is wrong with it stands beside it. */
export function formField({
  name,
  field,
  typed,
  problem,
  isRequired,
}: {
  name: string;
  field: Field;
  typed: string;
  problem: string | undefined;
  isRequired: boolean;
}): Markup {
  const told = problem !== undefined && html` aria-invalid="true" aria-describedby="${name}-problem"`;
  const attributes = html`id="${name}" name="${name}"${isRequired && html` required`}${told}`;
  return html`<div><label for="${name}">${titleOf(name)}${isRequired && ' (needed)'}</label>
${widget(field, typed, attributes, isRequired)}
${problem !== undefined && html`<p class="problem" id="${name}-problem" role="alert">${problem}</p>`}${hintOf(field)}</div>\n`;
}

function widget(field: Field, typed: string, attributes: Markup, isRequired: boolean): Markup {
  const value = asTyped(typed);
  switch (field.kind) {
    case 'choice':
      return select(attributes, field.options ?? [], typed, isRequired);
    case 'boolean':
      return select(attributes, ['yes', 'no'], typed, isRequired);
    case 'long_text':
      return html`<textarea ${attributes} rows="4" maxlength="20000" dir="auto" data-redact>\n${value}</textarea>`;
    case 'custom_fields':
      return html`<textarea ${attributes} rows="3" maxlength="20000" dir="auto" data-redact>\n${value}</textarea>`;
    case 'date':
      return html`<input ${attributes} type="date" value="${value}">`;
    case 'moment':
      return html`<input ${attributes} type="datetime-local" value="${value}">`;
    default: {
      const mode = modes[field.kind];
      return html`<input ${attributes} maxlength="300" autocomplete="off"${mode && html` inputmode="${mode}"`} data-redact value="${value}">`;
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

const select = (
  attributes: Markup,
  options: readonly string[],
  chosen: string,
  isRequired: boolean,
): Markup =>
  html`<select ${attributes}>${!isRequired && html`<option value="">not said</option>`}${options.map(
    option =>
      html`<option value="${option}"${option === chosen && html` selected`}>${words(option)}</option>`,
  )}</select>`;

function hintOf({ kind, to }: Field): Markup | false {
  if (kind === 'tags') return html`<small>several with commas between</small>`;
  if (kind === 'custom_fields') return html`<small>one a line, such as gate_code: 1234</small>`;
  return to ? html`<small>a name or a reference</small>` : false;
}

/** What a form shows of a row: texts by field, as somebody would type them. */
export function typedOf(
  visit: PageRequest,
  fields: readonly [string, Field][],
  row: ShownRow,
): Record<string, string> {
  return Object.fromEntries(fields.map(([name, field]) => [name, typedValue(visit, field, row[name])]));
}

function typedValue({ identity: { organization } }: PageRequest, field: Field, value: unknown): string {
  if (isEmpty(value)) return '';
  switch (field.kind) {
    case 'money':
      return (Number(value) / 100).toFixed(2);
    case 'boolean':
      return value === true ? 'yes' : 'no';
    case 'phone':
      return formatPhone(String(value), organization.country);
    case 'tags':
      return Array.isArray(value) ? value.join(', ') : '';
    case 'moment':
      return Temporal.Instant.from(String(value))
        .toZonedDateTimeISO(organization.time_zone)
        .toPlainDateTime()
        .toString({ smallestUnit: 'minute' });
    case 'custom_fields':
      return typeof value === 'object' && value !== null
        ? Object.entries(value)
            .map(([key, held]) => `${key}: ${String(held)}`)
            .join('\n')
        : '';
    default:
      return String(value);
  }
}

/** What somebody typed as the member of an action. Throws VALIDATION_ERROR at the field. */
export function readTyped(name: string, field: Field, text: string, before: ShownRow): unknown {
  switch (field.kind) {
    case 'money':
      return readMoney(name, text);
    case 'boolean':
      return text === 'yes';
    case 'tags':
      return text
        .split(',')
        .map(tag => tag.trim())
        .filter(Boolean);
    case 'custom_fields':
      return readFacts(name, text, before[name]);
    default:
      return text;
  }
}

/** `1,250.50` and `$1250.5` in cents. */
function readMoney(name: string, text: string): number {
  const plain = text.replace(/[$\s,]/g, '');
  if (/^\d{1,9}(\.\d{1,2})?$/.test(plain)) return Math.round(Number(plain) * 100);
  throw invalid(name, 'This is not an amount.', { got: text.slice(0, 40), hint: 'Write it as 150.00.' });
}

/** The lines as members; what stood there and stands there no longer is taken out. */
function readFacts(name: string, text: string, before: unknown): Record<string, unknown> {
  const gone = typeof before === 'object' && before !== null ? Object.keys(before) : [];
  const given = text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)
    .map(line => {
      const [, key, value] = /^([a-z][a-z0-9_ ]{0,62}):\s*(.+)$/i.exec(line) ?? [];
      if (key !== undefined && value !== undefined)
        return [key.trim().toLowerCase().replace(/ +/g, '_'), asBefore(before, key, value)] as const;
      throw invalid(name, 'Each line is a name, a colon and a value.', { got: line.slice(0, 80) });
    });
  return { ...Object.fromEntries(gone.map(key => [key, null])), ...Object.fromEntries(given) };
}

/** A number or yes/no that nobody touched stays what it was. */
function asBefore(before: unknown, key: string, text: string): unknown {
  const known: unknown = typeof before === 'object' && before !== null ? Reflect.get(before, key) : undefined;
  return String(known) === text ? known : text;
}
