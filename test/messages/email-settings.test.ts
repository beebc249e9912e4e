import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../api/config.ts';
import { ConfigError } from '../../api/settings/values.ts';

const MAIL_FROM = 'office@brightpanes.example';
const mailOf = (env: Record<string, string>) => readConfig({ DESKHAND_DATA: '/data', ...env }).mail;

describe('mail goes', () => {
  test('into files when nothing else is said', () => {
    expect(mailOf({})).toEqual({ way: 'folder', folder: path.resolve('/data/outbox') });
    expect(mailOf({ RESEND_API_KEY: '', SMTP_URL: '', MAIL_FROM })).toMatchObject({
      way: 'folder',
      from: MAIL_FROM,
    });
  });

  test('through the mail server that is named', () => {
    const smtp = { way: 'smtp', from: MAIL_FROM };
    expect(mailOf({ MAIL_FROM, SMTP_URL: 'smtp://olivia:a%40b@mail.example.com' })).toEqual({
      ...smtp,
      host: 'mail.example.com',
      port: 587,
      secure: false,
      login: { user: 'olivia', pass: 'a@b' },
    });
    expect(mailOf({ MAIL_FROM, SMTP_URL: 'smtps://mail.example.com/' })).toEqual({
      ...smtp,
      host: 'mail.example.com',
      port: 465,
      secure: true,
    });
    expect(mailOf({ MAIL_FROM, SMTP_URL: 'smtp://[::1]:2525' })).toMatchObject({ host: '::1', port: 2525 });
  });

  test('through Resend when there is a key, whatever else is named', () => {
    const RESEND_API_KEY = 're_123';
    expect(mailOf({ MAIL_FROM, RESEND_API_KEY, SMTP_URL: 'smtp://mail.example.com' })).toEqual({
      way: 'resend',
      from: MAIL_FROM,
      apiKey: 're_123',
    });
    const RESEND_BASE_URL = 'http://127.0.0.1:4000/';
    expect(mailOf({ MAIL_FROM, RESEND_API_KEY, RESEND_BASE_URL })).toMatchObject({
      baseUrl: 'http://127.0.0.1:4000',
    });
  });
});

describe('a setting that cannot be used says what to do, and repeats no password', () => {
  test.each<[Record<string, string>, RegExp]>([
    [
      { MAIL_FROM: 'Olivia <olivia@example.com>' },
      /^MAIL_FROM is "Olivia <.*use one address and nothing else/,
    ],
    [{ MAIL_FROM: 'olivia' }, /^MAIL_FROM is "olivia"; use one address/],
    [
      { RESEND_API_KEY: 're_secret' },
      /^RESEND_API_KEY is set without MAIL_FROM; .* MAIL_FROM=office@example\.com\.$/,
    ],
    [{ SMTP_URL: 'smtp://mail.example.com' }, /^SMTP_URL is set without MAIL_FROM; /],
    [{ MAIL_FROM, RESEND_API_KEY: 're secret' }, /^RESEND_API_KEY has characters no key has; /],
    [
      { MAIL_FROM, RESEND_API_KEY: 're_secret', RESEND_BASE_URL: 'http://api.resend.com' },
      /^RESEND_BASE_URL is no https:\/\/ address; /,
    ],
    [
      { MAIL_FROM, SMTP_URL: 'mail.example.com' },
      /^SMTP_URL is no address of a mail server; write it as smtp:/,
    ],
    [
      { MAIL_FROM, SMTP_URL: 'https://u:secret@mail.example.com' },
      /^SMTP_URL is no address of a mail server/,
    ],
    [
      { MAIL_FROM, SMTP_URL: 'smtp://u:secret#@mail.example.com' },
      /^SMTP_URL is no address of a mail server/,
    ],
    [
      { MAIL_FROM, SMTP_URL: 'smtp://u:secret@mail.example.com?debug=true' },
      /^SMTP_URL has more than a mail server/,
    ],
    [{ MAIL_FROM, SMTP_URL: 'smtp://secret@mail.example.com' }, /^SMTP_URL has half a login; /],
    [{ MAIL_FROM, SMTP_URL: 'smtp://u:secret%@mail.example.com' }, /^SMTP_URL has half a login; /],
  ])('%o', (env, says) => {
    const read = () => mailOf(env);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(says);
    expect(read).not.toThrow(/secret/);
  });
});
