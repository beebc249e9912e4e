import { endsFollowUp } from './follow-up.ts';

/** Says that a follow-up need not happen any more. */
export const cancelFollowUp = endsFollowUp({
  name: 'cancel_follow_up',
  summary: 'Say that a follow-up is not needed any more.',
  status: 'canceled',
  keywords: ['not needed'],
});
