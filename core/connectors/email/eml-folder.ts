import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { MailTransport } from '../../kernel/outside/mail.ts';
import { toMessage } from './message.ts';

export interface FolderSettings {
  folder: string;
  /** An address that cannot exist when left out: nothing leaves the machine. */
  from?: string;
}

/**
 * Writes each mail as an `.eml` file into a folder, where any mail program opens it. The file appears whole or not at
 * all, under the message's own id: the same message delivered twice is one file.
 */
export function openEmlFolder({ folder, from = 'no-reply@deskhand.invalid' }: FolderSettings): MailTransport {
  return {
    knows_ids: true,
    async send(mail) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // Loaded by the first mail: most commands send none.
      const { createTransport } = await import('nodemailer');
      const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
      const { message } = await transport.sendMail(toMessage(mail, from));
      const name = `${mail.id}.eml`;
      const file = path.join(folder, name);
      await writeFile(`${file}.part`, message, { mode: 0o600 });
      await rename(`${file}.part`, file);
      return { file: name };
    },
  };
}
