import type { MailTransport } from '../../kernel/outside/mail.ts';
import { type FolderSettings, openEmlFolder } from './eml-folder.ts';
import { openResend, type ResendSettings } from './resend.ts';
import { openSmtp, type SmtpSettings } from './smtp.ts';

/** Which way e-mail takes, and the address it comes from. */
export type MailSettings =
  | ({ way: 'resend'; from: string } & ResendSettings)
  | ({ way: 'smtp'; from: string } & SmtpSettings)
  | ({ way: 'folder' } & FolderSettings);

/** Opens the way the settings name (decision 10, EML-11). Reaches nothing before the first mail. */
export function openMailTransport(settings: MailSettings): MailTransport {
  switch (settings.way) {
    case 'resend':
      return openResend(settings);
    case 'smtp':
      return openSmtp(settings);
    case 'folder':
      return openEmlFolder(settings);
  }
}
