import { endsFollowUp } from './follow-up.ts';

/** Marks a follow-up as done. Throws INVALID_STATE when nothing is pending: done already, or never asked for. */
export const completeFollowUp = endsFollowUp({
  name: 'complete_follow_up',
  summary: 'Mark a follow-up as done.',
  status: 'completed',
  keywords: ['called back', 'done'],
});
