import { defineDomain } from '../kernel/define.ts';
import { deliverEmail, deliverSignInEmail } from './email.ts';
import { outbox } from './outbox.ts';
import { retryJob } from './retry.ts';

export const messages = defineDomain({
  name: 'message',
  summary: 'What goes out: e-mails and their delivery.',
  actions: [retryJob],
  views: [outbox],
  jobs: [deliverEmail, deliverSignInEmail],
  constraints: {
    jobs_dedupe: {
      code: 'CONFLICT',
      field: 'id',
      message: 'The same delivery was queued again meanwhile and waits already.',
    },
  },
});
