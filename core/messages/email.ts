import path from 'node:path';
import { z } from 'zod';
import { writeMail } from '../connectors/email/eml-folder.ts';
import type { JobHandler } from '../kernel/define.ts';

const payload = z.object({
  to: z.email({ pattern: z.regexes.unicodeEmail }),
  subject: z.string(),
  text: z.string(),
  from_name: z.string().optional(),
});

/** Delivers one queued e-mail. The job's id is the message's id, so a second delivery replaces the first. */
export const deliverEmail: JobHandler = {
  kind: 'email',
  summary: 'sends an e-mail',
  async run(job, tools) {
    const mail = payload.parse(job.payload);
    const file = await writeMail(path.join(tools.data_dir, 'outbox'), {
      id: job.id,
      from: `"${(mail.from_name ?? 'Deskhand').replace(/"/g, '')}" <no-reply@deskhand.invalid>`,
      to: mail.to,
      subject: mail.subject,
      text: mail.text,
    });
    return { file };
  },
};

/** The mail with a sign-in link: delivered alike, but a kind of its own, because nobody may read it in the outbox. */
export const deliverSignInEmail: JobHandler = {
  ...deliverEmail,
  kind: 'sign_in_email',
  summary: 'sends a sign-in link',
};
