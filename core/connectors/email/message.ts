import type { Mail } from '../../kernel/outside/mail.ts';

/**
 * A mail as nodemailer takes it. Names and addresses go in apart, so that a comma or a bracket in one of them cannot
 * make another recipient. The Message-ID is our own id: a second delivery is recognized by mail programs.
 */
export const toMessage = (mail: Mail, from: string) => ({
  messageId: `<${mail.id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
  from: { name: mail.from_name, address: from },
  to: { name: '', address: mail.to },
  subject: mail.subject,
  text: mail.text,
  ...(mail.html === undefined ? {} : { html: mail.html }),
  ...(mail.reply_to === undefined ? {} : { replyTo: { name: mail.from_name, address: mail.reply_to } }),
  ...(mail.headers === undefined ? {} : { headers: { ...mail.headers } }),
  ...(mail.attachments === undefined
    ? {}
    : {
        attachments: mail.attachments.map(({ filename, content_type, content, encoding }) => ({
          filename,
          contentType: content_type,
          content,
          encoding,
        })),
      }),
});
