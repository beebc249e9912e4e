import { createHash } from 'node:crypto';
import { z } from 'zod';
import { newId } from '../core/kernel/database/ids.ts';
import type { Outcome } from '../core/kernel/pipeline/invocation.ts';
import { html, type Markup } from './html.ts';
import { tokenField } from './layout.ts';
import type { PageRequest } from './site.ts';

const pageNumbers = new WeakMap<PageRequest, string>();

/**
 * The hidden fields of a form that changes something: whose it is, and the number of the page it stands on, so that a
 * second press acts once. All forms of a page have the same number, which costs the line little.
 */
export function formFields(request: PageRequest): Markup {
  const number = pageNumbers.get(request) ?? newId();
  pageNumbers.set(request, number);
  return html`${tokenField(request.identity.csrf_token)}<input type="hidden" name="idempotency_key" value="${number}">`;
}

const fields = z.record(z.string(), z.unknown());

/** The texts of a form by field, as they were typed: browsers send every line break as two characters. */
export function typedTexts({ http }: Pick<PageRequest, 'http'>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, text] of Object.entries(fields.parse(http.body ?? {}))) {
    if (typeof text === 'string') texts[name] = text.replace(/\r\n/g, '\n').trim();
  }
  return texts;
}

/**
 * Runs an action for a form; the same form of the same page with the same words acts once, each of its actions. Throws what is
 * refused.
 */
export function submit(
  request: PageRequest,
  action: string,
  data: Record<string, unknown>,
): Promise<Outcome> {
  const idempotency_key = keyOf(request, action);
  return request.site.app.execute(
    request.caller,
    { action, data, ...(idempotency_key === undefined ? {} : { idempotency_key }) },
    request.facts,
  );
}

/**
 * One of several actions that a form runs after each other: the same page with the same data runs it once, whatever else on
 * the form was changed between two presses.
 */
export function submitPart(
  request: PageRequest,
  action: string,
  data: Record<string, unknown>,
): Promise<Outcome> {
  const { idempotency_key: number = '' } = typedTexts(request);
  const known = /^[0-9a-f-]{36}$/.test(number)
    ? { idempotency_key: `${number}:${hashOf([action, data])}` }
    : {};
  return request.site.app.execute(request.caller, { action, data, ...known }, request.facts);
}

const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);

function keyOf(request: PageRequest, action: string): string | undefined {
  // How long a form waited for signal is no part of what it says: sent again, it has waited longer.
  const { idempotency_key: number = '', csrf_token: _token, ago: _ago, ...typed } = typedTexts(request);
  if (!/^[0-9a-f-]{36}$/.test(number)) return undefined;
  return `${number}:${hashOf([request.http.path, action, typed])}`;
}

/** A box or a radio button with its words, as large as a finger. */
export const tick = (field: Markup, words: Markup, isOn: boolean): Markup =>
  html`<label class="tick"><input ${field}${isOn && html` checked`}> <span>${words}</span></label>`;
