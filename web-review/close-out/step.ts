import { formFields } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';
import { addressOf, type StepName, stepNames } from './closeout.ts';
import { besides, hiddenFields, type Typed } from './typed.ts';

/** What a step's page shows besides what is known of the close-out. */
export interface Shown {
  /** Typed and not saved: into this step, which shows it in its fields, and into others, which it goes along for. */
  typed: Typed;
  problem?: Problem;
  /** What the pipeline said of the step before: that a card number was taken out (SAN-05). */
  warnings: readonly string[];
  /** Shown on a day nobody knows yet: by a phone without signal. */
  isForLater?: boolean;
}

export interface Problem {
  text: string;
  /** The field it is about, when it is on the page. */
  field?: string;
  /** Times that are free instead of the one that was wanted. */
  free?: readonly { starts_at: string }[];
  /** The services of the visit are not what they were when they were looked at. */
  isChanged?: boolean;
}

export const nothingTyped: Shown = { typed: {}, warnings: [] };

/** The visit a step is about, and the hidden fields of its form; placeholders on a phone without signal. */
export interface Place {
  reference: string;
  customer: string;
  fields: Markup;
}

export const placeOf = (request: PageRequest, { reference, customer }: Omit<Place, 'fields'>): Place => ({
  reference,
  customer,
  fields: formFields(request),
});

/** What each step asks; one question a page. */
export const questions: Readonly<Record<StepName, string>> = {
  work: 'What was done?',
  notes: 'What did you notice?',
  next: 'What comes next?',
  review: 'Check before it is final',
  payment: 'How is it paid?',
};

/** The top of a step: how far it is, the question, and what was wrong with the answer. */
export function heading(step: StepName, { problem, warnings }: Shown): Markup {
  return html`<p class="step">Step ${stepNames.indexOf(step) + 1} of ${stepNames.length + 1}</p>
<h1>${questions[step]}</h1>
${warningBox(warnings)}
${problem && html`<p class="problem" id="problem" role="alert">${problem.text}${problem.field !== undefined && html` <a href="#${problem.field}">Correct it</a>`}</p>`}`;
}

export const warningBox = (warnings: readonly string[]): Markup | false =>
  warnings.length > 0 &&
  html`<div class="said warning" role="status">${warnings.map(warning => html`<p>${warning}</p>`)}</div>`;

/**
 * The form of a step. The Enter key presses the first button of a form, which must not be one that adds or skips
 * something; so one like the last stands first, where nobody sees it.
 */
export const stepForm = (place: Place, step: StepName, { typed }: Shown, inside: Markup): Markup =>
  html`<form method="post" action="${addressOf(place.reference, step)}">${place.fields}${hiddenFields(besides(typed, step))}
<button class="enter" tabindex="-1" aria-hidden="true">Go on</button>
${inside}</form>`;

/** The attributes of a field: its name, what describes it, and whether it is what was wrong. */
export function fieldNamed(name: string, { problem }: Shown, ...hints: readonly string[]): Markup {
  const isWrong = problem?.field === name;
  const described = [...(isWrong ? ['problem'] : []), ...hints].join(' ');
  return html`id="${name}" name="${name}"${described !== '' && html` aria-describedby="${described}"`}${isWrong && html` aria-invalid="true"`}`;
}
