import { invalid } from '../../core/kernel/words/errors.ts';
import { plainMoney, readMoney } from '../../core/kernel/words/money.ts';
import { redact } from '../../core/kernel/words/redaction.ts';
import { asTyped, html, type Markup } from '../html.ts';
import type { StepName } from './closeout.ts';

/** The texts of a form by field, as they were typed. */
export type Typed = Readonly<Record<string, string>>;

/** The fields of each step, so that what was typed into one is not lost when another one comes first. */
const fieldsOf: Readonly<Record<StepName, RegExp>> = {
  work: /^(hours|minutes|line_\d{1,2}_\w+|add_\w+|price_confirmed|is_early)$/,
  notes: /^notes$/,
  next: /^(next_service|months|months_other|slot|when|notify)$/,
  review: /^(fact_\d{1,2}_\w+|more)$/,
  payment: /^(payment_choice|payment_method(_cash)?|amount|check_number|reason|reason_more|email)$/,
};

/** What was typed into the fields of one step. */
export function ofStep(typed: Typed, step: StepName): Typed {
  return Object.fromEntries(Object.entries(typed).filter(([name]) => fieldsOf[step].test(name)));
}

/** What was typed into the fields of all steps but some; those are saved, or shown as fields themselves. */
export function besides(typed: Typed, ...steps: readonly StepName[]): Typed {
  const others = Object.values(fieldsOf).filter(fields => !steps.some(step => fieldsOf[step] === fields));
  return Object.fromEntries(
    Object.entries(typed).filter(([name, text]) => text !== '' && others.some(fields => fields.test(name))),
  );
}

/** Texts that go along with another step's form. They are on their way to be kept, so the numbers nobody keeps go here. */
export const hiddenFields = (typed: Typed): Markup[] =>
  Object.entries(typed).map(
    ([name, text]) => html`<input type="hidden" name="${name}" value="${asTyped(redact(text).text)}">`,
  );

const most_cents = 1_000_000_000;

/** An amount of a field that must be one, in minor units. Throws VALIDATION_ERROR. */
export function readCents(text: string, field: string, what: string, currency: string): number {
  const cents = readMoney(text, currency);
  if (cents === undefined) {
    throw invalid(
      field,
      text.trim() === ''
        ? `Write the price of ${what}; 0 if it is free.`
        : `“${text}” is not a price (${what}). Write it as ${plainMoney(56_200, currency)}.`,
    );
  }
  if (cents <= most_cents) return cents;
  throw invalid(field, `“${text}” is more than a price can be (${what}).`);
}

/** How many of something was done, at most three decimal places. Throws VALIDATION_ERROR. */
export function readQuantity(text: string, field: string, what: string): number {
  const quantity = /^\d{1,6}(\.\d{1,3})?$/.test(text.trim()) ? Number(text) : 0;
  if (quantity > 0 && quantity <= 100_000) return quantity;
  throw invalid(field, `Write how many it were (${what}), such as 20. If there were none, untick “Done”.`);
}

const longest_minutes = 1440;

/** The minutes of hours and minutes, one of which may be left out. Throws VALIDATION_ERROR. */
export function readMinutes(hours = '', minutes = ''): number {
  for (const [field, text] of Object.entries({ hours, minutes })) {
    if (!/^\d{0,4}$/.test(text)) throw invalid(field, `“${text}” is not a number of ${field}.`);
  }
  const total = Number(hours) * 60 + Number(minutes);
  if (total === 0) throw invalid('hours', 'Say how long it took.');
  if (total > longest_minutes) throw invalid('hours', 'A visit takes at most 24 hours.');
  return total;
}
