import { createServer } from 'node:http';
import type { Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { z } from 'zod';

/** Whoever takes our mails here: what was delivered, and how often, by the subject of each. */
export interface PostOffice {
  env: Record<string, string>;
  /** How many mails were taken in all, doubles among them. */
  taken(): number;
  /** How often each mail was delivered, as the customer sees it. */
  delivered(): Map<string, number>;
  close(): Promise<void>;
}

const sent = z.object({ subject: z.string() });

/** Takes mails as Resend does: what comes again under a key it knows is the mail it has already. */
export async function openResendOffice(): Promise<PostOffice> {
  const keys = new Map<string, string>();
  let taken = 0;
  const server = createServer((request, response) => {
    void text(request).then(body => {
      taken += 1;
      const key = String(request.headers['idempotency-key']);
      if (!keys.has(key)) keys.set(key, sent.parse(JSON.parse(body)).subject);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: `re-${key}` }));
    });
  });
  const port = await listen(server);
  return {
    env: {
      RESEND_API_KEY: 're_test',
      RESEND_BASE_URL: `http://127.0.0.1:${port}`,
      MAIL_FROM: 'office@brightpanes.example',
      MAIL_PER_SECOND: '1000',
    },
    taken: () => taken,
    delivered: () => counted([...keys.values()]),
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

/** Takes mails as a mail server does: what comes again is another mail. */
export async function openSmtpOffice(): Promise<PostOffice> {
  const subjects: string[] = [];
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onData(stream, _session, done) {
      void text(stream).then(mail => {
        subjects.push(/^Subject: (.*)$/m.exec(mail)?.[1]?.trim() ?? '');
        done();
      }, done);
    },
  });
  smtp.on('error', () => undefined);
  const port = await listen(smtp.server);
  return {
    env: { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'office@brightpanes.example' },
    taken: () => subjects.length,
    delivered: () => counted(subjects),
    close: () => new Promise(resolve => smtp.close(resolve)),
  };
}

function counted(subjects: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const subject of subjects) counts.set(subject, (counts.get(subject) ?? 0) + 1);
  return counts;
}

async function listen(server: Pick<Server, 'listen' | 'address'>): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it listens on no port');
  return address.port;
}
