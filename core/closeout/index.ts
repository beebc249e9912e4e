import { defineDomain } from '../kernel/registry/domain.ts';
import { checkPayment } from './check-payment.ts';
import { closeout } from './closeout.ts';
import { completeCloseout } from './complete.ts';
import { confirmWork } from './confirm-work.ts';
import { readCloseoutNotes } from './extraction-job.ts';
import { lookAgain } from './look-again.ts';
import { choosePayment } from './payment-choice.ts';
import { readNotes } from './read-notes.ts';
import { sessionRecord } from './record.ts';
import { reviewCloseout } from './review.ts';
import { setNextService } from './set-next-service.ts';
import { setNotes } from './set-notes.ts';
import { startCloseout } from './start.ts';

export const closeouts = defineDomain({
  name: 'closeout',
  area: 'visits',
  summary: 'Closing a visit step by step, by the person who was there; agents use ticket.close.',
  why_not_undone: 'its steps are gone through again on its page',
  records: [sessionRecord],
  actions: [
    startCloseout,
    confirmWork,
    setNotes,
    setNextService,
    reviewCloseout,
    lookAgain,
    completeCloseout,
    choosePayment,
    checkPayment,
    readNotes,
  ],
  views: [closeout],
  jobs: [readCloseoutNotes],
});
