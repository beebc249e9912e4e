import { z } from 'zod';
import type { JobHandler } from '../kernel/define.ts';
import { PermanentFailure } from '../kernel/delivery-failure.ts';

const payload = z.object({
  to: z.email({ pattern: z.regexes.unicodeEmail }),
  // A header is one line.
  subject: z.string().transform(subject => subject.replace(/\s*[\r\n]+\s*/g, ' ')),
  text: z.string(),
  from_name: z.string().default('Deskhand'),
});

/** Delivers one queued e-mail. The job's id is the message's id, so a second delivery is the same message (EML-11). */
export const deliverEmail: JobHandler = {
  kind: 'email',
  summary: 'sends an e-mail',
  async run(job, tools) {
    const mail = payload.safeParse(job.payload);
    if (!mail.success) throw new PermanentFailure('This e-mail has no usable address, subject or text.');
    return tools.mail.send({ id: job.id, ...mail.data });
  },
};

/** The mail with a sign-in link: delivered alike, but a kind of its own, because nobody may read it in the outbox. */
export const deliverSignInEmail: JobHandler = {
  ...deliverEmail,
  kind: 'sign_in_email',
  summary: 'sends a sign-in link',
};
