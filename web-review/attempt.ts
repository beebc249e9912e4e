import { DeskhandError } from '../core/kernel/words/errors.ts';
import { typedTexts } from './forms.ts';
import { html, type Markup } from './html.ts';
import { type Answer, mayDo, type PageRequest } from './site.ts';

/** A form that was refused: everything that was typed, and what was wrong at which of its fields. */
export interface Refusal {
  typed: Readonly<Record<string, string>>;
  /** The first part of the field's path; '' when it is about none of them. */
  field: string;
  problem: string;
  status: number;
}

const sayable: readonly string[] = [
  'AMBIGUOUS',
  'CONFLICT',
  'FORBIDDEN',
  'INVALID_STATE',
  'PAYLOAD_TOO_LARGE',
  'RATE_LIMITED',
  'VALIDATION_ERROR',
];

/**
 * Does what a form asks for; what is refused is said on the page of the form, with everything that was typed. Whatever is no
 * refusal of what was typed goes on to the page about errors. Throws FORBIDDEN before anything else for whoever may not do it.
 */
export async function attempt(
  request: PageRequest,
  action: string,
  work: (typed: Record<string, string>) => Promise<Answer>,
  again: (refusal: Refusal) => Promise<Answer>,
): Promise<Answer> {
  requireMay(request, action);
  const typed = typedTexts(request);
  try {
    return await work(typed);
  } catch (error) {
    if (!(error instanceof DeskhandError) || !sayable.includes(error.code)) throw error;
    const { message, status, details } = error;
    const field = (details.field ?? '').split('.')[0] ?? '';
    return again({ typed, field, status, problem: [message, details.hint].filter(Boolean).join(' ') });
  }
}

/** Throws FORBIDDEN unless this person's role may do something; the action decides it once more. */
export function requireMay(request: PageRequest, action: string): void {
  if (mayDo(request, action)) return;
  throw new DeskhandError('FORBIDDEN', 'This is for the owner and the admins of the business.', {
    hint: 'Ask one of them to do it.',
  });
}

/** What is wrong with one of the fields a form has; what is about none of them stands on top of it. */
export function problemAt(refusal: Refusal | undefined, name: string): string | undefined {
  return refusal?.field === name ? refusal.problem : undefined;
}

/** What is wrong and belongs to none of the fields. */
export const problemElse = (refusal: Refusal | undefined, fields: readonly string[]): Markup | false =>
  refusal !== undefined &&
  !fields.includes(refusal.field) &&
  html`<p class="problem" role="alert">${refusal.problem}</p>`;
