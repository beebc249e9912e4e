import type { Attachment, Mail } from '../../kernel/outside/mail.ts';

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
  ...filesOf(mail.attachments ?? []),
});

/**
 * An invitation is a third way to read the mail, besides its text and its page: as that Gmail and Outlook put it into the
 * calendar. It lies beside as a file for everybody else.
 */
function filesOf(all: readonly Attachment[]) {
  const invitation = all.find(({ content_type }) => methodOf(content_type) !== undefined);
  const files = all.filter(file => file !== invitation);
  return {
    ...(invitation
      ? {
          icalEvent: {
            method: methodOf(invitation.content_type) ?? '',
            filename: invitation.filename,
            content: invitation.content,
          },
        }
      : {}),
    ...(files.length > 0
      ? {
          attachments: files.map(({ filename, content_type, content, encoding }) => ({
            filename,
            contentType: content_type,
            content,
            encoding,
          })),
        }
      : {}),
  };
}

/** What an invitation asks for: `REQUEST` of `text/calendar; method=REQUEST`. */
const methodOf = (contentType: string): string | undefined =>
  /^text\/calendar\b.*;\s*method=(\w+)/i.exec(contentType)?.[1];
