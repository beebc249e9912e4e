import { timeTag } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { foreign, foreignProse } from './foreign.ts';
import type { Request } from './request.ts';

/** That the same was denied before, when, by whom and why: who asks on until somebody gives in is seen. */
export function deniedBefore({ denied_before }: Request, timeZone: string): Markup | false {
  if (!denied_before) return false;
  const { decision_note } = denied_before;
  return html`<div class="said warning"><p>${deniedWords(denied_before, timeZone)}</p>${decision_note !== null && foreignProse(decision_note)}</div>`;
}

/** The same in one line, for lists. */
export const deniedRemark = ({ denied_before }: Request, timeZone: string): Markup | false =>
  denied_before !== undefined && html`<p class="warning">${deniedWords(denied_before, timeZone)}</p>`;

const deniedWords = (
  { reference, decided_at, decided_by }: NonNullable<Request['denied_before']>,
  timeZone: string,
): Markup =>
  html`Asked again: ${decided_by === null ? 'somebody' : foreign(decided_by, 80)} denied this on ${timeTag(decided_at, timeZone)} (<a href="/review/${reference}">${reference}</a>).`;
