import {
  type Extractor,
  type LeadFields,
  leadFields,
  type ProposedAttribute,
} from '../../core/extraction/record.ts';
import { showAttribute } from '../../core/extraction/show.ts';
import { formatPhone } from '../../core/kernel/words/phone.ts';
import { words } from '../format.ts';
import { asTyped, html, type Markup } from '../html.ts';

type Name = keyof LeadFields;

/** One fact of an inquiry as a form asks for it. */
interface Field {
  name: Name;
  label: string;
  /** What the keyboard of a phone shows. */
  mode?: 'tel' | 'email';
  options?: readonly string[];
  lines?: number;
}

const { source, urgency } = leadFields.shape;

/** The facts of an inquiry (LED-03), in the order people ask for them. */
export const leadFormFields: readonly Field[] = [
  { name: 'full_name', label: 'Name' },
  { name: 'phone', label: 'Phone', mode: 'tel' },
  { name: 'email', label: 'E-mail', mode: 'email' },
  { name: 'service_interest', label: 'Service' },
  { name: 'title', label: 'In a few words' },
  { name: 'urgency', label: 'Urgency', options: ['', ...urgency.unwrap().options] },
  { name: 'preferred_time', label: 'Preferred time' },
  { name: 'budget_range', label: 'Budget' },
  { name: 'company_name', label: 'Company' },
  { name: 'line1', label: 'Street' },
  { name: 'line2', label: 'Apartment or suite' },
  { name: 'city', label: 'Town' },
  { name: 'state', label: 'State' },
  { name: 'postal_code', label: 'ZIP code' },
  { name: 'source', label: 'Came in by', options: source.unwrap().options },
  { name: 'property_details', label: 'Property, a fact a line', lines: 3 },
];

/** The texts a form holds, by field. */
export type Typed = Partial<Record<Name, string>>;

/** One field with its label, and beside it what was understood. */
export function fieldOf(
  { name, label, mode, options, lines }: Field,
  typed: Typed,
  understood?: Markup,
): Markup {
  const value = typed[name] ?? '';
  const described = understood && html` aria-describedby="${name}-by"`;
  const attributes = html`id="${name}" name="${name}"${described}`;
  const field = options
    ? html`<select ${attributes}>${options.map(option => html`<option value="${option}"${option === value && html` selected`}>${words(option) || 'not said'}</option>`)}</select>`
    : lines
      ? html`<textarea ${attributes} rows="${Math.max(lines, Math.min(8, value.split('\n').length))}" maxlength="4000" dir="auto" data-redact>\n${asTyped(value)}</textarea>`
      : html`<input ${attributes} maxlength="254" autocomplete="off" data-redact${mode && html` inputmode="${mode}"`} value="${asTyped(value)}">`;
  return html`<div><label for="${name}">${label}</label> ${understood && html`<small id="${name}-by">${understood}</small>`}${field}</div>\n`;
}

/** The columns of a lead as a form shows them. */
export function typedOf(lead: { [K in Name]?: LeadFields[K] | null }, country: string): Typed {
  const typed: Typed = {};
  for (const { name } of leadFormFields) typed[name] = shownFact(name, lead[name], country);
  return typed;
}

function shownFact(name: Name, value: LeadFields[Name] | null, country: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') return value.map(showFact).join('\n');
  return name === 'phone' ? formatPhone(value, country) : value;
}

/** A fact by what people call it, as everywhere: `gate code: 1204`. */
const showFact = (fact: ProposedAttribute): string => showAttribute({ ...fact, key: words(fact.key) });

const authors: Readonly<Record<Extractor, string>> = {
  rules: 'rules',
  llm: 'the language model',
  agent: 'the agent',
};

/** Who understood a text: `rules`, `the language model`, `the agent`. */
export const authorOf = (by: Extractor | null): string => (by === null ? 'nobody' : authors[by]);

/** What was understood of one field and by whom; undefined when nothing was. What stands in the field is not repeated. */
export function understoodBeside({
  name,
  extraction,
  by,
  typed,
  country,
}: {
  name: Name;
  extraction: LeadFields;
  by: Extractor | null;
  typed: Typed;
  country: string;
}): Markup | undefined {
  const understood = shownFact(name, extraction[name], country);
  if (understood === '') return undefined;
  return understood === typed[name]
    ? html`by ${authorOf(by)}`
    : html`by ${authorOf(by)}: “<bdi>${understood}</bdi>”`;
}

/**
 * What a form says: the facts it holds, and those it leaves empty. A line about the property that nobody has touched
 * stays the fact it was.
 */
export function readFields(
  typed: Typed,
  known: readonly ProposedAttribute[] = [],
): { fields: Record<string, unknown>; empty: Name[] } {
  const fields: Record<string, unknown> = {};
  const empty: Name[] = [];
  for (const { name } of leadFormFields) {
    const text = typed[name] ?? '';
    if (text === '') empty.push(name);
    else fields[name] = name === 'property_details' ? readFacts(text, known) : text;
  }
  return { fields, empty };
}

function readFacts(text: string, known: readonly ProposedAttribute[]): ProposedAttribute[] {
  const lines = text.split('\n').map(line => line.trim());
  return lines.filter(Boolean).map(line => known.find(fact => showFact(fact) === line) ?? readFact(line));
}

/** A fact as people write it: `pet: dog (name: Biscuit)`. A line without a colon is a remark. */
export function readFact(line: string): ProposedAttribute {
  const [, key = 'remark', rest = line] = /^([^:]{1,63}):\s*(.+)$/.exec(line) ?? [];
  const [, value = rest, more = ''] = /^(.*\S)\s*\(([^():]+:[^()]+)\)$/.exec(rest) ?? [];
  const details = more.split(',').flatMap(each => {
    const [, name = '', member = ''] = /^([^:]+):(.*)$/.exec(each) ?? [];
    return name.trim() === '' || member.trim() === '' ? [] : [[keyFrom(name), member.trim()] as const];
  });
  return {
    key: keyFrom(key),
    value: value.trim(),
    ...(details.length > 0 ? { details: Object.fromEntries(details) } : {}),
  };
}

const keyFrom = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '') || 'remark';
