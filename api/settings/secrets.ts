import { readFileSync } from 'node:fs';
import { stripeKey, stripeWebhookSecret } from '../../core/checkout/secrets.ts';
import { resendSecret } from '../../core/messages/resend-webhook.ts';
import { ConfigError } from './values.ts';

/** Secrets that may lie in a file, as containers hand them over: `NAME_FILE` names it. */
const inFiles = [
  'DATABASE_PASSWORD',
  'DESKHAND_SECRET',
  'METRICS_TOKEN',
  'RESEND_API_KEY',
  'RESEND_WEBHOOK_SECRET',
  'SMTP_URL',
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
  'LLM_API_KEY',
] as const;

export function withFiles(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const read: Record<string, string> = {};
  for (const name of inFiles) {
    const file = env[`${name}_FILE`];
    if (!file) continue;
    if (env[name]) throw new ConfigError(`${name} and ${name}_FILE are both set; use one of them.`);
    try {
      read[name] = readFileSync(file, 'utf8').trim();
    } catch {
      throw new ConfigError(
        `${name}_FILE is "${file}", which cannot be read; name a file with the secret in it.`,
      );
    }
  }
  return { ...env, ...read };
}

export function readSecret(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  if (/^[\x21-\x7e]{32,}$/.test(text)) return text;
  throw new ConfigError(
    'DESKHAND_SECRET is too short or has spaces; use 32 characters or more, such as the output of: openssl rand -base64 32',
  );
}

const secretShapes = [
  {
    variable: 'RESEND_WEBHOOK_SECRET',
    name: resendSecret.name,
    shape: /^whsec_[A-Za-z0-9+/=]{16,}$/,
    words: 'is no signing secret of Resend; copy it from its page Webhooks, it begins with whsec_',
  },
  {
    variable: 'STRIPE_SECRET_KEY',
    name: stripeKey.name,
    shape: stripeKey.shape,
    words: 'is no secret key of Stripe; copy it from its page API keys, it begins with sk_ or rk_',
  },
  {
    variable: 'STRIPE_WEBHOOK_SECRET',
    name: stripeWebhookSecret.name,
    shape: stripeWebhookSecret.shape,
    words: 'is no signing secret of Stripe; copy it from its page Webhooks, it begins with whsec_',
  },
] as const;

export function readSecrets(env: NodeJS.ProcessEnv): Record<string, string> {
  const secrets: Record<string, string> = {};
  for (const { variable, name, shape, words } of secretShapes) {
    const value = env[variable];
    if (!value) continue;
    if (!shape.test(value)) throw new ConfigError(`${variable} ${words}.`);
    secrets[name] = value;
  }
  return secrets;
}
