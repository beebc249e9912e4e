import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { SmtpSettings } from '../../core/connectors/email/smtp.ts';

/** A mail server on this machine that wants a login and speaks no TLS. */
export interface MailServer {
  settings: SmtpSettings & { way: 'smtp'; from: string };
  received: { from: string; to: string[]; user: string | undefined; lines: string[] }[];
  /** How often somebody has told a password. */
  logins: number;
  /** What it says to the next recipients, such as `[550, '5.1.1 No such user']`; welcome when there is nothing. */
  refusals: [code: number, says: string][];
}

export const password = 'gutter & squeegee';

/** Opens the mail server for the tests of a file. */
export function useMailServer(): () => MailServer {
  const mail: MailServer = {
    settings: {
      way: 'smtp',
      from: 'office@brightpanes.example',
      host: '127.0.0.1',
      port: 0,
      secure: false,
      login: { user: 'olivia', pass: password },
    },
    received: [],
    logins: 0,
    refusals: [],
  };
  const server = serverFor(mail);
  beforeAll(async () => {
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const address = server.server.address();
    if (address === null || typeof address === 'string') throw new Error('it listens on no port');
    mail.settings.port = address.port;
  });
  afterEach(() => {
    mail.received.length = 0;
    mail.logins = 0;
    mail.refusals.length = 0;
  });
  afterAll(() => new Promise<void>(resolve => server.close(resolve)));
  return () => mail;
}

function serverFor(mail: MailServer): SMTPServer {
  return new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    onAuth(login, _session, done) {
      mail.logins += 1;
      const isOlivia = login.username === 'olivia' && login.password === password;
      if (isOlivia) done(null, { user: 'olivia' });
      else done(refusal(535, `5.7.8 ${login.password} is wrong`));
    },
    onRcptTo(_address, _session, done) {
      const next = mail.refusals.shift();
      done(next ? refusal(...next) : null);
    },
    onData(stream, { envelope, user }, done) {
      text(stream).then(message => {
        mail.received.push({
          from: envelope.mailFrom ? envelope.mailFrom.address : '',
          to: envelope.rcptTo.map(to => to.address),
          user,
          lines: message.split('\r\n'),
        });
        done();
      }, done);
    },
  });
}

const refusal = (responseCode: number, says: string) => Object.assign(new Error(says), { responseCode });
