import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

export interface Mail {
  /** Our own id of the message: the same message delivered twice is one file. */
  id: string;
  from: string;
  to: string;
  subject: string;
  text: string;
}

/**
 * Writes a mail as an `.eml` file into a folder, where any mail program opens it (decision 10). The file appears whole
 * or not at all, under the message's own id. Answers the file's name.
 */
export async function writeMail(folder: string, mail: Mail): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Loaded by the first mail: most commands send none.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
  const { message } = await transport.sendMail({
    messageId: `<${mail.id}@deskhand.invalid>`,
    from: mail.from,
    to: mail.to,
    subject: mail.subject,
    text: mail.text,
  });
  const name = `${mail.id}.eml`;
  const file = path.join(folder, name);
  await writeFile(`${file}.part`, message, { mode: 0o600 });
  await rename(`${file}.part`, file);
  return name;
}
