import { html, type Markup } from '../html.ts';
import type { Booking } from './state.ts';

/** What is wrong with a field, beside it. */
export function problemAt({ problem }: Pick<Booking, 'problem'>, field: string): Markup | false {
  if (problem?.field !== field) return false;
  return html`<p class="problem" role="alert" id="problem">${problem.words}</p>`;
}
