import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { DeskhandError } from '../words/errors.ts';

/** A secret a domain keeps for each business, such as the one a service signs its webhooks with. */
export interface SecretSpec {
  /** `resend_webhook` */
  name: string;
  /** What it is for and where it is found, in one sentence. */
  summary: string;
  /** How it is written, where the service always writes it so: whoever pastes the wrong one is told at once. */
  shape?: RegExp;
}

/** Seals what must not be read in the database, and signs the links to customers. */
export interface Vault {
  /** Tells one key from another without being it. */
  readonly key_id: string;
  /** `about` says what the text is and whose; it opens under the same words only, so no row can stand in for another. */
  seal(text: string, about: string): string;
  /** Throws INVALID_STATE when it was sealed with another key, or is not what `about` says. */
  open(sealed: string, about: string): string;
  /** 256 bits that only who has the key can make of this text. */
  sign(text: string): string;
}

/** AES-256-GCM under a key of its own, taken from the installation's secret; so is the key that signs. */
export function openVault(secret: string | Buffer): Vault {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', secret, '', `deskhand ${use}`, 32));
  const sealing = derive('seal');
  const signing = derive('sign');
  const key_id = createHash('sha256').update(derive('key id')).digest('hex').slice(0, 12);
  return {
    key_id,
    seal(text, about) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce).setAAD(Buffer.from(about));
      const hidden = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `${key_id}.${Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString('base64url')}`;
    },
    open(sealed, about) {
      const [id, text = ''] = sealed.split('.');
      if (id !== key_id) throw unopened();
      const bytes = Buffer.from(text, 'base64url');
      try {
        const decipher = createDecipheriv('aes-256-gcm', sealing, bytes.subarray(0, 12), {
          authTagLength: 16,
        })
          .setAAD(Buffer.from(about))
          .setAuthTag(bytes.subarray(12, 28));
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
      } catch {
        throw unopened();
      }
    },
    sign: text => createHmac('sha256', signing).update(text).digest('base64url'),
  };
}

const unopened = () =>
  new DeskhandError('INVALID_STATE', 'This secret was sealed with another key of this installation.', {
    hint: 'Put the earlier DESKHAND_SECRET (or secret.key) back, or set the secret once more.',
  });

const missing = (): never => {
  throw new DeskhandError('INVALID_STATE', 'This process has no key to seal and sign with.', {
    hint: 'Set DESKHAND_SECRET, or let Deskhand write secret.key into its data folder.',
  });
};

/** What stands in where no key could be read: everything but secrets and links works. */
export const lockedVault: Vault = { key_id: '', seal: missing, open: missing, sign: missing };
