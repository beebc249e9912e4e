import { asksAboutTime } from '../tickets/asks.ts';

/** What can come of a call besides that nobody was there. */
export const outcomes = ['accepted', 'declined', 'change_asked', 'told'] as const;
export type Outcome = (typeof outcomes)[number];

/** What can come of a call by what it is for: whoever is asked something answers it, everybody else is told something. */
export function outcomesOf(kind: string): readonly Outcome[] {
  if (kind === 'waitlist_offer') return ['accepted', 'declined'];
  return asksAboutTime(kind) ? ['accepted', 'change_asked', 'declined'] : ['told'];
}
