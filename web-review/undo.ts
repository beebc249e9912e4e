import { z } from 'zod';
import type { Outcome } from '../core/kernel/pipeline/invocation.ts';
import { allForPeople } from './for-people.ts';
import { formFields, submit, typedTexts } from './forms.ts';
import { html, type Markup } from './html.ts';
import { localPath } from './session.ts';
import type { Answer, PageRequest, Said } from './site.ts';

/** What is said of something that was done, with the button that takes it back where there is one. */
export function saidOf({ warnings, undo }: Outcome, done: string): Said {
  return { done, warnings: allForPeople(warnings), ...(undo !== undefined && isToken(undo) ? { undo } : {}) };
}

/** The other answer to “how is it taken back” is `none: ` and why not. */
const isToken = (undo: string): boolean => /^u-[0-9a-z]{6,40}$/.test(undo);

/** The button beside what was said; it leads back to the page it stands on. */
export const undoForm = (request: PageRequest, undo: string): Markup =>
  html`<form method="post" action="/undo">${formFields(request)}<input type="hidden" name="of" value="${undo}"><input type="hidden" name="back" value="${request.http.originalUrl}"><button class="quiet">Undo</button></form>`;

const taken = z.object({ stays: z.array(z.string()).default([]), customer_told: z.string().optional() });

/** Takes back what was just done; what cannot be is refused with the reason. A second press of the same button acts once. */
export async function undoFromForm(request: PageRequest): Promise<Answer> {
  const { of = '', back = '' } = typedTexts(request);
  const outcome = await submit(request, 'audit.undo', { of });
  const { stays, customer_told } = taken.parse(outcome.data);
  const warnings = [...stays, ...(customer_told === undefined ? [] : [`The customer: ${customer_told}.`])];
  return {
    redirect: localPath(back) ?? '/',
    said: { ...saidOf(outcome, 'Taken back.'), warnings: [...allForPeople(outcome.warnings), ...warnings] },
  };
}
